'use strict';
// An LRU cache on a doubly linked list: pointers rewired at every access.
class Entry {
  previous = null;
  next = null;
  constructor(key, value) {
    this.key = key;
    this.value = value;
  }
}
class Cache {
  #index = new Map();
  #head = new Entry(null, null);
  #tail = new Entry(null, null);
  hits = 0;
  misses = 0;
  constructor(capacity, onEvict) {
    this.capacity = capacity;
    this.onEvict = onEvict;
    this.#head.next = this.#tail;
    this.#tail.previous = this.#head;
  }
  #detach(entry) {
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
  }
  #front(entry) {
    const first = this.#head.next;
    entry.previous = this.#head;
    entry.next = first;
    first.previous = this.#head.next = entry;
  }
  get(key) {
    const entry = this.#index.get(key);
    if (!entry) {
      this.misses++;
      return undefined;
    }
    this.hits += 1;
    this.#detach(entry);
    this.#front(entry);
    return entry.value;
  }
  set(key, value) {
    let entry = this.#index.get(key);
    if (entry) {
      entry.value = value;
      this.#detach(entry);
    } else {
      entry = new Entry(key, value);
      this.#index.set(key, entry);
      if (this.#index.size > this.capacity) this.#evict();
    }
    this.#front(entry);
    return this;
  }
  #evict() {
    const oldest = this.#tail.previous;
    this.#detach(oldest);
    this.#index.delete(oldest.key);
    oldest.next = oldest.previous = null;
    this.onEvict?.(oldest);
  }
  *[Symbol.iterator]() {
    for (let entry = this.#head.next; entry !== this.#tail; entry = entry.next) yield [entry.key, entry.value];
  }
}
const evicted = [];
const cache = new Cache(3, (entry) => evicted.push(entry));
const fib = (n) => {
  const known = cache.get(n);
  if (known !== undefined) return known;
  const value = n < 2 ? n : fib(n - 1) + fib(n - 2);
  cache.set(n, value);
  return value;
};
const result = fib(12);
cache.set(12, 'replaced').set('new', { deep: cache });
const order = [...cache].map(([key]) => key);
console.log(result, order, cache.hits, cache.misses, evicted.map(({ key }) => key).join());
