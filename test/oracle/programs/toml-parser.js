// a TOML-like parser with sticky patterns, labelled loops and error positions
'use strict';
class ParseError extends SyntaxError {
  static #count = 0;
  #at;
  constructor(message, at, options) {
    super(`${message} at ${at.line}:${at.column}`, options);
    this.#at = at;
    ParseError.#count++;
  }
  get at() { return { ...this.#at }; }
  static get count() { return ParseError.#count; }
  get name() { return 'ParseError'; }
}
const tokens = {
  space: /[ \t]+/y, comment: /#[^\n]*/y, newline: /\r?\n/y, key: /[A-Za-z_][\w-]*/y,
  string: /"(?<body>(?:\\.|[^"\\])*)"/dy, number: /[+-]?\d+(?:_\d+)*(?:\.\d+)?(?:e[+-]?\d+)?/yi,
  date: /(\d{4})-(\d\d)-(\d\d)/y, bool: /true|false/y, punct: /\[\[|\]\]|[[\]{}=,.]/y,
};
function* lex(text) {
  let index = 0, line = 1, start = 0;
  outer: while (index < text.length) {
    for (const [kind, re] of Object.entries(tokens).sort(([a], [b]) => (a === 'date' ? -1 : b === 'date' ? 1 : 0))) {
      re.lastIndex = index;
      const m = re.exec(text);
      if (m === null) continue;
      const at = { line, column: index - start + 1 };
      index = re.lastIndex;
      switch (kind) {
        case 'space': case 'comment': continue outer;
        case 'newline': line++; start = index; yield { kind, at }; continue outer;
        default: yield { kind, at, text: m[0], m }; continue outer;
      }
    }
    throw new ParseError(`unexpected ${JSON.stringify(text[index])}`, { line, column: index - start + 1 });
  }
  yield { kind: 'end', at: { line, column: index - start + 1 } };
}
class Parser {
  #it; #now;
  root = Object.create(null);
  constructor(text) { this.#it = lex(text); this.#next(); }
  #next() { const was = this.#now; ({ value: this.#now } = this.#it.next()); return was; }
  #is(text) { return this.#now?.text === text; }
  #expect(text) { if (!this.#is(text)) throw new ParseError(`expected ${text}`, this.#now.at); return this.#next(); }
  #path() { const names = [this.#next().text]; while (this.#is('.')) { this.#next(); names.push(this.#next().text); } return names; }
  #value() {
    const token = this.#next();
    switch (token.kind) {
      case 'string': return token.m.groups.body.replace(/\\(u[\da-f]{4}|.)/gi, (_, e) => e[0] === 'u' ? String.fromCharCode(parseInt(e.slice(1), 16)) : { n: '\n', t: '\t' }[e] ?? e);
      case 'number': return /[.e]/i.test(token.text) ? parseFloat(token.text.replaceAll('_', '')) : BigInt(token.text.replaceAll('_', '').replace(/^\+/, ''));
      case 'date': { const [, y, mo, d] = token.m; return new Date(Date.UTC(+y, mo - 1, +d)); }
      case 'key': if (/^(true|false)$/.test(token.text)) return token.text === 'true'; break;
      case 'punct':
        if (token.text === '[') { const list = []; do { if (this.#is(']')) break; list.push(this.#value()); } while (this.#is(',') && this.#next()); this.#expect(']'); return list; }
        if (token.text === '{') { const o = {}; while (!this.#is('}')) { const p = this.#path(); this.#expect('='); this.#set(o, p, this.#value()); if (!this.#is('}')) this.#expect(','); } this.#next(); return o; }
    }
    throw new ParseError('no value', token.at, { cause: token.kind });
  }
  #set(target, path, value) {
    for (const [i, name] of path.entries()) {
      if (i === path.length - 1) { if (Object.hasOwn(target, name)) throw new ParseError(`twice ${path.join('.')}`, this.#now.at); target[name] = value; }
      else target = target[name] ??= {};
    }
  }
  parse() {
    let here = this.root;
    for (;;) {
      const { kind } = this.#now;
      if (kind === 'end') return this.root;
      if (kind === 'newline') { this.#next(); continue; }
      if (this.#is('[')) { this.#next(); const p = this.#path(); this.#expect(']'); here = p.reduce((o, k) => (o[k] ??= {}), this.root); continue; }
      if (this.#is('[[')) { this.#next(); const p = this.#path(); this.#expect(']]'); const last = p.pop(); const o = p.reduce((q, k) => (q[k] ??= {}), this.root); (o[last] ??= []).push(here = {}); continue; }
      const p = this.#path();
      this.#expect('=');
      this.#set(here, p, this.#value());
    }
  }
}
const text = `title = "T\\u0041\\n" # c
big = 1_000_000_000_000_000
pi = 3.14
[owner.info]
born = 1979-05-27
tags = ["a", "b", [1, 2] ]
inline = { x = 1, y.z = true }
[[servers]]
ip = "10.0.0.1"
[[servers]]
ip = "10.0.0.2"
`;
const parsed = new Parser(text).parse();
console.log(JSON.stringify(parsed, (k, v) => typeof v === 'bigint' ? `${v}n` : v));
for (const bad of ['a = ', 'a = 1\na = 2', 'x ! 1', '[a', 'a = =']) {
  try { new Parser(bad).parse(); } catch (error) { console.log(error instanceof SyntaxError, error.name, error.message, error.at, error.cause, ParseError.count, String(error)); }
}
