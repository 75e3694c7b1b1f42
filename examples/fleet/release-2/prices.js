// Release 2: discounts are shown to half a percent. Not every product has one.
function priceOf({ cents, discount }) {
  const percent = Math.round(discount.percent * 2) / 2;
  return Math.round((cents * (100 - percent)) / 100);
}

module.exports = { priceOf };
