'use strict';
// Each iteration's own binding, shared var bindings, closures that write back, loops with closures in their heads.
const fixed = [];
const shared = [];
for (let i = 0; i < 3; i++) {
  fixed.push({ get: () => i, bump: (by) => (i += by) });
}
for (var j = 0; j < 3; j++) shared.push(() => j);
fixed[0].bump(10);
fixed[2].bump(5);
const values = fixed.map((entry) => entry.get());
const late = shared.map((read) => read());
const heads = [];
for (let n = 0, next = () => n++; n < 3; next(), n++) {
  heads.push(() => n);
  if (heads.length > 5) break;
}
const headValues = heads.map((read) => read());
const inner = [];
for (const key in { a: 1, b: 2 }) {
  let count = 0;
  inner.push(() => `${key}${++count}`);
}
const names = [inner[0](), inner[0](), inner[1]()];
function counterFactory() {
  let count = 0;
  const history = [];
  return {
    up() {
      history.push(++count);
      return count;
    },
    reset: () => (count = 0),
    history,
  };
}
const [left, right] = [counterFactory(), counterFactory()];
left.up();
left.up();
right.up();
left.reset();
left.up();
let k = 0;
const whiles = [];
while (k < 3) {
  const square = k * k;
  whiles.push(() => (k += square));
  k++;
}
const sums = whiles.map((add) => add());
const selves = [];
for (let f = (depth) => (depth ? f(depth - 1) + 1 : 0), turn = 0; turn < 2; turn++) selves.push(f(turn + 1));
console.log(values, late, headValues, names, left.history, right.history, sums, selves, k);
