// `using` and `await using` in the heads of loops. Node 24; older ones do not parse it.
const log = [];
const res = (name) => ({ name, async [Symbol.asyncDispose]() { log.push(`closing ${name}`); await null; log.push(`closed ${name}`); } });
const sync = (name) => ({ name, [Symbol.dispose]() { log.push(`dispose ${name}`); } });
async function ofs() {
  const seen = [];
  for (await using x of [res('a'), sync('b'), null, res('c'), res('d')]) {
    if (x?.name === 'b') continue;
    seen.push(x?.name);
    if (x?.name === 'c') break;
  }
  seen.push('end');
  return seen;
}
function plain() {
  const seen = [];
  for (using x of [sync('p'), null, sync('q'), sync('r')]) {
    const n = x?.name;
    if (n === 'r') return seen;
    seen.push(n);
  }
  return seen;
}
function heads() {
  let i = 0;
  for (using x = sync('h'), y = sync('i'); i < 3; i++) {
    log.push(x.name + y.name + i);
    if (i === 1) break;
  }
  return i;
}
async function awaitedHeads() {
  let i = 0;
  for (await using x = res('ah'), y = sync('ai'); i < 3; i++) {
    log.push(x.name + y.name + i);
    if (i === 1) return i;
  }
  return -1;
}
async function* source() { yield sync('s1'); yield sync('s2'); }
async function awaits() {
  const fs = [];
  for await (using x of source()) { fs.push(() => x.name); }
  for await (await using x of source()) { fs.push(() => x.name + '!'); await null; log.push(fs.length); }
  return fs.map((f) => f());
}
async function failing() {
  try {
    for (await using x of [res('f')]) throw new Error('body');
  } catch (e) { return e.message; }
}
async function* pauses() {
  for (await using x of [res('p1'), res('p2')]) { yield x.name; await null; }
}
function nested() {
  const seen = [];
  outer: for (using a of [sync('o1'), sync('o2')]) {
    inner: for (using b = sync('in'); ; ) {
      seen.push(a.name + b.name);
      for (using c of new Set([sync('s1'), sync('s2'), sync('s3')])) {
        if (c.name === 's2') { if (a.name === 'o1') continue outer; break inner; }
        seen.push(c.name);
      }
    }
    seen.push('left');
  }
  return seen;
}
const refused = () => { try { for (using x of [5]) log.push(x); } catch (e) { return e.message; } };
function* gen() {
  for (using x of [sync('g1'), sync('g2')]) yield x.name;
}
console.log(await ofs());
console.log(plain(), heads(), await awaitedHeads());
console.log(await awaits(), await failing());
for (const x of gen()) { log.push(x); if (x === 'g2') break; }
for await (const x of pauses()) { log.push(x); if (x === 'p2') break; }
const it = pauses();
await it.next();
try { await it.throw(new Error('into')); } catch (e) { log.push(e.message); }
console.log(nested(), refused());
for (using x of [sync('top')]) log.push(x.name);
console.log([...gen()], log);
