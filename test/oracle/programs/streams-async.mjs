const out = []; const wait = (ms, v) => new Promise((r) => setTimeout(r, ms, v));
async function* source(n, fail) { try { for (let i = 0; i < n; i++) { if (i === fail) throw Object.assign(new Error('source'), { i }); const cmd = yield i; if (cmd) out.push(['cmd', cmd]); await null; } return 'end'; } finally { out.push('source closed'); await wait(1); } }
async function* mapped(it, fn) { for await (const v of it) { const r = await fn(v); if (r === undefined) continue; yield r; } }
async function* both(a, b) { const r = yield* a; out.push(['inner', r]); yield* b; }
class Channel {
  #queue = []; #waiting = []; #closed = false;
  push(v) { const w = this.#waiting.shift(); if (w) w({ value: v, done: false }); else this.#queue.push(v); return this; }
  close() { this.#closed = true; for (const w of this.#waiting.splice(0)) w({ value: undefined, done: true }); }
  next() { if (this.#queue.length) return Promise.resolve({ value: this.#queue.shift(), done: false }); if (this.#closed) return { value: undefined, done: true }; return new Promise((r) => this.#waiting.push(r)); }
  async return(v) { out.push('channel return'); this.close(); return { value: v, done: true }; }
  [Symbol.asyncIterator]() { return this; }
}
const ch = new Channel(); const seen = [];
const reader = (async () => { for await (const v of ch) { seen.push(v); if (v === 3) break; } return seen.length; })();
ch.push(1); await null; ch.push(2).push(3).push(4);
out.push(await reader, seen.join());
for await (const x of mapped(both(source(3), source(2)), async (v) => (v === 1 ? undefined : v * 2))) out.push(x);
try { for await (const x of mapped(source(5, 2), (v) => v)) { out.push('v' + x); } } catch (e) { out.push(e.message, e.i); }
const g = source(3); out.push(await g.next(), await g.next('go'), await g.return('bye'), await g.next());
const t = source(3); await t.next(); try { await t.throw(new TypeError('t')); } catch (e) { out.push(e.name); }
const p = source(2); out.push(await Promise.all([p.next(), p.next(), p.next(), p.next()]));
const settled = await Promise.allSettled([wait(2, 'a'), Promise.reject(new Error('b')), (async () => { throw new AggregateError([new Error('c')], 'agg', { cause: 'why' }); })()]);
out.push(settled.map((s) => s.value ?? [s.reason.message, s.reason.errors?.length, s.reason.cause]));
try { await Promise.any([Promise.reject(1), Promise.reject(2)]); } catch (e) { out.push(e.errors, e instanceof AggregateError); }
label: for await (const v of [wait(1, 1), 2, { then(r) { r(3); } }]) { switch (v) { case 1: continue label; case 2: out.push('two'); break; default: break label; } }
const ctl = new AbortController(); const late = (async () => { try { await new Promise((_, no) => ctl.signal.addEventListener('abort', () => no(ctl.signal.reason), { once: true })); } catch (e) { return e.message; } finally { out.push('aborted'); } })();
ctl.abort(new Error('enough')); out.push(await late);
console.log(JSON.stringify(out));
