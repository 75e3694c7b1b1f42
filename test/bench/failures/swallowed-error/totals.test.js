const test = require('node:test');
const assert = require('node:assert');
const { totals } = require('./totals.js');

test('numbers', () => assert.deepStrictEqual(totals('{"id":"a","amount":1.5}'), { a: 1.5 }));
test('amounts as text', () => {
  assert.deepStrictEqual(totals('{"id":"a","amount":1}\n{"id":"a","amount":"2"}'), { a: 3 });
});
