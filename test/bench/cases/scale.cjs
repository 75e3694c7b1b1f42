'use strict';
/** scale.cjs ROUNDS: the same few events over and over, with values that differ. */
const rounds = Number(process.argv[2]);
const seen = [];

function mix(value, i) {
  const next = (Math.imul(value, 31) + i) | 0;
  if (next & 1) seen[i & 1023] = next;
  return next ^ (next >>> 13);
}

function run(from, to, value) {
  let h = value;
  for (let i = from; i < to; i++) h = mix(h, i);
  return h;
}

let h = 17;
const TURN = 100_000;
for (let i = 0; i < rounds; i += TURN) h = run(i, Math.min(rounds, i + TURN), h);
console.log(h);
