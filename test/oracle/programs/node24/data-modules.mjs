// modules from data: URLs: live bindings, functions that change their module's variables, default exports, re-exports, errors
const url = "data:text/javascript," + encodeURIComponent('export let n = 1; export const box = { n: 1, list: [] }; export function inc(by = 1) { n += by; box.n = n; box.list.push(n); return n; } export default class Counter { #c = 0; hit() { return ++this.#c; } get count() { return this.#c; } }');
const ns = await import(url);
const log = [];
log.push(ns.n, ns.inc(), ns.n, ns.box.n);
const again = await import(url);
log.push(again === ns, again.inc(5), ns.n, ns.box.list.join());
const counter = new ns.default();
counter.hit();
log.push(counter.hit(), counter.count);
const b64 = await import('data:text/javascript;base64,' + Buffer.from(`
export var state = { open: false, seen: new Map() };
export let last;
export const toggle = (key) => {
  state.open = !state.open;
  state.seen.set(key, (state.seen.get(key) ?? 0) + 1);
  last = key;
  return state;
};
export async function* walk(list) { for (const each of list) { last = each; yield toggle(each); } }
export function fail(what) { throw Object.assign(new RangeError('cannot ' + what), { last }); }
`).toString('base64'));
b64.toggle('a');
b64.toggle('b');
log.push(b64.last, b64.state.open, [...b64.state.seen].join('|'));
for await (const each of b64.walk(['x', 'y', 'a'])) log.push(each.open, b64.last);
try { b64.fail('stop'); } catch (error) { log.push(error.message, error.last, /data:/.test(error.stack), error.stack.split('\n')[1].replace(/base64,.*?:(\d+:\d+)/, 'base64:$1')); }
try { await import('data:text/javascript,throw new Error("early")'); } catch (error) { log.push(error.message); }
try { await import('data:text/javascript,let x ='); } catch (error) { log.push(error.name, error.message); }
const json = await import('data:application/json,{"a":[1,2]}', { with: { type: 'json' } });
log.push(json.default.a.length);
log.push(String(ns.inc).length, ns.inc.toString(), Object.keys(ns).join());
const cb = await import('data:text/javascript,' + encodeURIComponent('export const each = (list, fn) => { const out = []; for (const x of list) out.push(fn(x, out)); return out; }; export let kept; export const keep = (o) => { kept = o; o.kept = true; return kept; };'));
const mine = { tag: 'mine' };
log.push(cb.each([1, 2, 3], (x, out) => x * 2 + out.length).join());
cb.keep(mine);
log.push(mine.kept, cb.kept === mine);
console.log(log);
