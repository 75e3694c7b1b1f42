// A suite under node:test: nested tests, hooks, mocks of timers and methods, time limits, failures, concurrency.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFile, writeFile, rm } from 'node:fs/promises';

class Store {
  constructor(clock = Date.now) {
    this.clock = clock;
    this.items = new Map();
  }
  put(key, value, ttl = 100) {
    this.items.set(key, { value, until: this.clock() + ttl });
  }
  get(key) {
    const item = this.items.get(key);
    return item && item.until > this.clock() ? item.value : undefined;
  }
  async save(path) {
    await writeFile(path, JSON.stringify([...this.items]));
  }
}

describe('store', { concurrency: 3 }, () => {
  let store;
  let count = 0;
  before(() => console.log('# before'));
  beforeEach(() => {
    store = new Store();
    count++;
  });
  afterEach(() => sleep(1));
  after(() => console.log('# after', count));
  it('keeps', async () => {
    const own = new Store();
    own.put('a', 1);
    await sleep(2);
    assert.equal(own.get('a'), 1);
  });
  it('forgets', () => {
    let now = 0;
    const own = new Store(() => now);
    own.put('a', 1, 10);
    now = 11;
    assert.equal(own.get('a'), undefined);
  });
  it('saves', async (t) => {
    const own = new Store();
    own.put('x', [1, 2]);
    await own.save(`store-${t.name}.json`);
    assert.match(await readFile(`store-${t.name}.json`, 'utf8'), /\[1,2\]/);
    await rm(`store-${t.name}.json`);
  });
  it('fails', () => {
    store.put('b', { n: 1 });
    assert.deepEqual(store.get('b'), { n: 2 });
  });
});

test('mocks', async (t) => {
  const fn = t.mock.fn((a, b) => a + b);
  assert.equal(fn(1, 2), 3);
  assert.equal(fn.mock.callCount(), 1);
  const get = mock.method(Store.prototype, 'get', () => 'mocked');
  assert.equal(new Store().get('q'), 'mocked');
  get.mock.restore();
  await t.test('timers', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let ran = false;
    setTimeout(() => (ran = true), 1000);
    t.mock.timers.tick(999);
    assert.equal(ran, false);
    t.mock.timers.tick(1);
    assert.equal(ran, true);
  });
});
test('too slow', { timeout: 20 }, async () => {
  await sleep(200, undefined, { ref: false });
});
test('skipped', { skip: 'not now' }, () => assert.fail());
test('todo', { todo: true }, () => assert.fail('later'));
test('callback', (t, done) => setImmediate(done));
test('throws late', () => new Promise((resolve, reject) => setTimeout(() => reject(new Error('late')), 3)));
test('with files', async (t) => {
  t.diagnostic('reads itself');
  for (let i = 0; i < 3; i++) await t.test(`round ${i}`, async () => assert.ok((await readFile(new URL(import.meta.url))).length > 100));
});
