'use strict';
const text = JSON.stringify({ list: [1, -0, 2.5, { a: 'x', '1': [], '0': {} }], '__proto__': { evil: 1 }, n: null, deep: [[[{ z: 'žluť' }]]], long: 'y'.repeat(100) });
function f(t) { const v = JSON.parse(t); v.list[3].added = 1; v.list.push(v.deep); return v; }
const a = f(text);
const b = f(text);
b.self = b;
class P { constructor(x) { this.x = JSON.parse(x); } }
const p = new P(text);
const arrow = (x) => JSON.parse(x);
const c = [arrow('[' + text + ',' + text + ']'), arrow(text)];
let d; d = JSON.parse(text);
const inner = a.deep[0][0][0]; inner.w = a;
const { list } = JSON.parse(text);
try { const bad = JSON.parse('{"a": ' + text); } catch (e) { console.log(e.message); }
try { const n = JSON.parse('null'.padEnd(100)); n.foo(); } catch (e) { console.log(e.message); }
const orig = JSON.parse;
JSON.parse = (t) => ({ patched: orig(t) });
const q = JSON.parse(text);
JSON.parse = orig;
const r = JSON.parse(text);
console.log(JSON.stringify([c, d, list, p, q, r]).length, Object.keys(r));
