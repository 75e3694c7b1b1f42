// One module under several URLs, modules by a subpath and by the package's name: each import shows its own one's values.
import reset, { add, count, last } from './lib/esm/tally.mjs';
import { add as addB, count as countB } from './lib/esm/tally.mjs?b=1';
import * as whole from './lib/esm/tally.mjs#part';
import { level, raise, current as mode } from '#levels';
import { level as sameLevel, Levels } from 'oracle-programs/levels';

const seen = [];
function note(what) {
  const now = [what, count, countB, whole.count, level, sameLevel];
  seen.push(now);
  return now;
}
note('start');
add('x');
note('first');
addB('y');
addB('z');
whole.add('w');
note('others');
raise(2);
const third = await import('./lib/esm/tally.mjs?c');
for (let i = 0; i < 3; i++) {
  third.add(i);
  add(last);
  note(`round ${i}`);
}
const old = reset();
raise(old);
note(mode);
const fourth = await import('./lib/esm/tally.mjs?b=1');
fourth.default();
note(fourth.add === addB);
console.log(seen, new Levels().now(), third.count, fourth.count, last);
