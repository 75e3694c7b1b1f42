// A throw or a return comes into a suspended function inside of a loop: the loop closes its iterator on top of it.
const log = [];
function source(name, n = 9) {
  let at = 0;
  return {
    [Symbol.iterator]() { return this; },
    next() { at += 1; return { done: at > n, value: at }; },
    return() { const last = `${name}${at}`; log.push(last); return {}; },
  };
}
const map = (f) => function* mapped(it) { for (const x of it) yield f(x); };
const filter = (p) => function* filtered(it) { for (const x of it) if (p(x)) yield x; };
function* take(it, n) { let i = 0; for (const x of it) { if (i++ >= n) return; yield x; } }
function* numbers() { let n = 0; try { for (;;) yield n++; } finally { log.push(`closed ${n}`); } }
const even = [...take(map((x) => x * 3)(filter((x) => x % 2 === 0)(numbers())), 3)];
function* pairs() {
  for (const a of source('a')) {
    for (const b of source('b', 2)) yield [a, b];
  }
}
const [first, second, third] = pairs();
function* catching() {
  try { for (const x of source('c')) { const got = yield x; log.push(got); } } catch (e) { const text = e.message; yield text; }
}
const it = catching();
it.next();
it.next('given');
const caught = it.throw(new Error('into'));
async function awaiting(n) {
  let done = 0;
  for (const x of source('d')) {
    await (x === n ? Promise.reject(new Error(`at ${x}`)) : x);
    done += 1;
  }
  return done;
}
async function* asyncPairs() { for (const x of source('e')) { yield x; await null; } }
(async () => {
  const failed = await awaiting(2).catch((e) => e.message);
  const got = [];
  for await (const x of asyncPairs()) { got.push(x); if (x > 1) break; }
  const nested = await (async () => { try { for (const a of [1, 2]) for (const b of source('f')) { if (b > a) await Promise.reject(a); await b; } } catch (e) { return e; } })();
  console.log(even, first, second, third, caught, failed, got, nested, log);
})();
