'use strict';
// Generators: values sent in, throw, return, delegation, early exit, infinite sequences.
function* fibonacci() {
  let [a, b] = [0, 1];
  for (;;) {
    const reset = yield a;
    [a, b] = reset ? [0, 1] : [b, a + b];
  }
}
function* inner(log) {
  try {
    const got = yield 'inner-1';
    log.push(`got ${got}`);
    yield 'inner-2';
    return 'inner-result';
  } catch (error) {
    log.push(`caught ${error.message}`);
    yield 'recovered';
    return 'after-error';
  } finally {
    log.push('cleanup');
  }
}
function* outer(log) {
  const result = yield* inner(log);
  log.push(result);
  yield* [1, 2];
}
function* tree(node) {
  if (!node) return;
  yield* tree(node.left);
  yield node.value;
  yield* tree(node.right);
}
const fib = fibonacci();
const first = [];
for (const value of fib) {
  if (value > 20) break;
  first.push(value);
}
const logs = [[], [], []];
const runs = logs.map((log) => outer(log));
const sent = [runs[0].next(), runs[0].next('hello'), runs[0].next(), runs[0].next()];
const thrown = [runs[1].next(), runs[1].throw(new Error('boom')), runs[1].next()];
const returned = [runs[2].next(), runs[2].return('early'), runs[2].next()];
const root = { value: 4, left: { value: 2, left: { value: 1 } }, right: { value: 6 } };
const ordered = [...tree(root)];
const again = fibonacci();
const resets = [again.next().value, again.next().value, again.next().value, again.next(true).value];
console.log(first, sent, thrown, returned, logs, ordered, resets, fib.next());
