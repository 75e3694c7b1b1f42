// Names looked up side by side, timers that are refreshed and let go, and work queues between ticks.
import dns from 'node:dns';
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { setImmediate as turn, setInterval as rounds, scheduler, setTimeout as sleep } from 'node:timers/promises';

const order = [];
const say = (what) => order.push(what);
dns.lookup('localhost', { family: 4 }, (error, address) => say(`callback ${error?.code ?? address}`));
const found = await Promise.allSettled([
  lookup('localhost', { all: true }),
  lookup('127.0.0.1'),
  lookup('::1', { family: 6 }),
  lookup('no-such-host.invalid'),
  new Promise((resolve, reject) => dns.lookupService('127.0.0.1', 22, (error, host, service) => (error ? reject(error) : resolve(service)))),
]);
console.log(found.map(({ status, reason, value }) => (status === 'rejected' ? reason.code : JSON.stringify(value.length ?? value))).join(' '));
process.nextTick(say, 'tick');
Promise.resolve().then(() => say('microtask')).then(() => process.nextTick(say, 'tick of microtask'));
queueMicrotask(() => say('queued'));
setImmediate(() => {
  say('immediate');
  process.nextTick(say, 'tick of immediate');
  Promise.resolve().then(() => say('microtask of immediate'));
});
setImmediate(() => say('second immediate'));
await turn('x').then(say);
const idle = setTimeout(() => say('idle'), 30);
for (let i = 0; i < 3; i++) {
  await sleep(8);
  idle.refresh();
}
let n = 0;
const every = setInterval(() => {
  if (++n === 3) clearInterval(every);
  if (n === 2) every.refresh();
}, 4);
const unwanted = setTimeout(() => say('never'), 50_000).unref();
let r = 0;
for await (const value of rounds(3, 'round')) {
  if (++r === 4) break;
  if (r === 2) await scheduler.yield();
  say(value);
}
await scheduler.wait(5);
while (n < 3) await sleep(2);
const server = net.createServer((socket) => socket.end('hello')).listen(0, 'localhost');
await new Promise((resolve) => server.on('listening', resolve));
const socket = net.connect({ port: server.address().port, host: 'localhost', autoSelectFamily: true });
let got = '';
for await (const part of socket) got += part;
const refused = await new Promise((resolve) => net.connect(1, '127.0.0.1').on('error', (error) => resolve(error.code)));
console.log(got, refused, unwanted.hasRef());
server.close();
const late = new Promise((resolve) => setTimeout(resolve, 40, 'done'));
console.log(await Promise.race([late, sleep(10, 'limit')]));
console.log(await late);
console.log(order.join(', '));
let exits = 0;
process.on('beforeExit', () => {
  if (exits++ < 2) setTimeout(() => console.log('once more', exits), 1);
});
process.on('exit', (code) => console.log('exit', code, exits));
