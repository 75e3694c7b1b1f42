// functions declared in the cases of a switch and in an `if` without braces, and values in the head of a `for in`
const fns = [];
function many(x, seen = []) {
  let n = 0;
  switch (x) {
    case first():
      n += second();
      break;
    case 2: {
      seen.push(typeof first, typeof third);
    }
    // falls through
    case 3:
      function first() { n++; return total; }
      var total = 7;
    default:
      let held = 0;
      function second() { held++; return held + n; }
      seen.push(second(), held);
      fns.push(second, () => held);
      break;
    case 5:
      function third() { return 'third'; }
      seen.push(third());
  }
  return [seen, n, typeof first, typeof second, typeof third];
}
for (const x of [undefined, 1, 2, 3, 5]) { try { console.log(JSON.stringify(many(x))); } catch (e) { console.log(e.message); } }
console.log(fns.map((f) => f()));
function ifs(x) { if (x) function f() { return x; } else function f() { return 'else'; } return f(); }
console.log(ifs(1), ifs(0));
function ifElse(x) { if (x) function g() { return x; } else { function g() { return 'block'; } } return g(); }
console.log(ifElse(1), ifElse(0));
switch (1) { case gen === undefined: break; case 1: function* gen() { yield 1; } async function later() { return 2; } class K {} console.log([...gen()], typeof later, typeof K); }
outer: switch (1) { case 0: function lost() {} case 1: for (var k in { a: 1 }) break outer; }
console.log(typeof lost, k);
if (fns) function direct() { return 'direct'; }
console.log(typeof direct);
for (var init = 5 in {});
console.log(init);
for (var seen = (fns.push(() => seen), 7) in { a: 1, b: 2 }) console.log(seen, fns.at(-1)());
function heads() {
  for (var q = 5 in {});
  for (var r = [q] in null);
  return [q, r];
}
console.log(heads());
