// text tools: named groups, sticky and global lexers, replace callbacks, lookbehind, split with captures, tagged templates, raw strings, unicode
const log = [];
const DATE = /(?<year>\d{4})-(?<month>0[1-9]|1[0-2])-(?<day>\d{2})(?:T(?<time>(?<h>\d\d):(?<m>\d\d)))?/dg;
const text = 'from 2024-02-29T10:45 to 2025-12-01, not 2024-13-01; then 1999-01-31T00:00.';
for (const match of text.matchAll(DATE)) {
  const {
    groups: { year, month, day, time = 'none', ...hm },
    index,
    indices,
  } = match;
  log.push({ year: +year, month, day, time, hm: { ...hm }, index, at: indices.groups.day });
}
log.push(
  text.replace(DATE, (...args) => {
    const g = args.at(-1);
    return `${g.day}/${g.month}/${g.year}`;
  }),
  text.replace(DATE, '$<day>.$<month>.$1'),
  DATE.lastIndex,
);
class Lexer {
  static RULES = [
    ['num', /\d+(?:\.\d+)?(?:e[+-]?\d+)?/y],
    ['id', /[\p{L}_][\p{L}\p{N}_]*/uy],
    ['str', /"((?:[^"\\]|\\.)*)"/y],
    ['op', /[+\-*/()=<>!]=?|[,;]/y],
    ['ws', /\s+/y],
  ];
  #at = 0;
  line = 1;
  constructor(src) {
    this.src = src;
  }
  *[Symbol.iterator]() {
    next: while (this.#at < this.src.length) {
      for (const [kind, re] of Lexer.RULES) {
        re.lastIndex = this.#at;
        const m = re.exec(this.src);
        if (m === null) continue;
        this.#at = re.lastIndex;
        this.line += m[0].split('\n').length - 1;
        if (kind !== 'ws') yield { kind, text: m[1] ?? m[0], line: this.line };
        continue next;
      }
      throw new SyntaxError(`unexpected ${this.src[this.#at]} at ${this.#at} on line ${this.line}`);
    }
    return this.line;
  }
}
try {
  for (const { kind, text, line } of new Lexer('größe = "a \\"b\\"" + 3.5e-2 *\n(x_1 <= 10); § 5'))
    log.push(`${kind}:${text}@${line}`);
} catch (e) {
  log.push(e.message);
}
const ESC = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const seenStrings = new WeakSet();
let hits = 0;
function html(strings, ...values) {
  if (seenStrings.has(strings)) hits++;
  else seenStrings.add(strings);
  return strings.raw.reduce((out, s, i) => {
    const v = values[i - 1];
    const t = Array.isArray(v) ? v.join('') : (v?.safe ?? String(v ?? '').replace(/[&<"]/g, (c) => ESC[c]));
    return out + t + s;
  });
}
const row = (k, v) =>
  html`<tr>
    <td class="${k}">${{ safe: `<b>${k}</b>` }}</td>
    <td>${v}</td>
  </tr>`;
const page = html`<table>
  ${Object.entries({ 'a"b': '<1 & 2>', n: null, list: ['x', 'y'] }).map(([k, v]) => row(k, v))}
</table>`;
log.push(page, hits, ((s) => s)`a${1}\unicode${2}`[1], String.raw`\n${1}\x`);
const pipe =
  (...fns) =>
  (x) =>
    fns.reduce((v, f) => f(v), x);
const slug = pipe(
  (s) => s.normalize('NFD'),
  (s) => s.replace(/\p{M}/gu, ''),
  (s) => s.toLowerCase(),
  (s) => s.replace(/(?<!\w)the\s+|[^a-z0-9]+/g, '-'),
  (s) => s.replace(/^-+|-+$/g, ''),
);
log.push(['The Crème brûlée  & Co.', 'Ünïcödé—tèst', '  '].map(slug));
log.push(
  '2a3b'.split(/(\d)/),
  'a1b2'.replace(/(?<l>[a-z])(?<d>\d)/g, '$<d>$<l>$$$&'),
  'xAyB'.split(/(?=[A-Z])/),
  [...'👩‍👩‍👧é'].length,
  [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment('👩‍👩‍👧é')].map((s) => s.segment),
  'ab\u0301c'.at(-2),
  'ß'.toUpperCase(),
  'İ'.toLowerCase().length,
);
function parseQuery(q) {
  const out = Object.create(null);
  for (const [, k, br, , v = ''] of q.matchAll(/(?:^|[?&])([^=&[\]]+)(\[(\w*)\])?=([^&]*)/g)) {
    const val = decodeURIComponent(v.replace(/\+/g, ' '));
    if (br) (out[k] ??= []).push(val);
    else out[k] = k in out ? [out[k], val].flat() : val;
  }
  return out;
}
log.push(parseQuery('?a=1&b[]=x&b[]=y+z&c=%E2%82%AC&a=2&d='));
const re = /(a)|(b)/g;
let m;
const steps = [];
while ((m = re.exec('cabxb')) !== null) {
  const [all, a, b] = m;
  steps.push([all, a ?? '-', b ?? '-', re.lastIndex].join());
  if (re.lastIndex === 0) re.lastIndex++;
}
log.push(steps);
class Mask extends RegExp {
  #n = 0;
  exec(s) {
    this.#n++;
    const r = super.exec(s);
    if (r) r.hidden = true;
    return r;
  }
  [Symbol.replace](s, w) {
    return super[Symbol.replace](s, typeof w === 'string' ? w.repeat(2) : w);
  }
  get n() {
    return this.#n;
  }
}
const mask = new Mask('\\d', 'g');
log.push(
  'a1b22'.replace(mask, '*'),
  mask.n,
  mask.test('9'),
  mask.lastIndex,
  '5 6'.match(mask),
  mask[Symbol.matchAll]('7').next().value.hidden,
);
const wrap = (s, width) =>
  s.split(/\s+/).reduce((lines, w) => {
    const last = lines[lines.length - 1];
    if (last && last.length + w.length < width) lines[lines.length - 1] += ` ${w}`;
    else lines.push(w);
    return lines;
  }, []);
log.push(wrap('the quick brown fox jumps over the lazy dog again and again', 16));
const tpl = (src) => {
  const parts = src.split(/\{\{\s*(#?\/?[\w.]+)\s*\}\}/);
  const walk = (data, i, out) => {
    for (; i < parts.length; i++) {
      if (i % 2 === 0) {
        out.push(parts[i]);
        continue;
      }
      const key = parts[i];
      if (key[0] === '/') return i;
      if (key[0] === '#') {
        const list = [].concat(data[key.slice(1)] ?? []);
        let end = i;
        if (list.length === 0) {
          end = parts.indexOf(`/${key.slice(1)}`, i);
        }
        for (const item of list)
          end = walk({ ...data, ...(typeof item === 'object' ? item : { it: item }) }, i + 1, out);
        i = end;
      } else out.push(String(key.split('.').reduce((o, k) => o?.[k], data) ?? ''));
    }
    return i;
  };
  return (data) => {
    const out = [];
    walk(data, 0, out);
    return out.join('');
  };
};
log.push(
  tpl('Hi {{user.name}}: {{#items}}[{{n}}{{#tags}}-{{it}}{{/tags}}]{{/items}}{{#none}}no{{/none}}.')({
    user: { name: 'Z' },
    items: [
      { n: 1, tags: ['a', 'b'] },
      { n: 2, tags: [] },
    ],
  }),
);
console.dir(log, { depth: 4 });
