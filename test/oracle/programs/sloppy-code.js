// sloppy code: aliased arguments, with, direct and indirect eval, hoisted functions in blocks, delete, this
var out = [];
function alias(a, b, c) {
  arguments[0] = 'A'; b = 'B';
  arguments.length = 2;
  out.push([a, b, c, arguments[1], arguments[2], [].slice.call(arguments).join()]);
  delete arguments[0]; a = 'again';
  out.push([arguments[0], a, 0 in arguments]);
  Object.defineProperty(arguments, '1', { writable: false });
  b = 'frozen?';
  out.push([arguments[1], b]);
  return arguments;
}
alias(1, 2, 3); alias(1); alias();
function dup(a, a, b) { arguments[0] = 9; arguments[1] = 8; return [a, b, arguments.length]; }
out.push(dup(1, 2, 3));
function withs(o) {
  var x = 'outer', r = [];
  with (o) { x = 'in'; r.push(x); var y = x + '!'; with ({ x: 'deep', get z() { return this.x + 'z'; } }) { r.push(x, z); y += x; x = 5; r.push(x); } }
  r.push(x, y, o);
  return r;
}
out.push(withs({ x: 1 }), withs({}), withs({ y: 'own' }));
function unscoped() { var env = { [Symbol.unscopables]: { hid: true }, hid: 1, seen: 2 }; var hid = 'local', seen = 'l2'; with (env) { return [hid, seen]; } }
out.push(unscoped());
function evals(code) { var v = 1; let l = 2; var r = eval(code); return [r, v, l, typeof added === 'undefined' ? 'none' : added]; }
out.push(evals('v = 10; l++; 3'), evals('var added = v + 1; added * 2'), evals('let q = 1; q'), evals('function added() {} typeof added'), evals('"use strict"; var added = 1; added'));
var geval = eval; geval('var global1 = 7'); out.push(typeof global1, global1); delete globalThis.global1; out.push(typeof global1);
function hoist(flag) { var before = typeof inner; if (flag) { function inner() { return flag; } inner = null; } return [before, typeof inner, inner === undefined ? 'u' : String(inner && inner())]; }
out.push(hoist(true), hoist(false));
function shadow() { var f = 1; { function f() {} f = 2; } return f; }
out.push(shadow());
(function () { undeclared = 5; out.push(undeclared, delete undeclared, typeof undeclared); })();
out.push(typeof (function () { return this; }).call(5), (function () { return typeof this; }).call('s'), (function () { 'use strict'; return typeof this; }).call('s'));
var o = { a: 1, get b() { out.push('get b'); return { c: 2 }; } };
out.push(delete o.a, delete o.b.c, delete o?.b?.c, void o.b, (o.b, 3), typeof o.nothing?.x.y.z(), o.nope?.[out.push('never')]);
lab: { out.push('in'); if (o) break lab; out.push('not'); }
a: for (var i = 0; i < 3; i++) b: for (var j = 0; ; j++) { if (j == 2) continue a; if (i == 1) continue a; if (i == 2) break a; out.push(i + ':' + j); }
out.push(i, j);
function named() { return typeof self1; } var fe = function self1() { self1 = 1; return typeof self1; }; out.push(named(), fe());
function callee() { return arguments.callee === callee; } out.push(callee());
try { (function () { 'use strict'; return arguments.callee; })(); } catch (e) { out.push(e.constructor.name); }
var oct = 010 + 0o10; out.push(oct, '\101');
if (true) function odd() { return 'odd'; } out.push(typeof odd);
for (var k in { p: 1, q: 2 }) var last = k; out.push(k, last);
for (var init = 5 in {}); out.push(init);
switch (3) { case 1: function sw() { return 'sw'; } default: out.push(typeof sw); }
out.push(typeof sw);
try { throw 1; } catch (e) { var e = 2; out.push(e); } out.push(e);
console.log(require('util').inspect(out, { depth: 5, breakLength: 150 }));
