const test = require('node:test');
const assert = require('node:assert');
const { deposit, balanceOf } = require('./accounts.js');

test('what was paid in is there', async () => {
  await deposit('a', 5);
  assert.strictEqual(await balanceOf('a'), 5);
});
