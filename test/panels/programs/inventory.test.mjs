import assert from 'node:assert';
import { describe, it, test } from 'node:test';
import { Inventory, OutOfStock, order, pause, permutations, total } from './inventory.mjs';

const items = [
  { sku: 'bolt', count: 120 },
  { sku: 'nut', count: 80 },
  { sku: 'washer', count: 0 },
];
const price = (sku) => ({ bolt: 12, nut: 7, washer: 3 })[sku];

describe('inventory', () => {
  it('knows its levels', () => {
    const inventory = new Inventory(items);
    assert.deepStrictEqual([...inventory.entries()], items);
  });
  it('gives what there is', () => {
    const inventory = new Inventory(items);
    assert.equal(inventory.take('bolt', 20), 100);
    assert.throws(() => inventory.take('washer', 1), OutOfStock);
  });
});

describe('orders', () => {
  it('skip what is not there', async () => {
    const done = await order(new Inventory(items), [...items, { sku: 'nut', count: 1 }], price);
    assert.equal(done.taken.length, 2);
    console.log(`total ${done.total}`);
  });
  it('give discounts', () => {
    assert.equal(total([{ sku: 'bolt', count: 100 }], price), 960);
    assert.equal(total([{ sku: 'nut', count: 10 }], price), 63);
  });
  it('add up in any sequence', () => {
    const lines = ['bolt', 'nut', 'washer', 'bolt', 'nut', 'washer'].map((sku, i) => ({ sku, count: i * 7 }));
    const sums = new Set(permutations(lines).map((each) => Math.round(total(each, price))));
    assert.equal(sums.size, 1);
    console.log(`${sums.size} sum of ${lines.length} lines`);
  });
  it('run at one time', async () => {
    const inventory = new Inventory(items);
    const orders = await Promise.all([1, 2, 3].map((count) => order(inventory, [{ sku: 'bolt', count }], price)));
    assert.equal(inventory.level('bolt'), 114);
    console.log(orders.map((each) => each.total).join(' '));
  });
});

test('counts what was ordered', { skip: 'not yet' }, () => {});

test('refuses broken prices', async () => {
  await pause(2);
  const broken = total([{ sku: 'screw', count: 3 }], price);
  assert.ok(Number.isFinite(broken), `the total is ${broken}`);
});
