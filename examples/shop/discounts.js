'use strict';

const rates = { spring10: 0.1, friends: 0.15 };

/** The part of the price that a coupon takes off. */
function rateOf(coupon) {
  const code = coupon.trim();
  return rates[code];
}

function discount(cents, coupons) {
  let rest = cents;
  for (const coupon of coupons) {
    const rate = rateOf(coupon);
    rest -= Math.round(rest * rate);
  }
  return cents - rest;
}

module.exports = { discount };
