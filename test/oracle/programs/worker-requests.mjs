// worker threads with transfers, structuredClone of graphs, message ports, broadcast, aborts
import {
  Worker,
  isMainThread,
  parentPort,
  workerData,
  MessageChannel,
  receiveMessageOnPort,
} from 'node:worker_threads';
import { once, EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
class Point {
  #hidden = 1;
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
  get r() {
    return Math.hypot(this.x, this.y);
  }
}
if (!isMainThread) {
  const { port, base, map } = workerData;
  let state = { jobs: 0, last: null, keys: [...map.keys()].map(String) };
  port.on('message', ({ op, id, ...rest }) => {
    state.jobs++;
    try {
      switch (op) {
        case 'sum': {
          const { list } = rest;
          const value = list.reduce((a, b) => a + b, base);
          state.last = { id, value };
          return port.postMessage({ id, value });
        }
        case 'reverse': {
          const bytes = new Uint8Array(rest.buffer);
          bytes.reverse();
          state.last = bytes;
          return port.postMessage({ id, value: bytes.buffer }, [bytes.buffer]);
        }
        case 'end':
          port.postMessage({ id, value: state });
          port.close();
          parentPort.postMessage({ done: true });
          parentPort.close?.();
          return;
        default:
          throw Object.assign(new RangeError(`no ${op}`), { op });
      }
    } catch (error) {
      port.postMessage({ id, error });
    }
  });
  parentPort.postMessage({ ready: state.keys });
} else {
  const log = [];
  const root = {
    name: 'root',
    list: [1, , 3],
    when: new Date(5e11),
    re: /a(?<b>c)/gi,
    map: new Map([[{ k: 1 }, new Set([NaN, -0])]]),
    big: 12n,
    err: new TypeError('inner', { cause: { at: 1 } }),
    view: new DataView(new ArrayBuffer(8), 2, 4),
    boxed: Object('str'),
    point: new Point(3, 4),
    get got() {
      return [this.name];
    },
  };
  root.self = root;
  root.twice = [root.list, root.list];
  const copy = structuredClone(root);
  log.push(
    copy.self === copy,
    copy.twice[0] === copy.twice[1],
    1 in copy.list,
    copy.point.constructor === Object,
    copy.point.r,
    copy.err instanceof TypeError,
    copy.err.cause,
    Object.getOwnPropertyDescriptor(copy, 'got').value,
    copy.view.byteOffset,
    [...copy.map.values()][0].has(0),
    copy.re.flags,
    typeof copy.boxed,
  );
  for (const bad of [
    () => structuredClone(() => 1),
    () => structuredClone({ s: Symbol('x') }),
    () => structuredClone(new WeakMap()),
    () =>
      structuredClone({
        get a() {
          throw new Error('getter');
        },
      }),
  ])
    try {
      bad();
      log.push('cloned');
    } catch (e) {
      log.push(`${e.name}: ${e.message}`);
    }
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  const bytes = new Uint8Array(buffer);
  bytes.set([1, 2, 3]);
  const moved = structuredClone(bytes, { transfer: [buffer] });
  log.push(buffer.byteLength, bytes.length, moved.length, [...moved.subarray(0, 3)]);
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: {
      port: port2,
      base: 100,
      map: new Map([
        ['a', 1],
        [2, 'b'],
      ]),
    },
    transferList: [port2],
  });
  let next = 0;
  const waiting = new Map();
  const bus = new EventEmitter();
  port1.on('message', ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(error);
    else resolve(value);
    bus.emit('answer', id);
  });
  const ask = (op, args = {}, transfer = [], signal) =>
    new Promise((resolve, reject) => {
      const id = ++next;
      waiting.set(id, { resolve, reject });
      signal?.addEventListener(
        'abort',
        () => {
          waiting.set(id, { resolve() {}, reject() {} });
          reject(signal.reason);
        },
        { once: true },
      );
      port1.postMessage({ op, id, ...args }, transfer);
    });
  const [ready] = await once(worker, 'message');
  log.push(ready);
  log.push(await Promise.all([ask('sum', { list: [1, 2, 3] }), ask('sum', { list: [] })]));
  const data = new Uint8Array([9, 8, 7]);
  const back = new Uint8Array(await ask('reverse', { buffer: data.buffer }, [data.buffer]));
  log.push(data.length, [...back]);
  await ask('nope', { extra: { deep: [1] } }).catch((e) => log.push(e.name, e.message, e.op, e instanceof RangeError));
  const ac = new AbortController();
  const aborted = ask('sum', { list: [1] }, [], ac.signal);
  ac.abort(new DOMException('stop', 'AbortError'));
  await aborted.catch((e) => log.push(e.name, e.message, e.code));
  const local = new MessageChannel();
  local.port1.postMessage({ n: 1, nested: { ok: [true] } });
  log.push(receiveMessageOnPort(local.port2), receiveMessageOnPort(local.port2));
  local.port1.close();
  const done = once(worker, 'message');
  const final = await ask('end');
  log.push(final.jobs, Object.keys(final.last), (await done)[0]);
  port1.close();
  const [code] = await once(worker, 'exit');
  log.push(code, waiting.size);
  console.dir(log, { depth: 4 });
}
