// `await using`: an activation suspends at a block's end, once for each resource. Node 24; older ones do not parse it.
const log = [];
const res = (name, fail) => ({ name, async [Symbol.asyncDispose]() { log.push(`closing ${name}`); await null; log.push(`closed ${name}`); if (fail) throw new Error(`${name} failed`); } });
const sync = (name) => ({ name, [Symbol.dispose]() { log.push(`dispose ${name}`); } });
async function plain(n) {
  await using a = res('a');
  const b = a.name + '!';
  if (n) {
    await using c = res('c'), d = sync('d');
    log.push(c.name + d.name + b);
    if (n > 1) return n;
    log.push('still');
  }
  log.push('after');
  return b;
}
async function falls(n) {
  await using a = res('f');
  log.push(n);
}
async function failing() {
  try {
    await using x = res('x', true);
    throw new Error('body');
  } catch (e) {
    return [e.name, e.error?.message, e.suppressed?.message];
  }
}
async function loops() {
  const seen = [];
  for (let i = 0; i < 4; i++) {
    await using r = res(`loop${i}`);
    if (i === 1) continue;
    if (i === 2) break;
    seen.push(r.name);
  }
  return seen;
}
async function* gen(n) {
  await using f = res('gen');
  for (let i = 0; i < n; i++) {
    await using g = res(`g${i}`);
    yield i;
  }
  return 'end';
}
async function mixed() {
  using s = sync('s');
  await using t = res('t');
  await null;
  await using u = null;
  { await using v = undefined; log.push('in'); }
  return s.name + t.name;
}
async function rejected() {
  await using a = res('ra');
  await Promise.reject(new Error('lost'));
}
console.log(await plain(0), await plain(1), await plain(2), await falls(1));
console.log(await failing(), await loops());
for await (const x of gen(3)) { log.push(x); if (x === 1) break; }
const it = gen(5);
await it.next();
log.push(await it.return('early'));
const other = gen(5);
await other.next();
try { await other.throw(new Error('into')); } catch (e) { log.push(e.message); }
console.log(await mixed(), await rejected().catch((e) => e.message));
{
  await using top = res('top');
  log.push('top');
}
const both = await Promise.all([plain(1), loops(), falls(2)]);
console.log(both, log);
// how often they await is the engine's affair
const ticks = async (f) => {
  let n = 0;
  let done = false;
  f().then(() => { done = true; });
  while (!done) { n += 1; await null; }
  return n;
};
const r = () => res('r');
const counts = [
  await ticks(async () => { await using a = null; }),
  await ticks(async () => { await using a = null; await using b = null; }),
  await ticks(async () => { await using a = null; using b = sync('s'); }),
  await ticks(async () => { using b = sync('s'), n = null; await using a = null; }),
  await ticks(async () => { await using c = null; using b = sync('s'); await using a = null; }),
  await ticks(async () => { await using c = r(), /* absent */ a = null; }),
  await ticks(async () => { await using c = null; await using a = r(); }),
  await ticks(async () => { try { await using c = { [Symbol.asyncDispose]() { throw new Error('t'); } }; } catch (e) { log.push(e.message); } }),
  await ticks(async () => { try { await using c = { [Symbol.dispose]() { throw new Error('u'); } }; } catch (e) { log.push(e.message); } }),
  await ticks(async () => { try { await using c = {}; } catch (e) { log.push(e.message); } }),
];
using held = sync('held');
await using late = res('late');
log.push(counts);
