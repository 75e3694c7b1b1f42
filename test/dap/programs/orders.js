// Classes, private fields, asynchronous calls that wait for each other, and an error that leaves the program.
class Box {
  #n;
  constructor(n) {
    this.#n = n;
    this.seen = new Map([[n, { n }]]);
  }
  get double() {
    return this.#n * 2;
  }
  add(m) {
    return new Box(this.#n + m);
  }
}
class Crate extends Box {
  label = 'crate';
  static made = 0;
  static {
    Crate.made = 1;
  }
}
const order = { items: [{ 'unit price': 4, name: 'tea' }], tags: new Set(['a', 'b']), at: new Date(0) };
let total = 0;
for (let i = 0; i < 20; i++) total += i;
async function load(n) {
  await null;
  try {
    if (n > 2) throw new RangeError(`box ${n}`);
    return n % 2 ? new Crate(n) : new Box(n).add(1);
  } finally {
    total++;
  }
}
async function main() {
  const boxes = [];
  for (let i = 0; i < 5; i++) {
    try {
      boxes.push(await load(i));
    } catch (error) {
      order.items.push({ error });
      if (i > 3) throw new TypeError('too many', { cause: error });
    }
  }
}
setTimeout(() => console.log(total, order), 1);
main();
