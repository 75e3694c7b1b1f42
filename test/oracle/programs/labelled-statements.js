// Labels before statements of every kind: what is stepped and counted is the statement.
let a = 0, b = [];
one: a = 1;
two: three: a += 2;
four: b.push(a);
five: if (a > 2) { six: b.push(a + 1); a = 9; }
seven: { eight: a = 10; if (a) break seven; a = 11; }
function f(n) { nine: return n + 1; }
function g(n) { ten: try { eleven: n = f(n); if (n > 1) break ten; n = 7; } finally { twelve: n += 1; } return n; }
thirteen: for (let i = 0; i < 3; i++) { fourteen: if (i === 1) continue thirteen; else fifteen: a += i; }
sixteen: switch (a) { case 12: seventeen: a = 3; break sixteen; default: a = 4; }
eighteen: var z = f(a), y = g(a);
try { nineteen: throw new Error('x'); } catch (e) { twenty: b.push(e.message); }
if (a) t1: a = 5; else t2: a = 6;
while (a > 0) t3: a -= 2;
do t4: a += 3; while (a < 10);
for (const k in { p: 1 }) t5: b.push(k);
for (const k of [1, 2]) t6: t7: b.push(k);
t8: function hoisted() { return 1; }
t9: ;
t10: do { if (a++ < 12) continue t10; break t10; } while (true);
console.log(a, b, z, y, hoisted());
