// Every clock a program can read, and decisions that hang on what it said.
const { performance, PerformanceObserver } = require('node:perf_hooks');

function busy(rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum = (sum * 31 + i) % 1_000_003;
  return sum;
}

const started = { date: Date.now(), perf: performance.now(), hr: process.hrtime(), big: process.hrtime.bigint() };
performance.mark('begin');
const sum = busy(20_000 + (started.date % 7) * 1000);
performance.mark('end', { detail: { sum } });
const measure = performance.measure('busy', 'begin', 'end');

const [seconds, nanos] = process.hrtime(started.hr);
const big = process.hrtime.bigint() - started.big;
console.log('sum', sum, 'measured', measure.duration, 'hrtime', seconds, nanos, 'bigint', big);
console.log(new Date().toISOString(), new Date(started.date).getTime() === started.date, Date().slice(0, 15));
console.log('uptime', process.uptime(), 'origin', performance.timeOrigin, performance.timeOrigin < started.date);

const wait = Date.now() % 5;
setTimeout(() => {
  const late = performance.now() - started.perf - wait;
  if (late > 20) console.log('slow machine', late);
  else if (late > 8) console.log('a bit late', late);
  else console.log('in time', late);
  for (const entry of performance.getEntriesByType('mark')) console.log(entry.name, entry.startTime, entry.detail);
}, wait);

const observer = new PerformanceObserver((list, self) => {
  for (const entry of list.getEntries()) console.log('observed', entry.name, entry.entryType, entry.duration > 0);
  self.disconnect();
});
observer.observe({ entryTypes: ['measure'] });
performance.measure('whole', 'begin');

let spins = 0;
for (const until = Date.now() + 3; Date.now() < until; ) spins++;
console.log('spun', spins, spins % 2 === 0 ? 'even' : 'odd');
const timed = performance.timerify(busy);
console.log('timerified', timed(1000), performance.eventLoopUtilization().utilization >= 0);

// once the event loop turns, Node asks a clock of the program's for this
setTimeout(() => {
  const { utilization } = performance.eventLoopUtilization();
  const [, after] = process.hrtime();
  console.log('utilization', utilization, 'at', after, after % 2);
}, 5);
