const test = require('node:test');
const assert = require('node:assert');
const { optionsFrom } = require('./options.js');

test('defaults', () => {
  assert.deepStrictEqual(optionsFrom([]), { port: 80, host: 'localhost', secure: false });
});
test('what is given counts', () => {
  assert.strictEqual(optionsFrom(['--port=8080', '--verbose']).port, 8080);
});
