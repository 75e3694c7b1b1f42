const test = require('node:test');
const assert = require('node:assert');
const { searchBox } = require('./search.js');

test('one search', async () => {
  let shown = '';
  const type = searchBox((results) => (shown = results));
  await type('a');
  assert.strictEqual(shown, 'results of a');
});
test('the last search is shown', async () => {
  let shown = '';
  const type = searchBox((results) => (shown = results));
  await Promise.all([type('a'), type('ab')]);
  assert.strictEqual(shown, 'results of ab');
});
