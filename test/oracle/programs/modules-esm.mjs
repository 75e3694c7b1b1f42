// ES modules: live bindings, namespace objects, default exports, re-exports, dynamic import, import of CommonJS.
import counter, { total } from './lib/counter.cjs';
import * as live from './lib/live.mjs';
import square, { value, setValue as assign, Box } from './lib/live.mjs';
const observed = [value];
assign(5);
observed.push(value, live.value);
const before = live.history.length;
assign(value + 1);
observed.push(value);
const namespace = Object.keys(live);
let failure;
try {
  live.value = 9;
} catch (error) {
  failure = error.constructor.name;
}
const box = new Box(square(value));
box.map((n) => n / 2).map((n) => n - 1);
const dynamic = await import('./lib/live.mjs');
const same = dynamic.default === square && dynamic.Box === Box;
dynamic.setValue(100);
const counts = ['x', 'y', 'x'].map((name) => counter.count(name));
function local(n = value) {
  const inner = () => n + value;
  assign(n * 2);
  return inner();
}
const computed = [local(), local(1)];
export const summary = { observed, before, counts, computed, total, box };
export { local as default };
console.log(summary, namespace, failure, same, live.history, typeof require);
