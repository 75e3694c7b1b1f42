// Weak references, private data in WeakMaps, finalizers that never run.
const hidden = new WeakMap();
const cache = new Map();
const registry = new FinalizationRegistry((held) => { cache.delete(held); });
class Account {
  constructor(owner) { hidden.set(this, { owner, balance: 0, log: new Set() }); registry.register(this, owner, this); }
  deposit(n) { const own = hidden.get(this); own.balance += n; own.log.add(n); return this; }
  get balance() { return hidden.get(this).balance; }
  static brand(x) { return hidden.has(x); }
}
const refs = [];
function open(name) {
  const known = cache.get(name)?.deref();
  if (known) return known;
  const made = new Account(name);
  const ref = new WeakRef(made);
  cache.set(name, ref);
  refs.push(ref);
  return made;
}
const a = open('ann').deposit(5), again = open('ann').deposit(7), b = open('bob');
const seen = new WeakSet([a]);
const walk = (node, depth = 0) => {
  if (seen.has(node)) return depth;
  seen.add(node);
  let most = depth;
  for (const child of node.children ?? []) most = Math.max(most, walk(child, depth + 1));
  return most;
};
const tree = { children: [{ children: [{}] }, {}] };
tree.children.push(tree);
const deep = walk(tree);
registry.unregister(b);
const list = refs.map((ref) => ref.deref() === a), same = a === again;
console.log(a.balance, same, deep, list, Account.brand(b), Account.brand({}), hidden.delete(b), Account.brand(b));
