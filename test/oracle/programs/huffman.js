'use strict';
// Huffman coding: a heap of trees, codes as strings, bits packed into bytes and read back.
class Heap {
  #items = [];
  constructor(compare) {
    this.compare = compare;
  }
  get size() {
    return this.#items.length;
  }
  push(item) {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.compare(items[parent], items[at]) <= 0) break;
      [items[parent], items[at]] = [items[at], items[parent]];
      at = parent;
    }
  }
  pop() {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0) return top;
    items[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < items.length && this.compare(items[child], items[least]) < 0) least = child;
      }
      if (least === at) return top;
      [items[least], items[at]] = [items[at], items[least]];
      at = least;
    }
  }
}
function build(text) {
  const weights = new Map();
  for (const char of text) weights.set(char, (weights.get(char) ?? 0) + 1);
  let order = 0;
  const heap = new Heap((a, b) => a.weight - b.weight || a.order - b.order);
  for (const [char, weight] of [...weights].sort()) heap.push({ char, weight, order: order++ });
  while (heap.size > 1) {
    const left = heap.pop();
    const right = heap.pop();
    heap.push({ left, right, weight: left.weight + right.weight, order: order++ });
  }
  return heap.pop();
}
function codes(node, prefix = '', table = {}) {
  if (node.char !== undefined) table[node.char] = prefix || '0';
  else {
    codes(node.left, prefix + '0', table);
    codes(node.right, prefix + '1', table);
  }
  return table;
}
function encode(text, table) {
  const bits = [...text].map((char) => table[char]).join('');
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) if (bits[i] === '1') bytes[i >> 3] |= 0x80 >> (i & 7);
  return { bytes, length: bits.length };
}
function decode({ bytes, length }, root) {
  let out = '';
  let node = root;
  for (let i = 0; i < length; i++) {
    node = bytes[i >> 3] & (0x80 >> (i & 7)) ? node.right : node.left;
    if (node.char === undefined) continue;
    out += node.char;
    node = root;
  }
  return out;
}
const text = 'she sells sea shells by the sea shore';
const root = build(text);
const table = codes(root);
const packed = encode(text, table);
const back = decode(packed, root);
console.log(back === text, packed.length, packed.bytes.length, table, root.weight);
