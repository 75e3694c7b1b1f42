'use strict';
const { loadCatalogue } = require('./catalogue.js');
const { Cart } = require('./cart.js');
const { discount } = require('./discounts.js');

function total(order, catalogue) {
  const cart = new Cart(catalogue);
  for (const { sku, quantity } of order.items) cart.add(sku, quantity);
  const subtotal = cart.subtotal();
  const off = discount(subtotal, order.coupons);
  const cents = subtotal - off;
  if (!Number.isInteger(cents)) throw new RangeError(`order ${order.id} has no valid total: ${cents}`);
  return cents;
}

const orders = [
  { id: 'A-1', customer: 'Ada', items: [{ sku: 'tea', quantity: 2 }], coupons: ['spring10'] },
  {
    id: 'A-2',
    customer: 'Edsger',
    items: [
      { sku: 'pot', quantity: 1 },
      { sku: 'cup', quantity: 4 },
    ],
    coupons: ['Friends'],
  },
];

const catalogue = loadCatalogue();
for (const order of orders) {
  console.log(`${order.id}: ${(total(order, catalogue) / 100).toFixed(2)}`);
}
