const p = (...a) => a;
const child = { own: 1 };
const parent = { __proto__: { get who() {
  return this.own;
} } };
Object.setPrototypeOf(child, parent); p(child.who, 'x' in child);
p(child.who, 'x' in child);
