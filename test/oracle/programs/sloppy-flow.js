// sloppy on purpose
var out = [];
function say() { out.push(Array.prototype.join.call(arguments, ' ')); arguments[0] = 'changed'; return arguments.length; }
function shifty(a, b) {
  arguments[0] = b; b = 'late';
  out.push(a, arguments[1], arguments.length, typeof hoisted, typeof inner);
  if (a) { function inner() { return a + b; } var hoisted = inner; }
  return hoisted && hoisted() || inner;
}
function redeclared() { function a() { return 1; } { function a() { return 2; } } return a(); }
say(redeclared(), typeof late); { say(typeof late); function late() {} }
say(shifty(1, 2), shifty(0, 0));
function* numbers(limit, step = limit > 5 ? 2 : 1) {
  let i = 0;
  try {
    while (true) {
      const sent = yield i;
      if (sent === 'reset') { i = 0; continue; }
      if ((i += step) > limit) return 'done ' + i;
    }
  } catch (e) {
    yield 'caught ' + e;
    i = -1;
  } finally {
    say('finally', i);
    if (i < 0) yield 'cleanup';
  }
  return i;
}
const g = numbers(6);
say(JSON.stringify([g.next(), g.next(), g.next('reset'), g.next(), g.throw('oops'), g.next(), g.next(), g.next()]));
const h = numbers(2);
say(JSON.stringify([h.next(), h.return('bye'), h.next()]));
function* wrap(...lists) {
  for (const list of lists) { const r = yield* list; say('inner returned', r); }
}
say([...wrap(numbers(2), [7, 8], new Set('xy'), numbers(7))].join());
outer: for (var i = 0, fns = []; i < 4; i++) {
  for (let j = 0; ; j++) {
    try {
      if (j === i) continue outer;
      if (i === 3 && j === 2) break outer;
      fns.push(() => i * 10 + j);
      if (j % 2) continue;
      say('even', i, j);
    } finally {
      say('fin', i, j);
      if (j > 5) return;
    }
  }
}
say(fns.map((f) => f()).join());
function classify(x) {
  switch (typeof x) {
    default: let kind = 'other'; say(kind);
    case 'number':
      const big = x > 10; { let kind = big ? 'big' : 'small'; var get = () => kind; }
      if (big) break;
    case 'string':
      { const kind = 'text' + x; say('fell', kind); }
      break;
    case 'object': { class Local { v = x; } return new Local().v; }
  }
  return get ? get() : 'none';
}
for (const x of [true, 11, null]) say(classify(x));
for (const x of ['s', 3]) { try { say(classify(x)); } catch ({ name: n, message: m }) { say(n, m); } }
const memo = new Map();
const ways = (n, k, key = n + ',' + k) => memo.get(key) ?? (memo.set(key, n === 0 ? 1 : n < 0 || !k.length ? 0 : ways(n - k[0], k) + ways(n, k.slice(1))), memo.get(key));
say(ways(20, [10, 5, 2, 1]), memo.size);
const box = { n: null, list: [3, 1, 2], get me() { say('get me'); return this; }, fn(x) { return x ? { deep: [x, this.n] } : undefined; } };
say(box?.me.fn?.(4)?.deep?.[0], box.nope?.me.fn(say('never')), box.fn(0)?.deep[say('no')], box.me?.['fn'](1).deep[1]);
box.me.n ??= box.me.list.length;
box.me.n &&= box.n * 2; box.zero ||= (say('zero'), 0); box.zero ||= 5; box['z' + 'ero'] ??= say('not');
say(Object.keys(box).join(), box.list.join());
var { list: [p = 1, , q = 2, r = (say('default r'), p + q)], n: renamed = 5, missing: { a: { b: deep = 'deep' } = {} } = {}, ...others } = box;
say(p, q, r, renamed, deep, Object.keys(others).length);
[p, q] = [q, p]; [box.list[0], box['n'], ...box.tail] = [p, q, r, 9]; ({ p: box.x = p++, ['q' + 1]: q = p } = { p: undefined });
say(p, q, Object.entries(box).length, box.tail);
for (const [k, v = k.length] of Object.entries({ one: 1, two: undefined, three: null })) say(k, v);
for (var key in Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } })) say('key', key);
const arr = [5, 1, 4]; let compares = 0;
arr.sort((a, b) => { compares++; if (compares === 1) arr.push(9); return a - b; });
say(arr, compares > 0);
arr.forEach((x, i, self) => { if (i === 0) self.push(x * 2); if (x === 4) self.splice(i, 1); });
say(arr, arr.findLast((x) => x < 5), arr.flatMap((x) => (x % 2 ? [x, [x]] : [])).length);
const set = new Set([1, 2, 3]);
for (const x of set) { if (x < 3) set.add(x + 10); set.delete(x); if (set.size > 4) break; }
say([...set]);
const m = new Map([['a', 1]]);
for (const [k, v] of m) { if (m.size < 4) m.set(k + k, v + 1); else { m.delete('aa'); break; } }
say(JSON.stringify([...m]));
do { var count = (count || 0) + 1; if (count === 2) continue; say('do', count); } while (count < 3);
for (let i = 0, stop = (n) => n > 2; !stop(i); i++) { setTimeout(() => say('timer', i, stop(i))); }
(function fact(n) { return n < 2 ? 1 : n * arguments.callee(n - 1); })(5);
say(void 0, typeof undeclared, delete box.n, 'n' in box, (say('comma'), 1, 2));
label: { if (box) break label; say('skipped'); }
setTimeout(() => console.log(out.join('\n')), 20);
