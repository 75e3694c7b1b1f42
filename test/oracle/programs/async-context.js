// AsyncLocalStorage and AbortController: request contexts across awaits and timers, cancellation, timeouts.
const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const { setTimeout: delay } = require('node:timers/promises');
const context = new AsyncLocalStorage();
const log = [];
function note(message) {
  const store = context.getStore();
  log.push(`${store?.id ?? '-'}:${message}`);
  if (store) store.notes++;
}
async function query(sql, { signal } = {}) {
  note(`query ${sql}`);
  await delay(1, undefined, { signal });
  const store = context.getStore();
  store.queries.push(sql);
  return { sql, rows: store.queries.length };
}
async function handle(id, steps, signal) {
  const store = { id, notes: 0, queries: [] };
  return context.run(store, async () => {
    const results = [];
    for (const step of steps) {
      signal?.throwIfAborted();
      results.push(await query(step, { signal }));
    }
    note('done');
    return { results, store };
  });
}
class Task extends AsyncResource {
  constructor(callback) {
    super('Task');
    this.callback = callback;
    this.runs = 0;
  }
  run(...args) {
    this.runs++;
    return this.runInAsyncScope(this.callback, null, ...args);
  }
}
async function main() {
  const [a, b] = await Promise.all([handle('a', ['one', 'two']), handle('b', ['three'])]);
  const controller = new AbortController();
  const { signal } = controller;
  const reasons = [];
  signal.addEventListener('abort', () => reasons.push(String(signal.reason.message)), { once: true });
  const cancelled = handle('c', ['x', 'y', 'z'], signal).catch((error) => ({ name: error.name, code: error.code }));
  await delay(0);
  controller.abort(new Error('client went away'));
  const outcome = await cancelled;
  const task = context.run({ id: 't', notes: 0, queries: [] }, () => new Task((by) => {
    note(`task ${by}`);
    return context.getStore().notes + by;
  }));
  const values = [task.run(1), task.run(2)];
  const bound = context.run({ id: 'bound', notes: 0 }, () => AsyncResource.bind(() => context.getStore().id));
  const inside = bound();
  const entered = await new Promise((resolve) => {
    setTimeout(() => {
      context.enterWith({ id: 'entered', notes: 0 });
      setImmediate(() => resolve(context.getStore().id));
    }, 1);
  });
  console.log(a.results.length, b.store.notes, reasons, outcome, values, inside, entered, log.sort());
}
main();
