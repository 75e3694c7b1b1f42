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

// keys that count, keys that shadow, and what all objects inherit
const odd = '{"__proto__":{"own":[{}]},"b":{"2":{"k":1},"1":[{"k":2}],"a":{}},"constructor":{"name":{}},"padding":"' + '.'.repeat(64) + '"}';
const plainly = JSON.parse(odd);
Object.prototype.inherited = { of: ['all'] };
const polluted = JSON.parse(odd);
const many = JSON.parse('[' + new Array(9000).fill('{"n":{"m":[]}}').join(',') + ']');
many[8999].n.m.push(many[17].n, polluted.inherited);
delete Object.prototype.inherited;
const after = JSON.parse(odd);
after.b['1'][0].k = plainly.__proto__.own[0];
const last = [many[8999].n.m[0].m, after.b.a, polluted.constructor.name];
console.log(Object.keys(after), last.length);
