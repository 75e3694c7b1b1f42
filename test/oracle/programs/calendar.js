// a calendar: immutable values with private state, comparison by valueOf, Intl, recurrence by generators, durations
'use strict';
process.env.TZ = 'Europe/Berlin';
class PlainDate {
  #y; #m; #d; static #cache = new Map();
  static { PlainDate.epoch = new PlainDate(1970, 1, 1); PlainDate.#cache.set('1970-01-01', PlainDate.epoch); }
  constructor(y, m, d) { const days = PlainDate.#days(y, m); if (!(m >= 1 && m <= 12) || !(d >= 1 && d <= days)) throw new RangeError(`no date ${y}-${m}-${d}`); this.#y = y; this.#m = m; this.#d = d; Object.freeze(this); }
  static #days(y, m) { return [31, y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1]; }
  static from(x) { if (x instanceof PlainDate) return x; if (typeof x === 'string') { if (PlainDate.#cache.has(x)) return PlainDate.#cache.get(x); const [, y, m, d] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(x) ?? (() => { throw new SyntaxError(`not a date: ${x}`); })(); const date = new PlainDate(+y, +m, +d); PlainDate.#cache.set(x, date); return date; } const { year, month, day } = x; return new PlainDate(year, month, day); }
  static is(x) { return #y in x; }
  get year() { return this.#y; } get month() { return this.#m; } get day() { return this.#d; }
  get serial() { return Date.UTC(this.#y, this.#m - 1, this.#d) / 864e5; }
  get weekday() { return (((this.serial + 3) % 7) + 7) % 7; }
  add({ days = 0, months = 0, years = 0 }, { overflow = 'constrain' } = {}) { let m = this.#m - 1 + months, y = this.#y + years + Math.floor(m / 12); m = ((m % 12) + 12) % 12; const max = PlainDate.#days(y, m + 1); if (overflow === 'reject' && this.#d > max) throw new RangeError(`overflow ${this}`); const t = new Date(Date.UTC(y, m, Math.min(this.#d, max) + days)); return new PlainDate(t.getUTCFullYear(), t.getUTCMonth() + 1, t.getUTCDate()); }
  with(fields) { return PlainDate.from({ year: this.#y, month: this.#m, day: this.#d, ...fields }); }
  until(other, { largest = 'day' } = {}) { switch (largest) { case 'day': return other.serial - this.serial; case 'week': return Math.trunc((other.serial - this.serial) / 7); case 'month': { let n = (other.#y - this.#y) * 12 + other.#m - this.#m; if (other.#d < this.#d) n--; return n; } default: throw new RangeError(largest); } }
  valueOf() { throw new TypeError('compare with PlainDate.compare'); }
  static compare = (a, b) => Math.sign(a.serial - b.serial);
  toString() { return [String(this.#y).padStart(4, '0'), ...[this.#m, this.#d].map((n) => String(n).padStart(2, '0'))].join('-'); }
  toJSON() { return this.toString(); }
  [Symbol.for('nodejs.util.inspect.custom')]() { return `PlainDate <${this}>`; }
}
function* every({ from, step, until, count = Infinity, except = new Set() }) { let n = 0; for (let d = from, i = 1; n < count && (!until || PlainDate.compare(d, until) <= 0); d = from.add(Object.fromEntries(Object.entries(step).map(([k, v]) => [k, v * i]))), i++) { if (except.has(`${d}`)) continue; n++; const skip = yield d; if (skip) i += skip; } return n; }
const d = PlainDate.from('2024-01-31'); console.log(d, d.add({ months: 1 }), d.add({ years: 1, months: 1 }), d.weekday, d.until(PlainDate.from('2024-12-25')), d.until(PlainDate.from('2024-12-25'), { largest: 'month' }), PlainDate.from('2024-01-31') === d, PlainDate.is({}), JSON.stringify({ d }), `${d.with({ day: 1 })}`);
for (const f of [() => d > PlainDate.epoch, () => PlainDate.from('x'), () => d.add({ months: 1 }, { overflow: 'reject' }), () => new PlainDate(2023, 2, 29), () => PlainDate.prototype.year, () => (d.year = 5), () => PlainDate.is(1), () => d.until(d, { largest: 'eon' })]) try { console.log(f()); } catch (e) { console.log(e.name, e.message); }
const it = every({ from: d, step: { months: 1 }, count: 6, except: new Set(['2024-03-31']) }); console.log([...it].map(String), it.next()); const jump = every({ from: d, step: { days: 10 }, until: PlainDate.from('2024-04-01') }); console.log(String(jump.next().value), String(jump.next(2).value), String(jump.next().value), jump.return('stop'));
const when = new Date(2024, 2, 31, 2, 30); console.log(when.getHours(), when.toISOString(), when.getTimezoneOffset(), new Date(2024, 9, 27, 2, 30).toString().slice(0, 33), new Date('2024-02-30').getTime(), new Date(NaN).toJSON(), new Date(0, 0).getFullYear(), +new Date(2020, 0, 1, ...[1, 2]));
const fmt = new Intl.DateTimeFormat('de', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Asia/Tokyo' }); console.log(fmt.format(when), fmt.formatToParts(when).map((p) => p.type[0]).join(''), new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' }).format(1234567.891), new Intl.PluralRules('ar').select(3), new Intl.RelativeTimeFormat('es', { numeric: 'auto' }).format(-1, 'day'), new Intl.ListFormat('en', { type: 'disjunction' }).format(['a', 'b', 'c']), ['ä', 'z', 'a'].sort(new Intl.Collator('sv').compare), [...new Intl.Segmenter('en', { granularity: 'word' }).segment('Hi, you!')].filter((s) => s.isWordLike).map((s) => s.segment), 'İ'.toLocaleLowerCase('tr').length, (1e21).toLocaleString('de'));
const now = Date.now(); class Clock extends Date { constructor(...a) { a.length ? super(...a) : super(0); } next() { return new Clock(+this + 1); } static now() { return 5; } } console.log(new Clock().next().getTime(), Clock.now(), new Clock(2020, 1).getMonth(), typeof Date(), now <= Date.now(), new Clock() - new Clock(-1), `${new Clock(0)[Symbol.toPrimitive]('number')}`, when.setMonth(0, 31) === +when, when[Symbol.toPrimitive]('default').length > 9);
