// stores that follow asynchronous work, over promises that were there before the first store
const { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId } = require('node:async_hooks');
const request = new AsyncLocalStorage();
const user = new AsyncLocalStorage();
const lines = [];
const early = new Promise((resolve) => setTimeout(resolve, 5, 'early'));
const loaded = early.then((text) => text.toUpperCase());
const never = new Promise(() => {});
const settled = Promise.resolve('settled');

function say(text) {
  const id = request.getStore()?.id ?? '-';
  const name = user.getStore() ?? 'nobody';
  lines.push(`${id} ${name}: ${text}`);
  return lines.length;
}

class Database {
  #rows = new Map([['a', 1], ['b', 2]]);
  async get(key) {
    await null;
    const row = this.#rows.get(key);
    say(`row ${key} is ${row}`);
    if (row === undefined) throw new Error(`no row ${key}\n${new Error('here').stack.split('\n').length > 1}`);
    return row;
  }
}
const database = new Database();

async function handle(id, keys) {
  const before = say('begins');
  const rows = [];
  for (const key of keys) {
    try {
      rows.push(await database.get(key));
    } catch (error) {
      say(error.message.split('\n')[0]);
    }
  }
  const inner = request.run({ id: `${id}/inner`, outer: request.getStore() }, () => {
    say('inside');
    return request.getStore().outer?.id;
  });
  say(`inner had ${inner}`);
  user.enterWith(`user ${id}`);
  say(await loaded);
  say(await settled);
  request.exit(() => say('outside'));
  return { rows, took: say('ends') - before };
}

say('nothing yet');
const first = request.run({ id: 1 }, handle, 1, ['a', 'c']);
const second = request.run({ id: 2 }, () => handle(2, ['b']));
const both = Promise.all([first, second, loaded]);
const raced = Promise.race([never, settled]);
const bound = request.run({ id: 'bound' }, () => AsyncResource.bind(() => say('bound work')));
class Task extends Promise {
  get label() {
    return 'task';
  }
}
const task = new Task((resolve) => void early.then(resolve));
task.then(() => say(`${task.label} is done`));
both.then(async (results) => {
  say(JSON.stringify(results));
  bound();
  const stack = request.run({ id: 3 }, () => new Error('stack').stack);
  say(stack.split('\n').slice(1, 3).map((line) => line.trim().split(' (')[0]).join('; '));
  request.disable();
  await raced;
  say('disabled');
  let made = 0;
  const hook = createHook({ init: (_id, type) => void (made += type === 'PROMISE' ? 1 : 0) }).enable();
  const counted = never.then(() => {});
  await Promise.resolve();
  hook.disable();
  say(`${made > 0} ${executionAsyncId() >= 0} ${counted instanceof Promise}`);
  user.run('last', say, 'the end');
  console.log(lines.join('\n'));
});
