// Bank domain: private methods, accessors, static blocks, brand checks, private statics.
'use strict';
class Money {
  static #cache = new Map();
  static #made = 0;
  #cents;
  static {
    for (const c of [0, 100, 1000]) this.#cache.set(c, new this(c));
    Money.zero = this.#cache.get(0);
  }
  constructor(cents) { this.#cents = cents; Money.#made++; }
  static of(cents) {
    let found = this.#cache.get(cents);
    if (!found) this.#cache.set(cents, (found = new Money(cents)));
    return found;
  }
  static isMoney(o) { return typeof o === 'object' && o !== null && #cents in o; }
  get #text() { const c = this.#cents; return `${Math.trunc(c / 100)}.${String(Math.abs(c % 100)).padStart(2, '0')}`; }
  set #text(t) { this.#cents = Math.round(Number(t) * 100); }
  plus(other) { if (!(#cents in other)) throw new TypeError('not money'); return Money.of(this.#cents + other.#cents); }
  static parse(t) { const m = new Money(0); m.#text = t; return m; }
  static get made() { return Money.#made; }
  toString() { return this.#text; }
  [Symbol.toPrimitive](hint) { return hint === 'number' ? this.#cents : this.#text; }
}
class Account {
  #balance = Money.zero;
  #log = [];
  #rules = { *check(amount) { yield amount > 0; yield amount < 5000; } };
  static #next = 1;
  id = `A${Account.#next++}`;
  onChange = (kind) => { this.#log.push([kind, `${this.#balance}`]); };
  get balance() { return this.#balance; }
  async #store(kind) { await null; this.onChange(kind); return this.#log.length; }
  async deposit(amount) {
    for (const ok of this.#rules.check(+amount)) if (!ok) throw new RangeError(`bad amount ${amount}`);
    this.#balance = this.#balance.plus(amount);
    return this.#store('in');
  }
  *history() { yield* this.#log; }
  static merge(a, b) { const m = new Account(); m.#log = [...a.#log, ...b.#log]; m.#balance = a.#balance.plus(b.#balance); [m.#rules, b.#rules] = [b.#rules, m.#rules]; ({ x: m.#log.extra = 7 } = {}); return m; }
  bump() { this.#log.length ||= 1; this.#balance &&= Money.of(+this.#balance + 1); return this.#log?.at?.(-1)?.[0]; }
}
(async () => {
  const a = new Account();
  const b = new Account();
  await a.deposit(Money.of(250));
  await b.deposit(Money.parse('12.5'));
  let refused;
  try { await b.deposit(Money.of(9000)); } catch (e) { refused = e.message; }
  try { Money.zero.plus({}); } catch (e) { refused += `; ${e.message}`; }
  try { Object.getOwnPropertyDescriptor(Account.prototype, 'balance').get.call({}); } catch (e) { refused += `; ${e.constructor.name}`; }
  const m = Account.merge(a, b);
  const bumped = m.bump();
  console.log(`${m.balance}`, [...m.history()], refused, Money.made, Money.isMoney(a), Money.isMoney(Money.zero), m.id, bumped, m.balance > a.balance);
})();
