// Iterator helpers, grouping, resolvers: Node 22 and newer (older: nothing of it).
const has = typeof Iterator === 'function' && 'map' in Iterator.prototype;
function* nat() { let n = 0; try { while (true) { yield n; n++; } } finally { log.push(`closed ${n}`); } }
const log = [];
async function* ticks(n) { for (let i = 0; i < n; i++) { await null; yield i; } }
(async () => {
  if (!has) return console.log('older');
  const evens = nat().filter((n) => n % 2 === 0).map((n) => { const sq = n * n; return sq; }).drop(1).take(3);
  const list = evens.toArray();
  const sum = nat().take(4).reduce((a, b) => { const s = a + b; return s; });
  const pairs = Iterator.from({ i: 0, next() { this.i++; return { done: this.i > 3, value: this.i }; } }).flatMap((n) => [n, -n]);
  for (const p of pairs) { log.push(p); if (p === -2) break; }
  const some = nat().some((n) => n > 2), every = [1, 2].values().every((n) => n > 0), found = nat().find((n) => n === 5);
  const groups = Object.groupBy([1, 2, 3, 4], (n) => (n % 2 ? 'odd' : 'even'));
  const map = Map.groupBy(['a', 'bb', 'cc'], (t) => t.length);
  const arr = await Array.fromAsync(ticks(3), async (n) => { const m = n * 10; return m; });
  const { promise, resolve, reject } = Promise.withResolvers(); setTimeout(() => resolve('done'), 1);
  const got = await promise; reject('late');
  const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); const both = a.intersection?.(b), any = a.union?.(b), rest = a.difference?.(b), sym = a.symmetricDifference?.(b);
  const wf = 'a\ud800'.toWellFormed(), ok = 'a'.isWellFormed();
  const res = new ArrayBuffer(2, { maxByteLength: 8 }); const view = new Uint8Array(res); view[1] = 5; res.resize(6); const len = view.length; const moved = res.transfer();
  const tried = await Promise.try?.(() => { throw new Error('tried'); }).catch((e) => e.message);
  nat().forEach.call([3, 4].values(), (x) => { log.push(x); });
  console.log(list, sum, some, every, found, groups, map, arr, got, both, any, rest, sym, wf, ok, len, moved.byteLength, tried, log);
})();
