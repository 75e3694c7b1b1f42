'use strict';

class Cart {
  #catalogue;

  constructor(catalogue) {
    this.#catalogue = catalogue;
    this.lines = [];
  }

  add(sku, quantity) {
    const product = this.#catalogue.get(sku);
    if (!product) throw new Error(`no such product: ${sku}`);
    this.lines.push({ sku, quantity, cents: product.cents * quantity });
    return this;
  }

  subtotal() {
    let cents = 0;
    for (const line of this.lines) cents += line.cents;
    return cents;
  }
}

module.exports = { Cart };
