const { priceOf } = require('./prices.js');

function totalOf(items) {
  let total = 0;
  for (const { name, count } of items) total += priceOf(name) * count;
  return total;
}

module.exports = { totalOf };
