// Loops over generators whose last statements read properties, and generators left at a yield under a finally.
const log = [];
const o = { get k() { log.push('k'); return 2; } };
function* gen(n) { for (let i = 0; i < n; i++) { const a = yield { k: i, v: [i, { get deep() { return i * 2; } }] }; if (a) log.push(a); } }
function dflt(x) { log.push(x); return x + 1; }
function f(it) {
  let n = 0;
  for (const { k = dflt(1), missing = dflt(k), v: [first, { deep = dflt(5) }] } of it) {
    if (k === 1) continue;
    if (k === 3) { n += first; }
    else if (o.k > 5) n = dflt(n);
    else k > 1 && (n = dflt(n + missing + deep));
  }
  return n;
}
function g(it) {
  let n = 0;
  outer: for (const { k } of it) {
    for (const j of gen(2)) {
      if (j.k === k) continue outer;
      switch (k) { case 2: n += o.k; break; default: if (n > 100) break outer; }
    }
    try { if (k === 2) JSON.parse('{'); } catch { n++; } finally { if (k > 2) n += 2; }
  }
  return n;
}
async function h(it) {
  let n = 0;
  for await (const { k } of it) { if (k === 0) n++; else if (k === 2 && n !== o.k) n += await dflt(1); }
  for (const {} of gen(2)) if (n > o.k) n--;
  return n;
}
console.log(f(gen(5)), g(gen(4)));
h(gen(4)).then((n) => console.log(n, log.length));
const left = [];
function* once(list) { let given = 0; try { for (const e of list) { if (e < 0) continue; given++; const answer = yield e; if (answer === 'stop') return given; } } finally { left.push(given); } return given; }
function first(it) { for (const x of it) return x; }
console.log(first(once([1, 2])), left.length);
function* twice(list) { let given = 0; try { for (const e of list) { given++; yield e; given += 10; } } finally { left.push(given); } return given; }
console.log(first(twice([1, 2])), left.length);
const [head] = once([4, 5]); const t = twice([3, 4]); t.next(); try { t.throw(new Error('x')); } catch (e) { left.push(e.message); }
console.log(head, left.length);
