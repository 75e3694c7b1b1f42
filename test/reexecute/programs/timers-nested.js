// Timeouts of equal and different delays, nested; intervals, refresh, unref; what a slow callback does to the others.
const log = [];
const say = (text) => log.push(text);

for (const delay of [5, 1, 0, 3, 5, 1]) setTimeout(say, delay, `t${delay}`);
setTimeout(() => {
  say('outer 2');
  setTimeout(() => say('inner 0'), 0);
  setTimeout(() => say('inner 3'), 3);
  for (const until = Date.now() + 4; Date.now() < until; );
  setTimeout(() => say('after being slow'), 0);
  process.nextTick(() => say('tick of the slow one'));
}, 2);

let rounds = 0;
const interval = setInterval(() => {
  say(`round ${++rounds}`);
  if (rounds === 4) clearInterval(interval);
}, 2);

const refreshed = setTimeout(() => say('refreshed'), 12);
setTimeout(() => refreshed.refresh(), 8);
const never = setTimeout(() => say('never'), 10_000);
never.unref();
console.log(never.hasRef(), refreshed.hasRef(), typeof Number(refreshed));
const cleared = setTimeout(() => say('cleared'), 4);
setTimeout(() => clearTimeout(cleared), 1);
const byNumber = setTimeout(() => say('by number'), 4);
clearTimeout(Number(byNumber));

for (let i = 0; i < 3; i++) {
  setImmediate(() => {
    say(`immediate ${i}`);
    if (i === 0) setTimeout(() => say('timeout of an immediate'), 0);
    if (i === 1) setImmediate(() => say('immediate of an immediate'));
  });
}
clearImmediate(setImmediate(() => say('no')));
setTimeout(() => {
  console.log(log.join('\n'));
  console.log('rounds', rounds, 'events', log.length);
}, 60);
