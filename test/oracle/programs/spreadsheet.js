// a spreadsheet: formulas compiled to closures, dependency order, cycles, ranges, named cells, undo by inverse patches, proxies as cells
const cells = Object.create(null), deps = new Map(), dirty = new Set(), undo = [];
const col = (s) => [...s].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0);
const name = (c, r) => { let s = ''; for (; c > 0; c = Math.floor((c - 1) / 26)) s = String.fromCharCode(65 + ((c - 1) % 26)) + s; return s + r; };
function* range(a, b) { const [, c1, r1] = /([A-Z]+)(\d+)/.exec(a), [, c2, r2] = /([A-Z]+)(\d+)/.exec(b); for (let c = col(c1); c <= col(c2); c++) for (let r = +r1; r <= +r2; r++) yield name(c, r); }
const FN = { SUM: (...v) => v.flat().reduce((a, b) => a + (+b || 0), 0), MAX: (...v) => Math.max(...v.flat()), IF: (c, a, b) => (c ? a : b), LEN: (s) => `${s}`.length, CAT: (...v) => v.flat(Infinity).join('') };
function compile(text) {
  const tokens = text.match(/[A-Z]+\d+(?::[A-Z]+\d+)?|[A-Z]+(?=\()|\d+(?:\.\d+)?|"[^"]*"|[-+*/(),<>=]/g) ?? [];
  let i = 0; const reads = new Set();
  const peek = () => tokens[i], take = (t) => (peek() === t ? (i++, true) : false);
  const need = (t) => { if (!take(t)) throw new SyntaxError(`want ${t} at ${i}, have ${peek() ?? 'end'}`); };
  const binary = (next, ops) => () => { let l = next(); outer: for (;;) { for (const [op, f] of Object.entries(ops)) if (take(op)) { const a = l, b = next(); l = (g) => f(a(g), b(g)); continue outer; } return l; } };
  const atom = () => {
    const t = tokens[i++];
    switch (true) {
      case t === undefined: throw new SyntaxError('unexpected end');
      case t === '(': { const e = expr(); need(')'); return e; }
      case t === '-': { const e = atom(); return (g) => -e(g); }
      case t[0] === '"': return () => t.slice(1, -1);
      case /^\d/.test(t): { const n = +t; return () => n; }
      case t.includes(':'): { const list = [...range(...t.split(':'))]; list.forEach(reads.add, reads); return (g) => list.map(g); }
      case /\d$/.test(t): reads.add(t); return (g) => g(t);
      default: { const f = FN[t]; if (!f) throw new ReferenceError(t); need('('); const args = []; if (!take(')')) { do args.push(expr()); while (take(',')); need(')'); } return (g) => f(...args.map((a) => a(g))); }
    }
  };
  const product = binary(atom, { '*': (a, b) => a * b, '/': (a, b) => { if (b === 0) throw new RangeError('#DIV/0'); return a / b; } });
  const sum = binary(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });
  const expr = binary(sum, { '<': (a, b) => a < b, '>': (a, b) => a > b, '=': (a, b) => a == b });
  const run = expr(); if (i < tokens.length) throw new SyntaxError(`rest ${tokens.slice(i).join('')}`);
  return { run, reads };
}
function set(at, input) {
  const before = cells[at]; undo.push(() => { before ? (cells[at] = before) : delete cells[at]; link(at, before?.reads ?? []); touch(at); });
  const cell = { input, value: undefined, error: null, reads: [], run: null };
  try { if (input[0] === '=') ({ run: cell.run, reads: { ...cell.set } } = compile(input.slice(1))), cell.reads = [...compile(input.slice(1)).reads]; else cell.value = input === '' || isNaN(input) ? input : +input; }
  catch (error) { cell.error = error; }
  cells[at] = cell; link(at, cell.reads); touch(at);
}
function link(at, reads) { for (const users of deps.values()) users.delete(at); for (const r of reads) (deps.get(r) ?? deps.set(r, new Set()).get(r)).add(at); }
function touch(at, seen = new Set()) { if (seen.has(at)) return; seen.add(at); dirty.add(at); deps.get(at)?.forEach((user) => touch(user, seen)); }
function value(at, path = []) {
  if (path.includes(at)) throw new Error(`cycle ${[...path.slice(path.indexOf(at)), at].join('>')}`);
  const cell = cells[at]; if (!cell) return '';
  if (cell.run && dirty.has(at)) { try { cell.value = cell.run((other) => value(other, [...path, at])); cell.error = null; } catch (error) { cell.error = error; cell.value = undefined; } finally { dirty.delete(at); } }
  if (cell.error && path.length) throw cell.error;
  return cell.error ? `#${cell.error.name}: ${cell.error.message}` : cell.value;
}
const sheet = new Proxy(cells, { get: (_, at) => (typeof at === 'string' && /^[A-Z]+\d+$/.test(at) ? value(at) : Reflect.get(_, at)), set: (_, at, v) => (set(at, `${v}`), true), deleteProperty: (_, at) => (set(at, ''), true), has: (t, at) => at in t && t[at].input !== '', ownKeys: (t) => Reflect.ownKeys(t).sort() });
Object.assign(sheet, { A1: 3, A2: 4, A3: '=A1*A2+1', B1: '=SUM(A1:A3)', B2: '=IF(B1>10,"big","small")', AA10: '=CAT(B2,"-",LEN(B2),A1:A2)', C1: '=C2', C2: '=C1+1', D1: '=A1/(A2-4)', E1: '=NOPE(1)', E2: '=(1', E3: '=1 2' });
const show = () => Object.keys(sheet).map((k) => `${k}=${sheet[k]}`).join(' | ');
console.log(show());
sheet.A1 = 10; sheet.A2 = '=A1-6'; console.log(show());
delete sheet.A1; sheet.C2 = 5; console.log('A1' in sheet, 'A2' in sheet, sheet.C1, sheet.D1, sheet.B1);
while (undo.length > 12) undo.pop()(); console.log(show());
try { value('C1', ['C1']); } catch (e) { console.log(e.message); }
console.log([...deps].filter(([, s]) => s.size).map(([k, s]) => `${k}<-${[...s]}`).join(' '), dirty.size, JSON.stringify(sheet.A3), [...range('Y1', 'AB2')].join());
