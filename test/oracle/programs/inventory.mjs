// Typical business code: event-sourced inventory with snapshots, indexes, validation, CSV export, LRU.
export class ValidationError extends Error { constructor(problems) { super(problems.map(({ path, why }) => `${path.join('.')}: ${why}`).join('; ')); this.name = 'ValidationError'; this.problems = problems; } }
const is = { string: (v) => typeof v === 'string', positive: (v) => typeof v === 'number' && v > 0 };
const schema = { sku: [is.string, 'must be text'], qty: [is.positive, 'must be positive'], meta: { color: [is.string, 'must be text'] } };
function validate(value, rules, path = [], problems = []) {
  for (const [key, rule] of Object.entries(rules)) {
    const at = [...path, key];
    if (Array.isArray(rule)) { const [test, why] = rule; if (!test(value?.[key])) problems.push({ path: at, why }); } else validate(value?.[key], rule, at, problems);
  }
  return problems;
}
class Lru { #map = new Map(); #max; hits = 0; constructor(max) { this.#max = max; } get(k, make) { if (this.#map.has(k)) { this.hits++; const v = this.#map.get(k); this.#map.delete(k); this.#map.set(k, v); return v; } const v = make(k); this.#map.set(k, v); if (this.#map.size > this.#max) this.#map.delete(this.#map.keys().next().value); return v; } keys() { return [...this.#map.keys()]; } }
class Inventory {
  #events = []; #stock = Object.create(null); #index = { byColor: new Map() };
  static handlers = {
    received(state, { sku, qty, meta: { color } }) { const old = state[sku] ?? { qty: 0, color }; return { ...state, [sku]: { ...old, qty: old.qty + qty } }; },
    shipped(state, { sku, qty }) { if ((state[sku]?.qty ?? 0) < qty) throw new RangeError(`only ${state[sku]?.qty ?? 0} of ${sku}`); return { ...state, [sku]: { ...state[sku], qty: state[sku].qty - qty } }; },
    counted: (state, { counts }) => Object.entries(counts).reduce((s, [sku, qty]) => { s[sku] = { ...s[sku], qty }; return s; }, { ...state }),
  };
  apply(type, data) {
    if (type === 'received') { const problems = validate(data, schema); if (problems.length) throw new ValidationError(problems); }
    this.#stock = Inventory.handlers[type](this.#stock, data);
    this.#events.push(Object.freeze({ at: this.#events.length, type, data }));
    const { sku } = data;
    if (sku) { const { color } = this.#stock[sku]; const set = this.#index.byColor.get(color) ?? new Set(); this.#index.byColor.set(color, set.add(sku)); }
    return this;
  }
  at(n) { return this.#events.slice(0, n).reduce((s, { type, data }) => Inventory.handlers[type](s, data), {}); }
  *[Symbol.iterator]() { for (const [sku, { qty, ...rest }] of Object.entries(this.#stock)) yield { sku, qty, ...rest }; }
  colors() { return Object.fromEntries([...this.#index.byColor].map(([c, s]) => [c, [...s].sort()])); }
}
const inv = new Inventory();
const errors = [];
const commands = [['received', { sku: 'A', qty: 5, meta: { color: 'red' } }], ['received', { sku: 'B', qty: 0, meta: {} }], ['shipped', { sku: 'A', qty: 2 }], ['shipped', { sku: 'A', qty: 9 }], ['received', { sku: 'C', qty: 1, meta: { color: 'red' } }], ['counted', { counts: { A: 10, D: 4 } }], ['unknown', {}]];
for (const [i, [type, data]] of commands.entries()) { try { inv.apply(type, data); } catch (e) { if (e instanceof ValidationError) errors.push(...e.problems); else errors.push({ i, name: e.name, message: e.message }); } }
const quote = (v) => (/[",\n]/.test(v) ? `"${String(v).replaceAll('"', '""')}"` : String(v));
const csv = [['sku', 'qty', 'color'], ...[...inv].map(({ sku, qty, color = 'n/a, "none"' }) => [sku, qty, color])].map((r) => r.map(quote).join(',')).join('\n');
const lru = new Lru(2);
const sq = ['a', 'b', 'a', 'c', 'b'].map((k) => lru.get(k, (x) => x.charCodeAt(0) ** 2));
const tally = csv.split(/\W+/).reduce((m, w) => m.set(w, (m.get(w) ?? 0) + 1), new Map());
const top = [...tally].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 3);
const grouped = [...inv].reduce((acc, item) => { (acc[item.color] ||= []).push(item); return acc; }, {});
const pagesOf = function* (list, size) { for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size); };
const pages = [...pagesOf([...inv], 2)].map((p) => p.length);
export default { csv, errors };
console.log(csv, errors, inv.at(2), inv.colors(), sq, lru.keys(), lru.hits, top, Object.keys(grouped), pages);
