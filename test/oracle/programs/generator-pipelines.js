'use strict';
// Lazy pipelines of generators over user-made iterators: delegation to trees, shared sources, early close, send and throw.
class Tree {
  constructor(value, left, right) {
    this.value = value;
    this.left = left;
    this.right = right;
  }
  *[Symbol.iterator]() {
    if (this.left) yield* this.left;
    yield this.value;
    if (this.right) yield* this.right;
  }
}
class Countdown {
  #from;
  constructor(from) {
    this.#from = from;
  }
  [Symbol.iterator]() {
    let left = this.#from;
    const self = this;
    return {
      next() {
        if (left <= 0) return { done: true, value: self.#from };
        left -= 1;
        return { done: false, value: left };
      },
      return(value) {
        closed.push(left);
        return { done: true, value };
      },
    };
  }
}
const closed = [];
function* take(source, count) {
  if (count === 0) return 'nothing';
  let n = 0;
  for (const value of source) {
    yield value;
    n += 1;
    if (n === count) return `took ${n}`;
  }
  return 'ran dry';
}
function* map(source, change) {
  let index = 0;
  for (const value of source) yield change(value, index++);
}
function* both(a, b) {
  const first = yield* a;
  const second = yield* b;
  return [first, second];
}
function* guarded(inner) {
  try {
    return yield* inner;
  } catch (error) {
    const answer = yield `caught ${error}`;
    yield* [answer, answer];
  } finally {
    closed.push('guarded');
  }
}
function* echo() {
  let got = 'start';
  while (got !== 'stop') {
    const before = got;
    got = yield `echo ${before}`;
  }
  return got.length;
}
const tree = new Tree(4, new Tree(2, new Tree(1), new Tree(3)), new Tree(6, new Tree(5)));
const squares = [...map(tree, (value, index) => value * value + index)];
const some = [...take(tree, 3)];
const counted = [];
const down = both(new Countdown(3), take(new Countdown(5), 2));
for (let step = down.next(); ; step = down.next()) {
  counted.push(step.value);
  if (step.done) break;
}
for (const value of both(new Countdown(4), 'xy')) {
  if (value === 1) break;
  counted.push(value);
}
const shared = echo();
const outer = guarded(shared);
const talk = [outer.next().value, outer.next('a').value, outer.next('b').value];
const direct = take([10, 20, 30], 1);
talk.push(direct.next().value, outer.throw('oops').value, outer.next('again').value, direct.next().value);
talk.push(outer.return('done').value, shared.next().done);
const spoken = guarded(echo());
const end = [spoken.next().value, spoken.next('stop').value, spoken.next().done];
function* failing(list) {
  for (const item of list) {
    if (item < 0) throw new RangeError(`negative ${item}`);
    yield item;
  }
}
const survived = [];
for (const value of guarded(both(failing([1, 2]), failing([3, -4, 5])))) survived.push(value);
let message;
try {
  const wrong = (function* () {
    yield* undefined;
  })();
  wrong.next();
} catch (error) {
  message = error.message;
}
console.log(squares, some, counted, talk, end, survived, closed, message);
