'use strict';
// Counts until it dies. Every count is written unbuffered to a file, or to standard output once a while, with its time.
const fs = require('node:fs');

const [load, file, ending = 'none', limit = '0'] = process.argv.slice(2);
const log = fs.openSync(file, 'w');
const most = Number(limit);
const hold = [];
let count = 0;
let at = 0;
function step(write) {
  count += 1;
  at = performance.now();
  if (write) fs.writeSync(log, `${count} ${at} ${process.pid}\n`);
  if (most && count >= most) end();
}
function end() {
  fs.writeSync(log, `${count} ${at} ${process.pid}\n`);
  switch (ending) {
    case 'abort':
      return process.abort();
    case 'exit':
      process.nextTick(() => step(true));
      return process.exit(3);
    case 'uncaught':
      throw new Error(`uncaught at ${count}`);
    case 'rejection':
      return void Promise.reject(new Error(`rejected at ${count}`));
    case 'memory':
      for (;;) {
        step(count % 5 === 0);
        hold.push(new Array(20_000).fill({ count, at }));
      }
    default:
      process.exitCode = 0;
      clearInterval(timer);
      running = false;
  }
}
let running = true;
let timer;
if (load === 'full') {
  (function burst() {
    const until = performance.now() + 50;
    while (running && performance.now() < until) step(count % 20 === 0);
    if (running) setImmediate(burst);
  })();
} else if (load === 'ticks') {
  (function turn() {
    for (let i = 0; i < 20 && running; i++) step(i === 19);
    if (running) setImmediate(turn);
  })();
} else {
  timer = setInterval(() => step(true), 1);
}
