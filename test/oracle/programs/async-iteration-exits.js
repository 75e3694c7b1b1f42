'use strict';
// for await left by break, return, throw and labelled jumps; generators that await in finally; user-made async iterators.
const log = [];
const tick = (value) => new Promise((resolve) => setImmediate(resolve, value));
async function* numbers(name, count) {
  let given = 0;
  try {
    while (given < count) {
      const value = await tick(given);
      given += 1;
      yield value;
    }
    return given;
  } catch (error) {
    log.push(`${name} caught ${error}`);
    yield -1;
  } finally {
    const when = await tick('late');
    log.push(`${name} closed after ${given} ${when}`);
  }
}
class Pages {
  constructor(pages) {
    this.pages = pages;
    this.open = 0;
  }
  [Symbol.asyncIterator]() {
    this.open += 1;
    let at = 0;
    const self = this;
    const { pages } = this;
    return {
      next: async () => {
        const page = await tick(pages[at]);
        at += 1;
        return { done: page === undefined, value: page };
      },
      return: async () => {
        self.open -= 1;
        await tick();
        return { done: true };
      },
    };
  }
}
async function find(source, wanted) {
  let looked = 0;
  for await (const value of source) {
    looked += 1;
    if (value === wanted) return { value, looked };
  }
  return { looked };
}
async function* flatten(...sources) {
  for (const source of sources) yield* source;
}
async function* evens(source) {
  for await (const value of source) {
    const even = value % 2 === 0;
    if (even) yield value;
  }
}
async function grid() {
  const seen = [];
  let blank = 0;
  rows: for await (const row of numbers('row', 3)) {
    for await (const column of numbers(`column ${row}`, 3)) {
      if (column > row) continue rows;
      if (row === 2 && column === 1) break rows;
      seen.push(`${row}${column}`);
    }
    blank = blank + 1;
  }
  return [seen, blank];
}
async function failing(source) {
  const kept = [];
  try {
    for await (const value of source) {
      if (value === 2) throw new Error(`no ${value}`);
      kept.push(value);
    }
  } catch (error) {
    kept.push(error.message);
  } finally {
    kept.push('finally');
  }
  return kept;
}
async function main() {
  const found = await find(numbers('find', 5), 1);
  const missing = await find(evens(numbers('missing', 4)), 9);
  const pages = new Pages(['a', 'b', 'c']);
  const page = await find(pages, 'b');
  const all = [];
  for await (const value of flatten(pages, [tick('sync'), 'list'], numbers('flat', 2))) all.push(value);
  const cells = await grid();
  const kept = await failing(numbers('failing', 5));
  const manual = numbers('manual', 3);
  const steps = [await manual.next(), await manual.throw('stop'), await manual.next()];
  const early = evens(numbers('early', 6));
  steps.push(await early.next(), await early.return('enough'), await early.next());
  let message = '';
  try {
    for await (const value of pages.pages.length) all.push(value);
  } catch (error) {
    message = error.message;
  }
  return { found, missing, page, open: pages.open, all, cells, kept, steps, message };
}
main().then((result) => console.log(JSON.stringify(result), log.join('; ')));
