'use strict';
// ?. and ?? with calls, computed keys, deletes and short circuits whose side effects must not happen.
let evaluated = 0;
const touch = (value) => {
  evaluated++;
  return value;
};
const config = { server: { port: 0, hosts: ['a', null], start() { return this.port; } }, off: null };
const port = config.server?.port ?? 8080;
const host = config.server?.hosts?.[touch(1)]?.name?.first ?? 'unknown';
const none = config.client?.hosts[touch(0)].deep.deeper;
const started = config.server.start?.();
const stopped = config.server.stop?.(touch('never'));
const gone = delete config.off?.thing;
const kept = delete config.server?.hosts;
let cache = null;
cache ??= new Map();
cache.set('a', cache.get('a')?.count ?? 0);
let zero = 0;
zero ||= 5;
let full = 'x';
full &&= full + 'y';
let nothing;
nothing ??= touch([]);
nothing ??= touch({});
const users = [{ address: { city: 'Paris' } }, {}, null, { address: null }];
const cities = [];
for (const user of users) {
  const city = user?.address?.city?.toUpperCase();
  cities.push(city ?? '-');
}
const chain = [users]?.[0]?.map?.((user) => user?.address)?.filter?.(Boolean);
console.log(port, host, none, started, stopped, gone, kept, cache, zero, full, nothing, cities, chain, evaluated, config);
