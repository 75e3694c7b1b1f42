// Jobs in forked children: bursts of messages read at once, async handlers, answers out of order, a child that crashes.
const { fork } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs/promises');

if (process.argv[2] === 'child') child();
else main();

function child() {
  const name = process.argv[3];
  let done = 0;
  process.on('message', async (job) => {
    if (job.crash) throw new Error(`${name} crashed`);
    if (job.end) {
      process.send({ name, done, end: true });
      process.disconnect();
      return;
    }
    if (job.n % 3 === 0) await new Promise(setImmediate);
    if (job.n % 3 === 1) await fs.stat(__filename);
    done++;
    process.send({ name, n: job.n, square: job.n ** 2 }, (error) => error && console.log('not sent'));
    if (job.n === 5) process.send(new Array(2000).fill(name));
  });
  process.on('disconnect', () => console.log(name, 'disconnected after', done));
}

async function main() {
  const children = ['a', 'b'].map((name) => fork(__filename, ['child', name], { serialization: name === 'b' ? 'advanced' : 'json', silent: true }));
  const order = [];
  let output = '';
  let failed = '';
  for (const each of children) {
    each.stdout.on('data', (part) => (output += part));
    each.stderr.on('data', (part) => (failed += part));
    each.on('message', async (message) => {
      if (Array.isArray(message)) return order.push(`long ${message.length}`);
      await null;
      order.push(message.end ? `${message.name} ends` : `${message.name}${message.n}=${message.square}`);
      if (message.n === 2 && message.name === 'b') each.send({ n: 20 });
    });
  }
  for (let n = 0; n < 10; n++) for (const each of children) each.send({ n });
  children[0].send({ end: true });
  const [code] = await once(children[0], 'exit');
  while (!order.includes('b20=400')) await new Promise((resolve) => setTimeout(resolve, 2));
  children[1].send({ crash: true });
  const [crashed] = await once(children[1], 'close');
  console.log(code, crashed, order.length, order.filter((each) => each.startsWith('b')).length);
  console.log(output.trim());
  console.log(/Error: b crashed/.test(failed));
  console.log(order.join(' '));
}
