'use strict';
/** end.cjs FILE WAY: counts, writes `count milliseconds` unbuffered, and ends in the middle of it. */
const fs = require('node:fs');
const [name, way] = process.argv.slice(2);
const file = fs.openSync(name, 'a');
const kept = [];
let count = 0;

function step() {
  count = count + 1;
  fs.writeSync(file, `${count} ${performance.timeOrigin + performance.now()}\n`);
}

function work(times) {
  for (let i = 0; i < times; i++) step();
}

const ways = {
  abort: () => process.abort(),
  exit: () => process.exit(7),
  exception() {
    throw new Error(`thrown at ${count}`);
  },
  rejection: () => void Promise.reject(new Error(`rejected at ${count}`)),
  memory() {
    for (;;) {
      step();
      kept.push(new Array(20_000).fill(count));
    }
  },
};

console.log('begins');
work(300);
setTimeout(() => {
  work(300);
  ways[way]();
}, 5);
