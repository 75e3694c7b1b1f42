// Hand-written parsers: JSON5-ish tokenizer, markdown, INI, expression evaluator with AST visitors, diff, templating, string methods.
'use strict';
class Parser {
  pos = 0;
  constructor(text) { this.text = text; }
  get peek() { return this.text[this.pos]; }
  eat(c) { if (this.peek !== c) throw new SyntaxError(`expected ${c} at ${this.pos}, got ${this.peek ?? 'end'}`); this.pos++; return c; }
  ws() { while (/\s/.test(this.peek ?? '')) this.pos++; return this; }
  value() {
    this.ws();
    switch (this.peek) {
      case '{': { const o = {}; this.eat('{'); for (;;) { this.ws(); if (this.peek === '}') break; const k = this.peek === '"' ? this.string() : this.word(); this.ws().eat(':'); o[k] = this.value(); this.ws(); if (this.peek !== ',') break; this.eat(','); } this.eat('}'); return o; }
      case '[': { const a = []; this.eat('['); while (this.ws().peek !== ']') { a.push(this.value()); if (this.ws().peek === ',') this.eat(','); } this.eat(']'); return a; }
      case '"': return this.string();
      default: return /[-\d]/.test(this.peek) ? this.number() : { true: true, false: false, null: null }[this.word()];
    }
  }
  string() { let s = ''; this.eat('"'); while (this.peek !== '"') { if (this.pos >= this.text.length) throw new SyntaxError('unterminated'); if (this.peek === '\\') { this.pos++; s += { n: '\n', t: '\t' }[this.peek] ?? this.peek; } else s += this.peek; this.pos++; } this.eat('"'); return s; }
  word() { const m = /[\w$]+/y; m.lastIndex = this.pos; const [w] = m.exec(this.text) ?? ['']; this.pos += w.length; return w; }
  number() { const m = this.text.slice(this.pos).match(/^-?\d+(\.\d+)?(e[+-]?\d+)?/i); this.pos += m[0].length; return Number(m[0]); }
}
const parsed = new Parser('{ name: "x\\ty", list: [1, -2.5e1, true,], "in ner": { a: null } }').value();
let bad; try { new Parser('[1, {a 2}]').value(); } catch (e) { bad = e.message; }
const markdown = (src) => src.split(/\n{2,}/).map((b) => { let m; if ((m = /^(#+) (.*)/.exec(b))) return `<h${m[1].length}>${m[2]}</h${m[1].length}>`; if (/^- /m.test(b)) return `<ul>${b.split('\n').map((l) => `<li>${l.slice(2)}</li>`).join('')}</ul>`; return `<p>${b.replace(/\*\*(.+?)\*\*/g, '<b>$1</b>').replace(/`([^`]+)`/g, (_, c) => `<code>${c.replace(/</g, '&lt;')}</code>`)}</p>`; }).join('\n');
const html = markdown('# Title\n\nSome **bold** and `a<b` text\n\n- one\n- two');
const ini = (text) => { let section; const out = {}; for (const line of text.split('\n')) { const t = line.trim(); if (!t || t.startsWith(';')) continue; const s = t.match(/^\[(.+)\]$/); if (s) { section = s[1].split('.').reduce((o, k) => (o[k] ??= {}), out); continue; } const [k, ...v] = t.split('='); (section ?? out)[k.trim()] = v.join('=').trim(); } return out; };
const conf = ini('top=1\n; c\n[db.main]\nurl=a=b\n[db.other]\nx = y');
const BP = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 3 };
function expr(tokens, min = 0) { let left = tokens.shift(); if (left === '(') { left = expr(tokens); tokens.shift(); } else if (left === '-') left = { op: 'neg', args: [expr(tokens, 3)] }; else left = isNaN(left) ? { ref: left } : { num: +left }; while (tokens.length && BP[tokens[0]] > min) { const op = tokens.shift(); left = { op, args: [left, expr(tokens, op === '^' ? BP[op] - 1 : BP[op])] }; } return left; }
const ast = expr('a + 2 * ( b - 3 ) ^ 2 / -4'.split(' ').flatMap((t) => (/^-\d/.test(t) ? ['-', t.slice(1)] : [t])));
const visit = (node, v) => ('num' in node ? v.num?.(node) ?? node.num : 'ref' in node ? v.ref(node) : v.op(node.op, node.args.map((n) => visit(n, v))));
const evaluated = visit(ast, { ref: ({ ref }) => ({ a: 10, b: 5 })[ref], op: (op, [x, y]) => ({ '+': x + y, '-': x - y, '*': x * y, '/': x / y, '^': x ** y, neg: -x })[op] });
const printed = visit(ast, { ref: (n) => n.ref, num: (n) => String(n.num), op: (op, args) => (args.length === 1 ? `(-${args[0]})` : `(${args.join(` ${op} `)})`) });
function diff(a, b) { const n = a.length, m = b.length, t = Array.from({ length: n + 1 }, () => new Int16Array(m + 1)); for (let i = n - 1; i >= 0; i--) for (let j = m - 1; j >= 0; j--) t[i][j] = a[i] === b[j] ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]); const out = []; let i = 0, j = 0; while (i < n || j < m) { if (i < n && j < m && a[i] === b[j]) { out.push(' ' + a[i]); i++; j++; } else if (j < m && (i === n || t[i][j + 1] >= t[i + 1]?.[j])) out.push('+' + b[j++]); else out.push('-' + a[i++]); } return out.join(''); }
const d = diff('kitten', 'sitting');
const trie = {}; for (const w of ['car', 'cart', 'dog']) { let n = trie; for (const c of w) n = n[c] ??= {}; n.$ = w; }
const walk = function* (n) { for (const [k, v] of Object.entries(n)) if (k === '$') yield v; else yield* walk(v); };
const caesar = (s, k) => s.replace(/[a-z]/gi, (c) => { const b = c <= 'Z' ? 65 : 97; return String.fromCharCode(((c.charCodeAt(0) - b + k + 26) % 26) + b); });
const fmt = (t, ...a) => t.replace(/%(-?\d*)([sdf%])/g, (m, w, k) => { if (k === '%') return '%'; let v = a.shift(); v = k === 'f' ? v.toFixed(2) : String(v); return w.startsWith('-') ? v.padEnd(-w) : v.padStart(w || 0); });
const strs = ['  trim '.trim(), 'a-b-c'.split('-', 2), 'abc'.codePointAt(1), 'x'.localeCompare('y'), 'ﬁ'.normalize('NFKD'), 'aXbX'.lastIndexOf('X'), 'abc'.substring(2, 0), 'abc'.substr(-2, 1), String.raw`\n${1}`, 'İ'.toLowerCase().length, 'a,b,,c'.split(',').filter(Boolean).join`|`];
console.log(parsed, bad, html, conf, JSON.stringify(ast), evaluated, printed, d, [...walk(trie)], caesar(caesar('Hello, Zoo', 3), -3), fmt('%5s|%-4d|%f%%', 'ab', 7, 1.005), strs);
