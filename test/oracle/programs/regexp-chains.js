// `lastIndex` between calls of a chain, and while a function replaces.
const out = [];
const re = /a(.)/g, sticky = /\w/y;
const s = 'abacad';
function next() { const m = re.exec(s); const i = re.lastIndex; return [m && m[1], i]; }
out.push(next(), next());
s.replace(re, (m, c) => { const i = re.lastIndex; out.push([m, c, i]); return c; });
const k = re.lastIndex;
out.push(k);
const flag = re.test(s) && re.test(s) && re.lastIndex;
out.push(flag, re.lastIndex);
['x', 'ab', 'acad'].filter((t) => re.test(t)).map((t) => re.lastIndex);
out.push(re.lastIndex);
['abab', 'b'].some((t) => { re.lastIndex = 1; return re.test(t) ? re.lastIndex > 3 : false; });
out.push(re.lastIndex);
const chained = s.match(re).join().replace(re, '-').split(re).length;
out.push(chained, re.lastIndex);
function lex(text) { const tokens = []; sticky.lastIndex = 0; while (sticky.test(text)) { tokens.push(text[sticky.lastIndex - 1]); } return tokens; }
out.push(lex('abc '));
const g2 = new RegExp('b', 'g');
'abab'.replaceAll(g2, () => { g2.lastIndex = 3; return 'z'; });
out.push(g2.lastIndex);
for (const m of s.matchAll(re)) { const i = re.lastIndex; out.push(m.index, i); re.lastIndex = 2; }
const r1 = re.lastIndex;
const r2 = re.lastIndex;
const list = [/x/g, /a/g].find((r) => r.test(s));
const r3 = list.lastIndex;
list.exec(s)?.[0].toUpperCase();
const r4 = list.lastIndex;
Promise.resolve(s).then((t) => { re.test(t); const i = re.lastIndex; re.test(t); return i; }).then((i) => console.log(out.length, i, re.lastIndex, r1, r2, r3, r4));
class Reader {
  #word = /(\w+)\s*/y;
  #holder = { p: { number: /\d+/g } };
  read(text) {
    this.#word.lastIndex = 0;
    const first = this.#word.exec(text)[1].toUpperCase();
    const second = this.#word.exec(text)?.[1].toLowerCase();
    const third = this.#word.test(text).toString();
    return [first, second, third];
  }
  numbers(text) {
    const { number } = this.#holder.p;
    const found = number.exec(text)[0].padStart(4, '0').length;
    const rest = text.replace(number, (m) => { const at = number.lastIndex; return `<${m}${at}>`; }).trim().length;
    try { number.exec('none').index.toFixed(); } catch (e) { const at = number.lastIndex; out.push(e.message, at); }
    try { number.exec('7')[0].foo(); } catch (e) { const at = number.lastIndex; out.push(e.message, at); }
    try { text.replace(number, () => { throw new Error(String(number.lastIndex)); }).trim(); } catch (e) { out.push(e.message, number.lastIndex); }
    return [found, rest];
  }
}
const reader = new Reader();
out.push(reader.read('One TWO three'), reader.numbers('a 1 b 22 c 333'));
console.log(out.length, String(out));
