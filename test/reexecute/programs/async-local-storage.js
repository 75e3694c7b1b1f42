// AsyncLocalStorage through timers, files, events and servers; AsyncResource brings a context back.
const { AsyncLocalStorage, AsyncResource, executionAsyncId, createHook } = require('node:async_hooks');
const fs = require('node:fs');
const http = require('node:http');
const { EventEmitter } = require('node:events');

const request = new AsyncLocalStorage();
const log = [];
const say = (text) => log.push(`[${request.getStore()?.id ?? '-'}] ${text}`);

async function handle(id, steps) {
  say('starts');
  for (let i = 0; i < steps; i++) {
    await new Promise((resolve) => setTimeout(resolve, (id * 3 + i) % 4));
    say(`step ${i}`);
  }
  const text = await fs.promises.readFile(__filename, 'utf8');
  say(`read ${text.length > 100}`);
  request.getStore().steps = steps;
  return steps;
}

const bus = new EventEmitter();
bus.on('message', (text) => say(`heard ${text}`));

class Pool extends AsyncResource {
  constructor(job) {
    super('Pool');
    this.job = job;
  }
  run(value) {
    return this.runInAsyncScope(this.job, this, value);
  }
}

const server = http.createServer((incoming, response) => {
  request.run({ id: incoming.url }, () => {
    setImmediate(() => {
      say('answering');
      response.end(request.getStore().id.repeat(2));
    });
  });
});

server.listen(0, async () => {
  const runs = [1, 2, 3].map((id) => request.run({ id }, handle, id, id));
  request.run({ id: 'bus' }, () => bus.emit('message', 'hello'));
  const later = request.run({ id: 'pool' }, () => new Pool((value) => say(`pooled ${value}`)));
  const bound = request.run({ id: 'bound' }, () => AsyncResource.bind((value) => say(`bound ${value}`)));
  const snapshot = request.run({ id: 'snap' }, () => AsyncLocalStorage.snapshot());
  console.log('steps', await Promise.all(runs));
  later.run(1);
  bound(2);
  snapshot(() => say('in the snapshot'));
  request.enterWith({ id: 'entered' });
  await Promise.all(['/a', '/b'].map((path) => fetch(`http://localhost:${server.address().port}${path}`).then(async (r) => say(`got ${await r.text()}`))));
  request.exit(() => say('outside'));
  console.log(log.join('\n'));
  server.closeAllConnections();
  server.close();
});

const types = new Set();
const hook = createHook({ init: (id, type) => void types.add(type) }).enable();
setTimeout(() => hook.disable() && console.log(types.has('Timeout'), types.has('PROMISE'), executionAsyncId() > 0), 20);
