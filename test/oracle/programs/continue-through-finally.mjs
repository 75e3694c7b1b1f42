const add = (x) => x;
const lazy = { async *[Symbol.asyncIterator]() { let i = 0; try { while (true) yield i++; } finally { add('closed'); } } };
outer: for await (const x of lazy) {
  for (const y of [1, 2, 3]) {
    try {
      if (y === 2) continue outer;
      if (x === 2) break outer;
    } finally {
      add(`${x}${y}`);
    }
  }
}
function* two() { yield 1; yield 2; }
for (const x of two()) {
  for (const y of two()) {
    try {
      if (y === x) continue;
      add(y);
    } finally {
      const z = y;
    }
  }
}
