// Formatting by locale, dates by their parts.
const money = new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' });
const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const plural = new Intl.PluralRules('pl'), rel = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const list = new Intl.ListFormat('en', { type: 'disjunction' }), collator = new Intl.Collator('sv');
const start = new Date(Date.UTC(2024, 1, 28, 23, 30));
const days = [];
for (const day = new Date(start); days.length < 4; day.setUTCDate(day.getUTCDate() + 1)) {
  const { day: d, month } = Object.fromEntries(when.formatToParts(day).map(({ type, value }) => [type, value]));
  days.push(`${d} ${month} ${day.getUTCDay()}`);
}
const texts = [1, 2, 5, 22].map((n) => { const kind = plural.select(n); return `${n} ${kind}`; });
const sorted = ['ö', 'z', 'a', 'å'].sort(collator.compare);
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
const words = [];
for (const { segment, isWordLike } of segmenter.segment('Hi, big 🌍 out there')) if (isWordLike) words.push(segment);
const copy = new Date(start); copy.setMonth(copy.getMonth() + 13, 0); copy.setHours(25);
const bad = new Date('no date'), parts = [bad.getTime(), JSON.stringify({ bad }), Date.parse('2024-02-30T00:00Z')];
class Day extends Date { add(n) { const next = new Day(this); next.setUTCDate(this.getUTCDate() + n); return next; } toString() { return this.toISOString().slice(0, 10); } }
const leap = `${new Day(start).add(1)}`, diff = new Day(start).add(3) - start;
const parse = (text) => /^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/.exec(text)?.groups;
const { y, m: month = '?', d } = parse('2024-06-15') ?? {};
console.log(money.format(1234.5), days, texts, sorted, words, parts, leap, diff, rel.format(-1, 'day'), list.format(['a', 'b', 'c']), y, month, d, copy > start);
