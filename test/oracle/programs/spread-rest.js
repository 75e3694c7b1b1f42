'use strict';
// Spread of iterables, objects with getters, rest parameters, call spreads, holes.
const log = [];
const lazy = {
  get price() {
    log.push('price');
    return 5;
  },
  name: 'lazy',
};
const copy = { ...lazy, extra: true, ...null, ...'hi' };
function join(separator, ...parts) {
  const count = parts.length;
  parts.push('end');
  return parts.join(separator) + count;
}
const sparse = [1, , 3];
const dense = [...sparse, ...new Map([['k', { v: 1 }]]), ...'ab'];
const joined = join('-', ...dense.slice(0, 3), ...['x'], 'y');
class Point {
  constructor(...coordinates) {
    [this.x, this.y] = coordinates;
    this.all = coordinates;
  }
}
const points = [[1, 2], [3, 4, 5]].map((pair) => new Point(...pair));
const merged = Object.assign({}, ...points.map(({ x, y }) => ({ [`p${x}`]: y })));
const max = Math.max(...points.map((point) => point.x), ...[]);
const nested = [...[...[...'xyz']].map((letter, index) => [letter, index])];
const [, ...tail] = nested;
const frozen = Object.freeze([...tail]);
let failure;
try {
  join(...undefined);
} catch (error) {
  failure = error.constructor.name;
}
console.log(copy, log, joined, points, merged, max, frozen, failure);
