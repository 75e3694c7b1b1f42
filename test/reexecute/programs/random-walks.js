// Math.random and every source of randomness in crypto, each deciding where a walk goes.
const crypto = require('node:crypto');

const position = { x: 0, y: 0 };
const trail = [];

function step(direction, by) {
  switch (direction) {
    case 0: position.x += by; break;
    case 1: position.x -= by; break;
    case 2: position.y += by; break;
    default: position.y -= by;
  }
  trail.push(`${position.x},${position.y}`);
}

for (let i = 0; i < 10; i++) step(Math.floor(Math.random() * 4), 1);
for (const byte of crypto.randomBytes(8)) step(byte % 4, 2);
for (const word of crypto.getRandomValues(new Uint16Array(6))) step(word & 3, 3);
for (const word of globalThis.crypto.getRandomValues(new Uint32Array(3))) step(word & 3, 5);
for (let i = 0; i < 4; i++) step(crypto.randomInt(4), 7);
const filled = crypto.randomFillSync(Buffer.alloc(6), 2);
console.log(filled.toString('hex'), trail.length, trail.at(-1));

const ids = Array.from({ length: 3 }, () => crypto.randomUUID());
ids.sort();
console.log(ids, globalThis.crypto.randomUUID().length);

function shuffle(list) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
console.log(shuffle([...'abcdefgh']).join(''));

let pending = 3;
function done(name, value) {
  console.log(name, value, 'walk', position);
  if (--pending === 0) console.log('at the end', trail.slice(-4).join(' '));
}
crypto.randomBytes(16, (error, bytes) => {
  for (const byte of bytes) step(byte % 4, 1);
  done('bytes', bytes.toString('base64url'));
});
crypto.randomInt(100, 200, (error, n) => {
  step(n % 4, n);
  done('int', n);
});
crypto.randomFill(new Uint8Array(4), (error, array) => {
  step(array[0] % 4, array[1]);
  done('fill', array.join('-'));
});
