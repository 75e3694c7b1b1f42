const { pageOf, pageCount } = require('./pages.js');

function report(rows, size) {
  const pages = [];
  for (let number = 1; number <= pageCount(rows, size); number++) {
    const rowsOfPage = pageOf(rows, number, size);
    pages.push({ number, first: rowsOfPage[0].id, count: rowsOfPage.length });
  }
  return pages;
}

module.exports = { report };
