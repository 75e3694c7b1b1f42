'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { discount } = require('./discounts.js');

test('a coupon takes its part off the price', () => {
  assert.equal(discount(1000, ['spring10']), 100);
});

test('it does not matter how a coupon is written', () => {
  assert.equal(discount(1000, [' Friends ']), 150);
});
