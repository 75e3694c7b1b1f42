// Channels inside of one thread: MessageChannel, BroadcastChannel, structuredClone, a remote object over a port.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

function expose(port, target) {
  port.on('message', async ({ id, path, args }) => {
    try {
      const [parent, method] = path.reduce(([, at], name) => [at, at[name]], [undefined, target]);
      port.postMessage({ id, value: await method.apply(parent, args) });
    } catch (error) {
      port.postMessage({ id, error });
    }
  });
}
function remote(port, path = [], calls = { next: 0, open: new Map() }) {
  if (path.length === 0)
    port.on('message', ({ id, value, error }) => {
      const { resolve, reject } = calls.open.get(id);
      calls.open.delete(id);
      if (error) reject(error);
      else resolve(value);
    });
  return new Proxy(() => {}, {
    get: (_, name) => (name === 'then' ? undefined : remote(port, [...path, name], calls)),
    apply: (_, self, args) =>
      new Promise((resolve, reject) => {
        calls.open.set(++calls.next, { resolve, reject });
        port.postMessage({ id: calls.next, path, args });
      }),
  });
}

const { port1, port2 } = new MessageChannel();
expose(port1, {
  add: (a, b) => a + b,
  slow: async (n) => (await sleep(n), `after ${n}`),
  math: { max: Math.max, fail: () => null.property },
});
const far = remote(port2);
const order = [];
await Promise.all([far.slow(4).then((v) => order.push(v)), far.add(1, 2).then((v) => order.push(v)), far.slow(1).then((v) => order.push(v))]);
console.log(order, await far.math.max(3, 9, 4), await far.math.fail().catch((error) => error.name));

const cyclic = { date: new Date(0), map: new Map([['k', new Set([1n])]]), pattern: /x/gi, bytes: new Uint8Array(3), error: new RangeError('r') };
cyclic.self = cyclic;
const clone = structuredClone(cyclic);
console.log(clone.self === clone, clone.map.get('k').has(1n), clone.pattern.flags, clone.error instanceof RangeError);
try {
  structuredClone({ f() {} });
} catch (error) {
  console.log(error.name, error.code);
}

const [one, two] = [new BroadcastChannel('room'), new BroadcastChannel('room')];
const heard = [];
two.onmessage = ({ data }) => heard.push(data);
for (const word of ['x', 'y', 'z']) one.postMessage(word);
await sleep(5);
one.close();
two.close();
console.log(heard);
const closing = once(port2, 'close');
port1.close();
await closing;
console.log('closed', order.length);
