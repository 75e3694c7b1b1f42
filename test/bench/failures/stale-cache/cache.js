class Cache {
  constructor() {
    this.entries = new Map();
  }
  get(key, load) {
    if (!this.entries.has(key)) this.entries.set(key, load());
    return this.entries.get(key);
  }
  forget(key) {
    this.entries.delete(key);
  }
}
module.exports = { Cache };
