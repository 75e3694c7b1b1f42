// The order of nextTick, promises, queueMicrotask and thenables, from every place that can start them.
const fs = require('node:fs');

const log = [];
const say = (text) => () => void log.push(text);

function round(name, next) {
  process.nextTick(say(`${name} tick 1`));
  Promise.resolve().then(say(`${name} promise 1`)).then(say(`${name} promise 2`)).finally(say(`${name} finally`));
  queueMicrotask(say(`${name} microtask`));
  process.nextTick(() => {
    log.push(`${name} tick 2`);
    queueMicrotask(say(`${name} microtask of a tick`));
    process.nextTick(say(`${name} tick of a tick`));
  });
  Promise.resolve({ then: (resolve) => (log.push(`${name} thenable`), resolve(1)) }).then(say(`${name} after the thenable`));
  (async () => {
    log.push(`${name} async starts`);
    await null;
    log.push(`${name} async goes on`);
    process.nextTick(say(`${name} tick of a microtask`));
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${name} async ends`);
    next();
  })();
  log.push(`${name} synchronous`);
}

round('main', () =>
  setTimeout(() =>
    round('timer', () =>
      fs.stat(__filename, () =>
        round('file', () => {
          const times = new Map();
          for (const line of log) {
            const [name] = line.split(' ');
            times.set(name, (times.get(name) ?? 0) + 1);
          }
          console.log(log.join('\n'));
          console.log([...times]);
          chains();
        }),
      ),
    ),
  ),
);

function chains() {
  const order = [];
  const chain = (name, length) => {
    let promise = Promise.resolve(0);
    for (let i = 0; i < length; i++) promise = promise.then((n) => (order.push(`${name}${n}`), n + 1));
    return promise;
  };
  Promise.race([chain('a', 5), chain('b', 3), chain('c', 4)]).then((winner) => {
    console.log(winner, order.join(' '));
    console.log(Promise.any([Promise.reject(new Error('x')), chain('d', 1)]) instanceof Promise);
  });
  for (let i = 0; i < 500; i++) process.nextTick(() => i === 499 && console.log('five hundred ticks', order.length));
}
