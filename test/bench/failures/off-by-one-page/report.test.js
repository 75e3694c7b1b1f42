const test = require('node:test');
const assert = require('node:assert');
const { report } = require('./report.js');

test('no rows have no pages', () => assert.deepStrictEqual(report([], 2), []));
test('each page has its first row', () => {
  const pages = report([{ id: 'a' }, { id: 'b' }, { id: 'c' }], 2);
  assert.deepStrictEqual(pages, [
    { number: 1, first: 'a', count: 2 },
    { number: 2, first: 'c', count: 1 },
  ]);
});
