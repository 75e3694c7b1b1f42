const test = require('node:test');
const assert = require('node:assert');
const { play } = require('./game.js');

test('an empty board', () => assert.strictEqual(play([]), '.../.../...'));
test('one mark', () => assert.strictEqual(play([[1, 1]]), '.../.x./...'));
