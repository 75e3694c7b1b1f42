'use strict';
// Turns of the event loop: nextTick, microtasks, immediates, timers, and state shared between them.
const order = [];
const counters = { tick: 0, micro: 0, immediate: 0, timer: 0 };
function note(kind, detail) {
  counters[kind]++;
  order.push(`${kind}${detail}`);
}
let remaining = 3;
const interval = setInterval(() => {
  remaining -= 1;
  note('timer', `i${remaining}`);
  if (remaining === 0) {
    clearInterval(interval);
    finish();
  }
}, 2);
process.nextTick((a, b) => {
  note('tick', a + b);
  Promise.resolve().then(() => note('micro', 'in-tick'));
  process.nextTick(() => note('tick', 'nested'));
}, 1, 2);
Promise.resolve('m').then((value) => {
  note('micro', value);
  process.nextTick(() => note('tick', 'from-micro'));
});
const cancelled = setTimeout(() => note('timer', 'never'), 1);
clearTimeout(cancelled);
const closures = [];
for (let i = 0; i < 3; i++) {
  setImmediate((extra) => {
    closures.push(() => i * extra);
    note('immediate', i);
  }, 10);
}
function finish() {
  const values = closures.map((closure) => closure());
  const sorted = [...order].sort();
  console.log(counters, values, sorted.length);
}
note('tick', 'sync');
