// getters for the iterator's own parts; nested delegation with returns and throws; for await over sync iterators with frozen results
const log = [];
const frozen = (done, value) => Object.freeze({ get done() { log.push(`done ${value}`); return done; }, get value() { log.push(`value ${value}`); return value; } });
const trapped = (done, value) => new Proxy(frozen(done, value), { get(t, key) { log.push(`get ${String(key)}`); return t[key]; } });
const plainTrap = (done, value) => new Proxy({ done, value }, { get: (t, key, r) => { const v = Reflect.get(t, key, r); log.push(`arrow ${String(key)}`); return v; } });
const source = (make) => ({ n: 0, get [Symbol.iterator]() { log.push('get iterator'); return function () { log.push('made'); return this; }; }, get next() { log.push('get next'); return function (v) { return make(this.n > 1, `${this.n++}${v ?? ''}`); }; }, get return() { log.push('get return'); return (v) => make(true, v); }, get throw() { log.push('get throw'); return (e) => make(false, e.message); } });
function* inner(make) { try { return yield* source(make); } catch (e) { log.push(`caught ${e.message}`); return 'caught'; } finally { log.push('inner ends'); } }
function* middle(make) { const got = yield* inner(make); log.push(`middle got ${got}`); yield* inner(make); return got; }
function* outer(make) { let n = 0; while (n++ < 2) { const r = yield* middle(make); log.push(`outer got ${r}`); } }
for (const make of [frozen, trapped, plainTrap]) {
  const it = outer(make); const first = it.next('a'); log.push(first.value); const second = it.next('b'); log.push(second.done, second.value); log.push(it.throw(new Error('t')).value); log.push([...it].length); const other = outer(make); other.next(); log.push(other.return('r').done, other.next().done); console.log(log.splice(0).join(' | '));
}
(async () => {
  async function over(make) { const seen = []; for await (const x of source(make)) { seen.push(x); log.push(`round ${x}`); } return seen; }
  async function leaves(make) { for await (const x of source(make)) { log.push(`left at ${x}`); break; } }
  async function* delegates(make) { return yield* source(make); }
  for (const make of [frozen, trapped, plainTrap]) { log.push((await over(make)).join()); await leaves(make); const vals = []; for await (const x of delegates(make)) vals.push(x); log.push(vals.join()); console.log(log.splice(0).join(' | ')); }
})();
