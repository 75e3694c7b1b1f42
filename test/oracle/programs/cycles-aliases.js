'use strict';
// Graphs with cycles, aliases and shared substructure, changed through different paths.
class Node {
  constructor(name) {
    this.name = name;
    this.edges = [];
    this.self = this;
  }
  link(other, weight = 1) {
    const edge = { from: this, to: other, weight };
    this.edges.push(edge);
    other.edges.push(edge);
    return edge;
  }
}
const nodes = Object.fromEntries([...'abcdef'].map((name) => [name, new Node(name)]));
const { a, b, c, d, e } = nodes;
const links = [a.link(b, 4), a.link(c), b.link(d, 5), c.link(b, 2), c.link(d, 8), d.link(e, 3)];
function shortest(from, to) {
  const best = new Map([[from, 0]]);
  const previous = new Map();
  const open = new Set([from]);
  while (open.size) {
    let current;
    for (const node of open) {
      if (!current || best.get(node) < best.get(current)) current = node;
    }
    open.delete(current);
    if (current === to) break;
    for (const { from: left, to: right, weight } of current.edges) {
      const next = left === current ? right : left;
      const distance = best.get(current) + weight;
      if (distance < (best.get(next) ?? Infinity)) {
        best.set(next, distance);
        previous.set(next, current);
        open.add(next);
      }
    }
  }
  const path = [];
  for (let node = to; node; node = previous.get(node)) path.unshift(node.name);
  return { path, length: best.get(to) };
}
const before = shortest(a, e);
links[3].weight = 20;
b.edges[0].weight = 1;
const after = shortest(a, e);
const list = [1, [2]];
list.push(list, list[1]);
list[3].push(list);
const view = { list, inner: list[1], again: { list } };
view.again.list[1][0] = 'changed';
view.again.view = view;
const alias = view.again.view.inner;
alias.length = 1;
const ring = { value: 0 };
ring.next = { value: 1, next: { value: 2, next: ring } };
let at = ring;
for (let i = 0; i < 7; i++) {
  at.value += i;
  at = at.next;
}
console.log(before, after, list.length, alias, view.inner === list[3], at.value, ring.value);
