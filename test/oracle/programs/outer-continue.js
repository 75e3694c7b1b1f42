// `continue outer` closes the iterators of the loops that it leaves, while the function stands at the jump.
const closed = [];
function source(name, n) {
  let at = 0;
  return {
    [Symbol.iterator]() { return this; },
    next() { at += 1; return { done: at > n, value: `${name}${at}` }; },
    return(value) { const last = at; closed.push(`${name}:${last}`); return { value }; },
  };
}
function* gen(name) {
  let i = 0;
  try { for (;;) { i += 1; yield `${name}${i}`; } } finally { closed.push(name + i); }
}
function pairs() {
  const found = [];
  outer: for (const a of source('a', 3)) {
    let tries = 0;
    for (const b of source('b', 5)) {
      tries += 1;
      if (b === 'b2') continue outer;
      found.push(a + b + tries);
    }
    found.push('never');
  }
  return found;
}
function nested() {
  const out = [];
  rows: for (let r = 0; r < 3; r++) {
    for (const x of gen('x')) {
      for (const y of gen('y')) {
        if (y === 'y2') continue rows;
        out.push(r + x + y);
      }
    }
  }
  return out;
}
function broken() {
  const out = [];
  all: for (const x of gen('p')) {
    switch (x) {
      case 'p2':
        for (const y of source('q', 2)) { out.push(y); break all; }
      default:
        out.push(x);
    }
  }
  return out;
}
async function asyncOnes() {
  const out = [];
  async function* agen(name) { let k = 0; try { while (true) { k += 1; yield name + k; await null; } } finally { closed.push(`async ${name}${k}`); } }
  next: for (const a of ['m', 'n']) {
    for await (const v of agen(a)) {
      if (v.endsWith('2')) continue next;
      out.push(v);
    }
  }
  return out;
}
console.log(pairs(), nested(), broken(), closed);
asyncOnes().then((r) => console.log(r, closed.length));
