// tagged templates: identity of strings, raw, nested, html and sql builders, dedent, String.raw, method tags
const seen = new WeakMap(); let misses = 0;
const compile = (strings) => { let fn = seen.get(strings); if (!fn) { misses++; const parts = [...strings]; seen.set(strings, fn = (values) => parts.reduce((out, p, i) => out + p + (i < values.length ? render(values[i]) : ''), '')); } return fn; };
class Html { constructor(text) { this.text = text; } toString() { return this.text; } }
const escape = (s) => String(s).replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);
const render = (v) => v instanceof Html ? v.text : Array.isArray(v) ? v.map(render).join('') : v === false || v == null ? '' : typeof v === 'function' ? render(v()) : escape(v);
const html = (strings, ...values) => new Html(compile(strings)(values));
const row = (x, i) => html`<li class="${i % 2 ? 'odd' : 'even'}">${x}</li>`;
console.log(String(html`<ul>${['a', '<b>', 'c&d'].map(row)}</ul>${null}${false}${() => html`<i>${0}</i>`}`), misses);
console.log(String(html`<ul>${[1, 2].map(row)}</ul>`), misses);
const sql = Object.assign((strings, ...params) => ({ text: strings.raw.reduce((t, s, i) => t + (i ? `$${i}` : '') + s), params: params.flat() }), { id: (s) => `"${s}"`, join: (xs, sep = ', ') => xs.join(sep) });
console.log(sql`select * from t where a = ${1} and b in (${[2, 3]})\n`, sql`none`);
function dedent({ raw }, ...v) { const text = String.raw({ raw }, ...v); const lines = text.split('\n').filter((l, i, all) => (i > 0 && i < all.length - 1) || l.trim()); const pad = Math.min(...lines.filter((l) => l.trim()).map((l) => l.match(/^ */)[0].length)); return lines.map((l) => l.slice(pad)).join('\n'); }
console.log(dedent`
    one ${1 + 1}
      two\t${'x'}
    three
`);
const tag = (s, ...v) => ({ cooked: [...s], raw: [...s.raw], v, frozen: Object.isFrozen(s) && Object.isFrozen(s.raw) });
console.log(tag`a\u0041\x41${1}\unicode and \xerxes${2}`, tag``, tag`${1}${2}`);
const same = () => ((s) => s)`x${0}y`; const other = ((s) => s)`x${0}y`; console.log(same() === same(), same() === other);
const chain = (s) => (...v) => (s2) => s.raw.length + v.length + s2.raw[0]; console.log(chain`a${1}b`(1, 2)`c`);
class Q { static #made = 0; static tag(s, ...v) { return `${this.name}${++Q.#made}:${s.join('|')}:${v}`; } #t = (s) => s[0]; go() { return this.#t`priv` + this.own`o${1}`; } own(s, x) { return this instanceof Q && x; } } console.log(Q.tag`a${1}b`, new Q().go(), Q['tag']`z`);
const order = []; const t = (n) => (order.push(n), { toString: () => (order.push(`s${n}`), `${n}`) }); console.log(`${t(1)}-${t(2)}${`in ${t(3)}`}`, order);
console.log(`multi
line ${[1, [2, 3]]} ${{}} ${Symbol('x').description} ${null} ${undefined} ${1n}`, `\`\${}`.length, String.raw`\n${1}\u{41}`);
try { `${Symbol('no')}`; } catch (e) { console.log(e.message); } try { undefined`x`; } catch (e) { console.log(e.message); } try { ({}).f`x`; } catch (e) { console.log(e.message); }
const memo = new Map(); const styles = (s, ...fns) => (props) => { const css = s.reduce((a, p, i) => a + fns[i - 1](props) + p); let n = memo.get(css); if (!n) memo.set(css, n = `c${memo.size}`); return n; };
const button = styles`color: ${({ primary }) => primary ? 'red' : 'blue'}; size: ${({ size = 'm', ...rest }) => size + Object.keys(rest).length}`; console.log(button({ primary: true }), button({}), button({ primary: true }), memo);
function* g() { const s = yield ((s, ...v) => v)`${yield 1}${yield 2}`; return s; } const it = g(); console.log(it.next(), it.next('a'), it.next('b'), it.next('c'));
const re = (f) => (s, ...v) => new RegExp(s.raw.map((x, i) => x + (v[i] instanceof RegExp ? v[i].source : v[i]?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') ?? '')).join(''), f);
console.log(re('g')`^(${/\d+/})${'a.b'}\s$`, re('i')`x`.test('X'));
(async () => { const a = async (s, ...v) => (await Promise.all(v)).map((x, i) => s[i] + x).join('') + s.at(-1); console.log(await a`1 ${Promise.resolve('p')} 2 ${await 5} 3 ${(async () => `${await 6}`)()}`); })();
