// EventTarget, custom events, AbortSignal.any and timeouts, events.on as an async iterator, MessageChannel, queueMicrotask.
const { EventEmitter, on, once } = require('node:events');
class Store extends EventTarget {
  #state = { count: 0 };
  #log = [];
  dispatch(type, detail) {
    const event = new CustomEvent(type, { detail, cancelable: true });
    const allowed = this.dispatchEvent(event);
    this.#log.push([type, allowed]);
    if (allowed) this.#state = { ...this.#state, ...detail };
    return allowed;
  }
  get state() {
    return this.#state;
  }
  get log() {
    return this.#log.slice();
  }
}
const store = new Store();
const heard = [];
const handler = {
  calls: 0,
  handleEvent(event) {
    this.calls++;
    heard.push(event.type, event.detail?.count ?? null);
    if (event.detail?.count > 2) event.preventDefault();
  },
};
store.addEventListener('set', handler);
store.addEventListener('set', () => heard.push('once'), { once: true });
const controller = new AbortController();
store.addEventListener('set', (event) => heard.push(event.target === store), { signal: controller.signal });
const allowed = [1, 2, 3].map((count) => store.dispatch('set', { count }));
controller.abort();
store.removeEventListener('set', handler);
store.dispatch('set', { other: true });
async function follow() {
  const emitter = new EventEmitter();
  const values = [];
  const stop = new AbortController();
  setImmediate(() => {
    emitter.emit('value', 1, 'a');
    emitter.emit('value', 2, 'b');
    queueMicrotask(() => emitter.emit('value', 3, 'c'));
  });
  try {
    for await (const [n, letter] of on(emitter, 'value', { signal: stop.signal })) {
      values.push(`${n}${letter}`);
      if (n === 3) stop.abort();
    }
  } catch (error) {
    values.push(error.name);
  }
  return values;
}
async function channel() {
  const { port1, port2 } = new MessageChannel();
  const answers = [];
  port2.on('message', (message) => {
    port2.postMessage({ echo: message, at: answers.length });
  });
  for (const word of ['x', { y: [1] }]) {
    port1.postMessage(word);
    const [answer] = await once(port1, 'message');
    answers.push(answer);
  }
  port1.close();
  return answers;
}
async function main() {
  const values = await follow();
  const answers = await channel();
  const late = AbortSignal.timeout(1);
  // its own timer keeps nothing alive
  const awake = setTimeout(() => undefined, 10_000);
  await once(late, 'abort');
  clearTimeout(awake);
  const reason = late.reason.name;
  const never = AbortSignal.abort('why');
  console.log(allowed, handler.calls, heard, store.state, store.log, values, JSON.stringify(answers), reason, never.reason);
}
main();
