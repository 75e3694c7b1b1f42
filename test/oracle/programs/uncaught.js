'use strict';
// A program that fails: its uncaught exception leaves through several frames with state worth reading.
class Inventory {
  #stock = new Map();
  add(name, count, price) {
    this.#stock.set(name, { count, price });
    return this;
  }
  take(name, count) {
    const entry = this.#stock.get(name);
    if (entry.count < count) {
      throw new RangeError(`only ${entry.count} ${name} left, wanted ${count}`);
    }
    entry.count -= count;
    return entry.price * count;
  }
}
const inventory = new Inventory().add('nut', 10, 2).add('bolt', 4, 3);
function order(lines) {
  let total = 0;
  const receipt = [];
  for (const { name, count } of lines) {
    const price = inventory.take(name, count);
    total += price;
    receipt.push(`${count} x ${name} = ${price}`);
  }
  return { total, receipt };
}
process.on('exit', (code) => {
  const { length } = orders;
  console.log(`exit ${code} after ${length} orders`);
});
const orders = [];
orders.push(order([{ name: 'nut', count: 3 }]));
orders.push(order([{ name: 'bolt', count: 2 }, { name: 'nut', count: 1 }]));
try {
  order([{ name: 'screw', count: 1 }]);
} catch (error) {
  orders.push(error);
}
orders.push(order([{ name: 'nut', count: 2 }, { name: 'bolt', count: 5 }]));
