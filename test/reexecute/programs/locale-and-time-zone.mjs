// What the locale and the time zone decide: formats, orders, local hours.
const now = new Date();
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
console.log(zone, now.getTimezoneOffset(), process.env.TZ, process.env.LANG);
console.log(now.toLocaleString(), now.toLocaleDateString('de-DE'), now.toLocaleTimeString('en-US'), now.toString());

const words = ['zebra', 'Äpfel', 'apple', 'éclair', 'Zoo', 'ähnlich', '10', '9'];
console.log(words.toSorted((a, b) => a.localeCompare(b)));
console.log(words.toSorted(new Intl.Collator('sv').compare));
console.log(words.toSorted(new Intl.Collator(undefined, { numeric: true }).compare));

const amount = (now.getMilliseconds() + 1) * 1234.5;
console.log(amount.toLocaleString(), new Intl.NumberFormat('de-CH', { style: 'currency', currency: 'CHF' }).format(amount));
console.log(new Intl.PluralRules('pl').select(now.getSeconds()), new Intl.ListFormat('en').format(words.slice(0, 3)));

function greeting(hour) {
  if (hour < 6) return 'night';
  if (hour < 12) return 'morning';
  return hour < 18 ? 'afternoon' : 'evening';
}
console.log('good', greeting(now.getHours()), 'and in UTC', greeting(now.getUTCHours()));

process.env.TZ = 'Pacific/Auckland';
console.log('in Auckland', now.toString(), now.getTimezoneOffset(), greeting(now.getHours()));
process.env.TZ = 'America/New_York';
const march = new Date(2024, 2, 10, 1, 59, 59);
console.log('a second later', new Date(march.getTime() + 1000).toString(), new Date('2024-06-01T00:00').getTime());

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
for (const days of [-1, 0, 1, now.getDate()]) console.log(relative.format(days, 'day'));
const segments = [...new Intl.Segmenter('en', { granularity: 'word' }).segment('What a day, today!')];
console.log(segments.filter((each) => each.isWordLike).map((each) => each.segment));
