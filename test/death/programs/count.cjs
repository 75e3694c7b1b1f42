'use strict';
/** count.cjs FILE WAY [MILLISECONDS]: counts, and writes `count milliseconds` unbuffered as it goes. */
const fs = require('node:fs');
const [name, way, duration] = process.argv.slice(2);
const file = fs.openSync(name, 'a');
const cell = new Int32Array(new SharedArrayBuffer(4));
const began = Date.now();
const until = duration === undefined ? Infinity : began + Number(duration);
let count = 0;

function say() {
  fs.writeSync(file, `${count} ${performance.timeOrigin + performance.now()}\n`);
}

function step(times) {
  for (let i = 0; i < times; i++) count = count + 1;
  say();
}

const ways = {
  busy() {
    while (Date.now() < until) step(16);
    end();
  },
  timers() {
    for (let i = 0; i < 20; i++) step(16);
    if (Date.now() < until) setTimeout(ways.timers, 2);
    else end();
  },
  ticks() {
    step(1);
    if (Date.now() < until) setTimeout(ways.ticks, 1);
    else end();
  },
  still() {
    while (Date.now() < until) {
      step(1);
      Atomics.wait(cell, 0, 0, 1);
    }
    end();
  },
  /** fast for a while, then slow, within one turn */
  slowing() {
    while (Date.now() < began + 120) step(16);
    ways.still();
  },
};

function end() {
  console.log(`counted ${count > 0}`);
}

ways[way]();
