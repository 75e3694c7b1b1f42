// A typed event bus with wildcard topics, once handlers, priorities and an async queue.
const { EventEmitter, once } = require('node:events');
class Bus extends EventEmitter {
  #topics = new Map();
  #pending = [];
  constructor(options = {}) {
    super({ captureRejections: false });
    this.options = { maxQueue: 10, ...options };
    this.setMaxListeners(50);
  }
  subscribe(topic, handler, { priority = 0 } = {}) {
    const list = this.#topics.get(topic) ?? [];
    list.push({ handler, priority });
    list.sort((a, b) => b.priority - a.priority);
    this.#topics.set(topic, list);
    this.emit('subscribed', topic, list.length);
    return () => {
      const at = list.findIndex((entry) => entry.handler === handler);
      if (at >= 0) list.splice(at, 1);
      if (list.length === 0) this.#topics.delete(topic);
    };
  }
  publish(topic, payload) {
    if (this.#pending.length >= this.options.maxQueue) throw new RangeError(`queue is full at ${topic}`);
    this.#pending.push({ topic, payload, at: Date.now() });
    this.emit('queued', topic);
    return this;
  }
  async drain() {
    let delivered = 0;
    while (this.#pending.length > 0) {
      const { topic, payload } = this.#pending.shift();
      for (const [pattern, list] of this.#topics) {
        if (!matches(pattern, topic)) continue;
        for (const { handler } of [...list]) {
          const result = await handler(payload, topic);
          if (result === false) break;
          delivered++;
        }
      }
    }
    this.emit('drained', delivered);
    return delivered;
  }
}
function matches(pattern, topic) {
  const parts = pattern.split('.');
  const names = topic.split('.');
  return parts.every((part, i) => part === '*' || part === '#' || part === names[i]) && (parts.includes('#') || parts.length === names.length);
}
const log = [];
const bus = new Bus({ maxQueue: 4 });
bus.on('queued', (topic) => log.push(`q:${topic}`));
bus.prependListener('queued', () => log.push('first'));
bus.once('drained', (n) => log.push(`drained ${n}`));
const totals = { orders: 0, sum: 0 };
const stop = bus.subscribe('order.*', ({ amount }) => {
  totals.orders++;
  totals.sum += amount;
});
bus.subscribe('order.created', async ({ amount }) => {
  await null;
  if (amount > 100) return false;
  log.push(`small ${amount}`);
}, { priority: 5 });
bus.subscribe('#', (payload, topic) => void log.push(topic));
async function main() {
  bus.publish('order.created', { amount: 50 }).publish('order.created', { amount: 500 }).publish('user.gone', { id: 1 });
  const waiting = once(bus, 'drained');
  const first = await bus.drain();
  const [again] = await waiting;
  stop();
  let failure;
  try {
    for (let i = 0; i < 10; i++) bus.publish(`n.${i}`, { i });
  } catch (error) {
    failure = error;
  }
  const second = await bus.drain();
  bus.removeAllListeners('queued');
  bus.off('subscribed', () => {});
  const names = bus.eventNames();
  console.log(first, again, second, failure.message, totals, log.length, names, bus.listenerCount('queued'));
}
main();
