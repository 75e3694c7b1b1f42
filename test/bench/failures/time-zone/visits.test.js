const test = require('node:test');
const assert = require('node:assert');
const { visitsByDay } = require('./visits.js');

test('noon', () => {
  assert.deepStrictEqual(visitsByDay([{ at: '2026-03-01T12:00:00Z' }]), { '2026-03-01': 1 });
});
test('days are those of UTC', () => {
  assert.deepStrictEqual(visitsByDay([{ at: '2026-03-01T23:30:00Z' }, { at: '2026-03-02T00:30:00Z' }]), {
    '2026-03-01': 1,
    '2026-03-02': 1,
  });
});
