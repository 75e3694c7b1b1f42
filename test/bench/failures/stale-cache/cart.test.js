const test = require('node:test');
const assert = require('node:assert');
const { totalOf } = require('./cart.js');
const { setPrice } = require('./prices.js');

test('adds up', () => {
  assert.strictEqual(totalOf([{ name: 'tea', count: 2 }]), 8);
});
test('a new price counts', () => {
  setPrice('tea', 5);
  assert.strictEqual(totalOf([{ name: 'tea', count: 2 }]), 10);
});
