// A long computation cut into slices by the clock, with progress, beside a heartbeat; the clock decides the slices.
import { setImmediate as breathe } from 'node:timers/promises';

function* mergeSort(list) {
  if (list.length < 2) return list;
  const middle = list.length >> 1;
  const [left, right] = [yield* mergeSort(list.slice(0, middle)), yield* mergeSort(list.slice(middle))];
  const out = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) out.push(left[i] <= right[j] ? left[i++] : right[j++]);
  yield out.length;
  return [...out, ...left.slice(i), ...right.slice(j)];
}

async function inSlices(work, budget) {
  let slices = 1;
  let merged = 0;
  let until = performance.now() + budget;
  for (;;) {
    const { value, done } = work.next();
    if (done) return { slices, merged, result: value };
    merged += value;
    if (performance.now() > until) {
      slices++;
      await breathe();
      until = performance.now() + budget;
    }
  }
}

let beats = 0;
const heart = setInterval(() => beats++, 2);
const list = Array.from({ length: 20_000 }, () => Math.floor(Math.random() * 1e6));
const expected = list.toSorted((a, b) => a - b);
const { slices, merged, result } = await inSlices(mergeSort(list), 3);
clearInterval(heart);
console.log('sorted', result.every((n, i) => n === expected[i]), 'slices', slices, 'merged', merged, 'beats', beats);

const life = { grid: Array.from({ length: 12 }, () => Array.from({ length: 12 }, () => Math.random() < 0.4)), generations: 0 };
const neighbours = (x, y) => [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => (dx || dy) && life.grid[(x + dx + 12) % 12][(y + dy + 12) % 12])).filter(Boolean).length;
for (const seen = new Set(); ; life.generations++) {
  const picture = life.grid.map((row) => row.map(Number).join('')).join('');
  if (seen.has(picture) || life.generations > 100) break;
  seen.add(picture);
  life.grid = life.grid.map((row, x) => row.map((alive, y) => [2, 3].includes(neighbours(x, y)) && (alive || neighbours(x, y) === 3)));
  if (life.generations % 10 === 0) await breathe();
}
console.log('settled or tired after', life.generations, 'alive', life.grid.flat().filter(Boolean).length);
