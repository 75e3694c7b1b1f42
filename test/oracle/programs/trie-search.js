'use strict';
// A trie with prototype-free nodes, prefix search by generator, fuzzy search, removal with pruning.
const end = Symbol('end');
class Trie {
  root = Object.create(null);
  size = 0;
  insert(word, data = word.length) {
    let node = this.root;
    for (const char of word) {
      node = node[char] ??= Object.create(null);
    }
    if (!(end in node)) this.size++;
    node[end] = data;
    return this;
  }
  #find(prefix) {
    let node = this.root;
    for (const char of prefix) {
      node = node[char];
      if (!node) return undefined;
    }
    return node;
  }
  *words(prefix = '', node = this.#find(prefix)) {
    if (!node) return;
    if (end in node) yield [prefix, node[end]];
    for (const char of Object.keys(node).sort()) yield* this.words(prefix + char, node[char]);
  }
  remove(word, node = this.root, depth = 0) {
    if (depth === word.length) {
      const had = delete node[end] && this.size--;
      return had && Object.keys(node).length === 0;
    }
    const char = word[depth];
    const child = node[char];
    if (!child) return false;
    if (this.remove(word, child, depth + 1)) delete node[char];
    return Reflect.ownKeys(node).length === 0;
  }
  fuzzy(word, budget) {
    const found = new Map();
    const visit = (node, at, left, path) => {
      if (left < 0) return;
      if (at === word.length && end in node) {
        const best = found.get(path) ?? -1;
        found.set(path, Math.max(best, left));
      }
      for (const char in node) {
        const child = node[char];
        if (char === word[at]) visit(child, at + 1, left, path + char);
        else visit(child, at + 1, left - 1, path + char);
        visit(child, at, left - 1, path + char);
      }
      if (at < word.length) visit(node, at + 1, left - 1, path);
    };
    visit(this.root, 0, budget, '');
    return [...found].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  }
}
const trie = new Trie();
for (const word of ['car', 'card', 'care', 'cat', 'dog', 'do']) trie.insert(word);
trie.insert('dot', { kind: 'mark' });
const cars = [...trie.words('car')];
const [firstDog] = trie.words('do');
trie.remove('card');
trie.remove('dog');
const rest = Array.from(trie.words(), ([word]) => word);
const fuzzy = trie.fuzzy('cart', 1);
console.log(cars, firstDog, rest, trie.size, fuzzy, Object.keys(trie.root));
