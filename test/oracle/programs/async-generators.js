'use strict';
// Async generators and for await: back-pressure, early return, errors, sync iterables of promises.
const log = [];
const pause = (turns) => (turns ? Promise.resolve().then(() => pause(turns - 1)) : undefined);
async function* ticker(name, count) {
  try {
    for (let i = 1; i <= count; i++) {
      await pause(i % 3);
      const command = yield { name, i };
      if (command === 'skip') i++;
    }
    return `${name} done`;
  } finally {
    await pause(1);
    log.push(`${name} closed`);
  }
}
async function* merge(...sources) {
  for (const source of sources) yield* source;
}
async function* failing() {
  yield 1;
  throw new Error('stream broke');
}
async function main() {
  const seen = [];
  for await (const { name, i } of merge(ticker('a', 2), ticker('b', 5))) {
    if (i === 4) break;
    seen.push(name + i);
  }
  const manual = ticker('m', 5);
  const steps = [await manual.next(), await manual.next('skip'), await manual.return('bye'), await manual.next()];
  const values = [];
  for await (const value of [pause(2), 'plain', Promise.resolve({ deep: true })]) values.push(value);
  let failure;
  try {
    for await (const value of failing()) values.push(value);
  } catch (error) {
    failure = error;
  }
  outer: for await (const a of ticker('o', 3)) {
    for await (const b of ticker('i', 2)) {
      if (a.i === 2) continue outer;
      seen.push(`${a.i}${b.i}`);
    }
  }
  return { seen, steps, values, failure };
}
main().then((result) => console.log(result.seen, result.steps, result.values, result.failure.message, log));
