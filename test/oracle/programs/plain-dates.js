// dates and money: an immutable plain-date class, durations, recurrences, time zones through Intl, JSON revivers and replacers, BigInt cents
class PlainDate {
  #d;
  static #cache = new Map();
  static {
    Object.freeze(this.prototype.constructor.name);
  }
  constructor(y, m, d) {
    this.#d = Date.UTC(y, m - 1, d);
    if (new Date(this.#d).getUTCMonth() !== m - 1) throw new RangeError(`no such day: ${[y, m, d].join('-')}`);
    Object.freeze(this);
  }
  static from(x) {
    if (x instanceof PlainDate) return x;
    if (typeof x === 'object') return new PlainDate(x.year, x.month, x.day);
    const hit = PlainDate.#cache.get(x);
    if (hit) return hit;
    const [, y, m, d] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(x) ?? [];
    if (y === undefined) throw new SyntaxError(`not a date: ${x}`);
    const made = new PlainDate(+y, +m, +d);
    PlainDate.#cache.set(x, made);
    return made;
  }
  #at() {
    return new Date(this.#d);
  }
  get year() {
    return this.#at().getUTCFullYear();
  }
  get month() {
    return this.#at().getUTCMonth() + 1;
  }
  get day() {
    return this.#at().getUTCDate();
  }
  get dow() {
    return (this.#at().getUTCDay() + 6) % 7;
  }
  get leap() {
    const y = this.year;
    return (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  }
  add({ years = 0, months = 0, weeks = 0, days = 0 } = {}, { overflow = 'constrain' } = {}) {
    const total = this.month - 1 + months,
      y = this.year + years + Math.floor(total / 12),
      m = ((total % 12) + 12) % 12,
      last = new Date(Date.UTC(y, m + 1, 0)).getUTCDate();
    if (this.day > last && overflow === 'reject') throw new RangeError('overflow');
    const t = new Date(Date.UTC(y, m, Math.min(this.day, last)));
    t.setUTCDate(t.getUTCDate() + days + weeks * 7);
    return new PlainDate(t.getUTCFullYear(), t.getUTCMonth() + 1, t.getUTCDate());
  }
  until(other, unit = 'days') {
    const o = PlainDate.from(other);
    if (unit === 'days') return Math.round((o.#d - this.#d) / 864e5);
    let n = 0;
    while (PlainDate.compare(this.add({ [unit]: n + 1 }), o) <= 0) n++;
    return n;
  }
  static compare(a, b) {
    return Math.sign(PlainDate.from(a).#d - PlainDate.from(b).#d);
  }
  equals(o) {
    return #d in o && o.#d === this.#d;
  }
  toString() {
    return this.#at().toISOString().slice(0, 10);
  }
  toJSON() {
    return { $date: String(this) };
  }
  [Symbol.toPrimitive](hint) {
    if (hint === 'number') return this.#d;
    return this.toString();
  }
  valueOf() {
    throw new TypeError('use compare');
  }
  with(f) {
    return PlainDate.from({ year: this.year, month: this.month, day: this.day, ...f });
  }
}
function* every(start, step, { until, count = Infinity, skip = () => false } = {}) {
  let n = 0;
  for (
    let i = 0, at = PlainDate.from(start);
    n < count;
    i++, at = PlainDate.from(start).add(Object.fromEntries(Object.entries(step).map(([k, v]) => [k, v * i])))
  ) {
    if (until && PlainDate.compare(at, until) > 0) return 'until';
    if (skip(at, n)) continue;
    n++;
    yield at;
  }
  return 'count';
}
const log = [];
const weekend = (d) => d.dow > 4;
log.push(
  [...every('2024-01-31', { months: 1 }, { count: 5 })].join(),
  [...every('2024-02-26', { days: 1 }, { until: '2024-03-05', skip: weekend })].map((d) => d.day),
  PlainDate.from('2024-02-29').add({ years: 1 }) + '',
  PlainDate.from('2000-01-01').leap,
  PlainDate.from('2024-03-10').until('2025-01-09', 'months'),
  +PlainDate.from('1970-01-02'),
  PlainDate.from('2024-01-01') === PlainDate.from('2024-01-01'),
);
for (const bad of ['2023-02-29', 'x', { year: 2024, month: 4, day: 31 }])
  try {
    PlainDate.from(bad);
  } catch (e) {
    log.push(`${e.name} ${e.message}`);
  }
try {
  PlainDate.from('2024-01-01') < PlainDate.from('2024-01-02') ? 0 : 1;
  `${PlainDate.from('2024-01-01') - 1}`;
  log.push('prim');
  PlainDate.prototype.valueOf.call(1);
} catch (e) {
  log.push(e.message);
}
class Money {
  static #fmt = new Map();
  constructor(cents, cur = 'EUR') {
    this.cents = BigInt(cents);
    this.cur = cur;
  }
  static parse(s) {
    const {
      sign = '',
      whole,
      part = '0',
      cur,
    } = /^(?<sign>-)?(?<whole>\d[\d,]*)(?:\.(?<part>\d{1,2}))? (?<cur>[A-Z]{3})$/.exec(s)?.groups ?? {};
    if (!whole) throw new SyntaxError(s);
    return new Money(BigInt(sign + whole.replaceAll(',', '')) * 100n + BigInt(sign + part.padEnd(2, '0')), cur);
  }
  plus(o) {
    if (o.cur !== this.cur) throw Object.assign(new TypeError('currency'), { a: this.cur, b: o.cur });
    return new Money(this.cents + o.cents, this.cur);
  }
  split(n) {
    const each = this.cents / BigInt(n);
    let rest = this.cents - each * BigInt(n);
    return Array.from({ length: n }, () => {
      const extra = rest > 0n ? 1n : rest < 0n ? -1n : 0n;
      rest -= extra;
      return new Money(each + extra, this.cur);
    });
  }
  toString() {
    let f = Money.#fmt.get(this.cur);
    if (!f) Money.#fmt.set(this.cur, (f = new Intl.NumberFormat('en-US', { style: 'currency', currency: this.cur })));
    return f.format(Number(this.cents) / 100);
  }
  toJSON() {
    return { $money: `${this.cents}`, cur: this.cur };
  }
}
log.push(
  Money.parse('1,234.5 EUR').split(7).map(String),
  String(Money.parse('-0.05 USD').plus(new Money(12, 'USD'))),
  (-100n) ** 3n % 7n,
  BigInt.asIntN(8, 255n),
);
try {
  Money.parse('1 USD').plus(Money.parse('1 EUR'));
} catch ({ message, ...rest }) {
  log.push(message, rest);
}
const ledger = {
  opened: PlainDate.from('2024-05-05'),
  rows: [
    { on: PlainDate.from('2024-05-06'), amount: Money.parse('10.10 EUR') },
    { on: PlainDate.from('2024-05-07'), amount: Money.parse('-3.3 EUR'), note: undefined, f() {} },
  ],
  tags: new Set(['a', 'b']),
  by: new Map([['x', { n: 1n }]]),
  re: /x/gi,
  self: null,
};
const paths = [];
const json = JSON.stringify(
  ledger,
  function (key, value) {
    paths.push(key);
    const raw = this[key];
    if (raw instanceof Set) return { $set: [...raw] };
    if (raw instanceof Map) return { $map: [...raw] };
    if (typeof raw === 'bigint') return { $big: `${raw}` };
    if (raw instanceof RegExp) return { $re: [raw.source, raw.flags] };
    return value;
  },
  1,
);
log.push(json.length, paths.length);
const order = [];
const back = JSON.parse(json, function (key, value) {
  order.push(key);
  if (value === null || typeof value !== 'object') return value;
  if ('$date' in value) return PlainDate.from(value.$date);
  if ('$money' in value) return new Money(value.$money, value.cur);
  if ('$set' in value) return new Set(value.$set);
  if ('$map' in value) return new Map(value.$map);
  if ('$big' in value) return BigInt(value.$big);
  if ('$re' in value) return new RegExp(...value.$re);
  if (Array.isArray(value)) {
    this[`${key}Count`] = value.length;
  }
  return value;
});
log.push(
  back.opened.equals(ledger.opened),
  back.rows.reduce((sum, r) => sum.plus(r.amount), new Money(0)).toString(),
  back.tags.has('b'),
  back.by.get('x').n + 1n,
  back.re.test('aX'),
  back.rowsCount,
  order.slice(0, 6),
);
const zones = ['UTC', 'Asia/Kolkata', 'America/New_York'];
const parts = (t, timeZone) =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' })
      .formatToParts(t)
      .filter(({ type }) => type !== 'literal')
      .map(({ type, value }) => [type, value]),
  );
const t0 = Date.UTC(2024, 2, 10, 6, 59);
log.push(
  ...zones.map((z) => parts(t0, z)),
  new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-1, 'day'),
  new Intl.PluralRules('en', { type: 'ordinal' }).select(22),
  new Intl.ListFormat('en').format(['a', 'b', 'c']),
);
const d = new Date(t0);
d.setUTCMonth(13, 1);
d.setUTCHours(25);
const e = new Date(d);
e.setTime(e.getTime() + 1);
log.push(
  d.toISOString(),
  e > d,
  new Date(NaN).getTime(),
  new Date(2024, 0, 1) instanceof Date,
  JSON.stringify({ d }),
  isNaN(new Date('nope')),
);
console.dir(log, { depth: 3 });
