const { Cache } = require('./cache.js');

const cache = new Cache();
const table = new Map([['tea', 4]]);

function priceOf(name) {
  return cache.get(`price:${name}`, () => table.get(name));
}

function setPrice(name, price) {
  table.set(name, price);
  cache.forget(name); // wrong
}

module.exports = { priceOf, setPrice };
