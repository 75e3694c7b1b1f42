// Text and data: Intl, TextEncoder, URL, Buffer, structuredClone, JSON with revivers, regular expressions with groups.
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: false });
const encoded = encoder.encode('žluťoučký kůň 🐴');
const into = new Uint8Array(12);
const { read, written } = encoder.encodeInto('kůň úpěl', into);
const back = decoder.decode(encoded.subarray(0, 9));
const base = Buffer.from('hello world').toString('base64');
const parts = [Buffer.from(base, 'base64'), Buffer.from([1, 2, 3]), Buffer.alloc(4, 'ab')];
const joined = Buffer.concat(parts);
joined.writeUInt16BE(0xbeef, 2);
joined.swap16?.call(joined.subarray(0, 4));
const numbers = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' });
const money = [1234.5, -1, 1e7].map((n) => numbers.format(n));
const plural = new Intl.PluralRules('en', { type: 'ordinal' });
const ranks = [1, 2, 3, 4].map((n) => `${n}${{ one: 'st', two: 'nd', few: 'rd', other: 'th' }[plural.select(n)]}`);
const when = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'medium' }).format(new Date(86400000));
const sorted = ['é', 'z', 'a', 'E', 'e'].sort(new Intl.Collator('fr').compare);
const url = new URL('../b/c?x=1&y=2&x=3#frag', 'https://user:pw@example.org:8080/a/d/');
url.searchParams.append('z', 'a b');
url.searchParams.delete('y');
url.pathname = '/new path';
const query = Object.fromEntries(url.searchParams);
const list = url.searchParams.getAll('x');
const data = { when: new Date(5), map: new Map([['k', new Set([1, { deep: true }])]]), nested: { big: 10n, re: /a+/gi } };
data.self = data;
const clone = structuredClone(data);
clone.map.get('k').add(2);
const json = JSON.stringify({ a: [1, { b: undefined, c: () => 1, d: Symbol('s'), e: NaN }], when: new Date(0), big: 12n }, function (key, value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (key === 'when') return { $date: this.when.getTime() };
  return value;
}, 1);
const revived = JSON.parse(json, (key, value, context) => {
  if (value && typeof value === 'object' && '$date' in value) return new Date(value.$date);
  if (typeof value === 'string' && /^\d+n$/.test(value)) return BigInt(value.slice(0, -1));
  return value;
});
const pattern = /(?<year>\d{4})-(?<month>\d\d)(?:-(?<day>\d\d))?/dg;
const dates = [];
for (const match of 'from 2024-01-31 to 2024-02, never'.matchAll(pattern)) {
  const { groups: { year, month, day = '01' }, index } = match;
  dates.push({ year: +year, month, day, index, span: match.indices.groups.year });
}
const swapped = '2024-01-31'.replace(pattern, (...all) => {
  const groups = all.at(-1);
  return `${groups.day}.${groups.month}.${groups.year}`;
});
const words = 'The quick brown fox'.split(/\s+/).map((word, i) => word.at(i) ?? '-');
const segments = [...new Intl.Segmenter('en', { granularity: 'word' }).segment('Hi there, you!')].filter((s) => s.isWordLike).map((s) => s.segment);
console.log(back, read, written, joined.toString('hex'), money, ranks, when, sorted, String(url), query, list, clone.map.size, data.map.get('k').size, json.length, revived, dates, swapped, words, segments);
