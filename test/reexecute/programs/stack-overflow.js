// Stack overflow, caught at different depths; the program goes on and counts with what it has learnt.
let depth = 0;
function dive(n) {
  depth = n;
  return dive(n + 1) + 1;
}

function depthOf(call) {
  try {
    call();
    return -1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return depth;
  }
}

const first = depthOf(() => dive(0));
console.log('deep', first > 1000, first > 5000 ? 'very' : 'not very');

const tree = { value: 0 };
for (let node = tree, i = 0; i < 50_000; i++) node = node.next = { value: i };
function sum(node) {
  return node === undefined ? 0 : node.value + sum(node.next);
}
function safeSum(node) {
  try {
    return sum(node);
  } catch {
    let total = 0;
    for (; node; node = node.next) total += node.value;
    return `by a loop ${total}`;
  }
}
console.log(safeSum(tree));

const circular = { name: 'loop', toJSON: () => JSON.stringify(circular) };
console.log(depthOf(() => JSON.stringify(circular)) >= 0 ? 'caught in JSON' : 'no');
const even = (n) => (n === 0 ? true : odd(n - 1));
const odd = (n) => (n === 0 ? false : even(n - 1));
let limit = 1;
try {
  for (; limit < 1e7; limit *= 2) even(limit);
} catch (error) {
  console.log(error.name, 'even gives up', limit < 1e7);
}
let layers = 0;
function layered() {
  try {
    layered();
  } finally {
    layers++;
  }
}
setTimeout(() => {
  depth = 0;
  depthOf(() => layered());
  console.log('layers unwound', layers > 1000);
  console.log([1, 2, 3].map((n) => depthOf(() => n)).join());
}, 1);
