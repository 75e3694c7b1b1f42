const test = require('node:test');
const assert = require('node:assert');
const { shop } = require('./orders.js');

test('an order is logged', () => {
  const { bus, log } = shop();
  bus.emit('order', { name: 'tea', count: 1 });
  assert.deepStrictEqual(log, ['tea']);
});
test('an order is taken from the stock', () => {
  const { bus, stock } = shop();
  bus.emit('order', { name: 'tea', count: 1 });
  assert.strictEqual(stock.tea, 2);
});
