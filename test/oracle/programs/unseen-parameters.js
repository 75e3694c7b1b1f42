// Functions among parameters where they are bound otherwise: in array literals and rest patterns.
const inArray = [(x, fns = [() => x, (v) => { x = v; }]) => { const first = x; fns[1](first + 1); const now = fns[0](); return [first, now, x]; }];
function listed(x, [read, write] = [() => x, (v) => { x = v; return x; }]) { const first = read(); write(first * 2); const now = x; return [first, now]; }
function rest(a, ...[b, f = () => a + b, g = (v) => { b = v; a = v; }]) { const before = f(); g(10); const after = f(); return [before, after, a, b, arguments.length]; }
function restObject(...{ length, 0: first, h = () => first + length, k = () => { first += 1; } }) { k(); const sum = h(); return [sum, first]; }
const restArrow = (...[n, next = () => n++]) => { next(); const m = n; return [m, next(), n]; };
function restName(a, f = () => all.length + a, ...all) { const l = f(); all.push(1); a += 1; return [l, f()]; }
function restWrites(a, drop = () => { all = [a]; }, ...all) { drop(); const seen = all; return seen; }
const within = [[(q, w = () => q++) => { w(); const z = q; return [z, w()]; }], { m: (q, w = () => q++) => { w(); return q; } }];
const table = [function (a, { b = () => a++ } = {}) { b(); const c = a; return c; }, (...[a, b = () => a++]) => { b(); return a; }];
const called = [1, 2].map((v, i, all, tell = [() => v * 10, () => { v += 1; }]) => { tell[1](); const t = tell[0](); return t; });
console.log(inArray[0](1), listed(4), rest(1, 2), rest(1, 2, () => 0), restObject(5, 6), restArrow(3), restName(1, undefined, 2, 3), restWrites(4, undefined, 5, 6));
console.log(within[0][0](1), within[1].m(3), table[0](1), table[1](6), called);
console.log(rest.length, restObject.length, restArrow.length, listed.length, restName.length, inArray[0].name, table[0].name, within[1].m.name);
