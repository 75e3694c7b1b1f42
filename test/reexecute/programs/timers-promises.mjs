// timers/promises, AbortSignal.timeout, the scheduler, and setImmediate against setTimeout from I/O.
import { readFile } from 'node:fs';
import { scheduler, setImmediate as immediate, setInterval as every, setTimeout as sleep } from 'node:timers/promises';

const log = [];
await Promise.all([
  sleep(4, 'four').then((value) => log.push(value)),
  sleep(1, 'one').then((value) => log.push(value)),
  immediate('now').then((value) => log.push(value)),
  scheduler.wait(2).then(() => log.push('waited')),
  scheduler.yield().then(() => log.push('yielded')),
]);
console.log(log);

let count = 0;
for await (const started of every(2, performance.now())) {
  count++;
  if (performance.now() - started > 9) break;
}
console.log('rounds', count, count >= 2);

const abort = new AbortController();
const doomed = sleep(1000, undefined, { signal: abort.signal });
setTimeout(() => abort.abort('bored'), 3);
console.log(await doomed.catch((error) => `${error.name} ${error.cause}`));

const signal = AbortSignal.timeout(10);
signal.addEventListener('abort', () => console.log('timed out', signal.reason.name));
const any = AbortSignal.any([signal, new AbortController().signal]);
const keep = setTimeout(() => {}, 200);
await new Promise((resolve) => any.addEventListener('abort', resolve));
clearTimeout(keep);

const races = { timeout: 0, immediate: 0 };
for (let i = 0; i < 12; i++) {
  await new Promise((resolve) => {
    let first;
    const end = (name) => () => {
      first ??= (races[name]++, name);
      if (name !== first) resolve();
    };
    setTimeout(end('timeout'), 0);
    setImmediate(end('immediate'));
  });
}
console.log(races.timeout + races.immediate, races.timeout > races.immediate ? 'timeouts win' : 'immediates win', races);
readFile(new URL(import.meta.url), () => {
  setTimeout(() => console.log('then the timeout'), 0);
  setImmediate(() => console.log('an immediate first'));
});
