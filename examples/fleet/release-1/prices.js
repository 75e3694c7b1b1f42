function priceOf({ cents, discount }) {
  return discount ? Math.round((cents * (100 - discount.percent)) / 100) : cents;
}

module.exports = { priceOf };
