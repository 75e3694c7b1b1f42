'use strict';
class Ledger {
  static #open = 0; static { Ledger.kinds = Object.freeze(['bid', 'ask']); Ledger.#open = Ledger.kinds.length - 2; }
  #rows = []; #sum = 0; static get open() { return Ledger.#open; } static set open(v) { Ledger.#open = v < 0 ? 0 : v; }
  get #last() { return this.#rows.at(-1); } set #last(row) { this.#rows[this.#rows.length - 1] = row; }
  #bump(by = this.#sum || 1) { this.#sum += by; return this; }
  constructor(...rows) { Ledger.open++; for (const row of rows) this.add(row); }
  add({ kind = Ledger.kinds[0], price, size: n = 1, ...rest }) {
    this.#rows.push({ kind, price, n, rest }); this.#bump(price * n);
    if (this.#last.n > 2) this.#last = { ...this.#last, big: true };
    return this.#rows.length;
  }
  static merge(a, b) { const out = new this(); for (const l of [a, b]) if (#rows in l) for (const { kind, price, n } of l.#rows) out.add({ kind, price, size: n }); return out; }
  get total() { return this.#sum; }
  *[Symbol.iterator]() { let i = 0; for (const r of this.#rows) { const skip = yield [i++, r.price]; if (skip) i += skip; } return this.#sum; }
  has(x) { return x && typeof x === 'object' && #bump in x; }
  swap(i, j) { [this.#rows[i], this.#rows[j]] = [this.#rows[j], this.#rows[i]]; return this.#rows.map((r) => r.price); }
  tweak() { this.#sum **= 1; this.#sum ??= 4; this.#sum &&= this.#sum - 1; this.#rows.length ||= 0; return ++this.#sum + this.#sum--; }
}
class Audited extends Ledger {
  static seen = new WeakSet(); #log = []; count = super.total; static { this.copy = class extends this { static tag = super.open; }; }
  add(row) { const at = super.add(row); (this.#log ??= []).push(at); Audited.seen.add(row); return at; }
  get log() { return this.#log?.join?.('|') ?? 'early'; }
}
const a = new Ledger({ price: 10 }, { kind: 'ask', price: 4, size: 3, by: 'me' });
let early; try { early = new Audited({ price: 1 }); } catch (e) { early = e; }
const b = Ledger.merge(a, new Ledger({ price: 7, size: 2 }));
console.log(a.total, b.total, Ledger.open, early instanceof TypeError ? early.message : early.log, a.has({}), a.has(b));
const it = b[Symbol.iterator](); console.log(it.next(), it.next(5), it.next(), it.next(), b.swap(0, 2), b.tweak());
Ledger.open = -5; console.log(Ledger.open, Audited.copy?.tag, [...a].flat(), Ledger.kinds);
try { Ledger.prototype.add.call({}, { price: 1 }); } catch (e) { console.log(e.constructor.name, e.message); }
const blank = new Audited(); blank.add({ price: 3, size: 9 }); console.log(blank.log, blank.count, blank.total);
