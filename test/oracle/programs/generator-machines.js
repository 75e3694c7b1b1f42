// Generators as state machines, pipelines and coroutines.
function* traffic(rules) { let state = 'red', ticks = 0; try { while (true) { const input = yield { state, ticks }; ticks++; switch (state) { case 'red': if (input === 'go') state = 'green'; else if (input === 'fault') throw new Error('fault at red'); break; case 'green': { const next = rules?.[state]; if (next) { state = next; break; } } default: state = 'red'; continue; case 'yellow': state = 'red'; } } } catch (e) { const back = yield { state: 'fault', why: e.message }; return back ?? ticks; } finally { log.push(`end ${ticks}`); } }
const log = []; const m = traffic({ green: 'yellow' }); const steps = [];
for (const i of [undefined, 'go', 'x', 'y', 'go']) steps.push(m.next(i).value);
steps.push(m.throw(new TypeError('outside')).value); steps.push(m.next('done')); steps.push(m.next());
const m2 = traffic(); m2.next(); m2.next('go'); const ret = m2.return('early');
function* tree(n) { if (!n) return 0; const l = yield* tree(n.l); yield n.v; const r = yield* tree(n.r); return l + r + 1; }
const t = { v: 4, l: { v: 2, l: { v: 1 }, r: { v: 3 } }, r: { v: 6, l: { v: 5 } } };
const walk = tree(t); const vals = []; let st; while (!(st = walk.next()).done) vals.push(st.value); const size = st.value;
function* take(it, n) { let i = 0; for (const x of it) { if (i++ >= n) return; yield x; } }
function* nat() { let n = 0; try { for (;;) yield n++; } finally { log.push(`nat closed ${n}`); } }
const pipe = (...fs) => (x) => fs.reduce((a, f) => f(a), x); const map = (f) => function* (it) { for (const x of it) yield f(x); }; const filter = (p) => function* (it) { for (const x of it) if (p(x)) yield x; };
const evens = [...take(pipe(map((x) => x * 3), filter((x) => x % 2 === 0))(nat()), 3)];
const [a, , b = 'dflt', ...others] = take(nat(), 5);
const it = { *[Symbol.iterator]() { const got = yield 1; log.push(got); yield* [2, 3]; return 4; } }; const spread = [...it, ...'hé'], args = Math.max(...it);
function co(gen) { return new Promise((res, rej) => { const g = gen(); const step = (k, v) => { let r; try { r = g[k](v); } catch (e) { return rej(e); } if (r.done) return res(r.value); Promise.resolve(r.value).then((x) => step('next', x), (e) => step('throw', e)); }; step('next'); }); }
co(function* () { const x = yield 1; let y; try { y = yield Promise.reject(new Error('no')); } catch ({ message: y2 }) { y = y2; } const z = yield* (function* () { return (yield 'inner') + '!'; })(); return { x, y, z }; }).then((r) => console.log('co', r, log));
const G = Object.getPrototypeOf(function* () {}).constructor; const dyn = new G('a', 'yield a; yield a * 2;'); const dy = [...dyn(4)];
class Coll { #x = [1, 2, 3]; *[Symbol.iterator]() { yield* this.#x; } static *of(...a) { yield* a.map((v) => v + 1); } }
const coll = [...new Coll(), ...Coll.of(5, 6)];
console.log(steps, ret, vals, size, evens, a, b, others, spread, args, dy, coll);
