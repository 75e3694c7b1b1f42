const test = require('node:test');
const assert = require('node:assert');
const { requestOf } = require('./client.js');

test('a token is sent', () => {
  assert.deepStrictEqual(requestOf('/a', { token: 't' }).headers, ['accept', 'authorization']);
});
test('without a token none is sent', () => {
  assert.deepStrictEqual(requestOf('/b', {}).headers, ['accept']);
});
