class Bus {
  constructor() {
    this.listeners = {};
  }
  on(name, listener) {
    this.listeners[name] = [listener]; // wrong
  }
  emit(name, value) {
    for (const listener of this.listeners[name] ?? []) listener(value);
  }
}

module.exports = { Bus };
