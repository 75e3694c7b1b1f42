// Names looked up in all styles; errors decide the branch.
import dns, { lookupService } from 'node:dns';
import { Resolver, lookup, resolve4 } from 'node:dns/promises';
import { promisify } from 'node:util';

dns.lookup('localhost', (error, address, family) => {
  console.log('callback', error, address, family === 6 ? 'six' : 'four');
});
dns.lookup('localhost', { all: true }, (error, addresses) => console.log('all', addresses.map((each) => each.address).sort()));
dns.lookup('127.0.0.1', 4, (error, address) => console.log('an address is its own name', address));

const { address, family } = await lookup('localhost', { family: 4 });
console.log(address, family, dns.getDefaultResultOrder());

const started = Date.now();
const failures = await Promise.allSettled([
  lookup('no-such-host.invalid'),
  resolve4('no-such-host.invalid'),
  promisify(dns.lookup)('also-missing.invalid'),
]);
for (const { status, reason } of failures) {
  if (status === 'fulfilled') console.log('found?');
  else console.log(reason.code === 'ENOTFOUND' ? 'unknown' : 'no server', reason.code, reason.syscall, reason.hostname);
}
console.log('took', Date.now() - started);

const resolver = new Resolver({ timeout: 100, tries: 1 });
resolver.setServers(['127.0.0.1:1']);
console.log(resolver.getServers());
try {
  console.log(await resolver.resolveMx('example.invalid'));
} catch (error) {
  console.log(error.code);
}
const pending = resolver.resolve('example.invalid', 'TXT');
resolver.cancel();
console.log(await pending.catch((error) => error.code));

lookupService('127.0.0.1', 22, (error, hostname, service) => console.log(error?.code, typeof hostname, service));
try {
  dns.lookup('localhost', { family: 12 }, () => {});
} catch (error) {
  console.log(error.code);
}
