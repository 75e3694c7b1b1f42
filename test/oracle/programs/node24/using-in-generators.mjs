// A generator that is ended early disposes of what it holds while it is on the stack.
const log = [];
class Res {
  #name;
  constructor(name) { this.#name = name; this.open = true; }
  [Symbol.dispose]() { const before = log.length; this.open = false; log.push(`${this.#name}@${before}`); }
}
function* lines(n) {
  using f = new Res('file');
  let i = 0;
  while (i < n) { i += 1; { using inner = new Res(`line${i}`); yield i; } }
  return 'end';
}
async function work() {
  using a = new Res('a');
  await null;
  { using b = new Res('b'); await Promise.reject(new Error('lost')); }
}
const got = [];
for (const x of lines(9)) { got.push(x); if (x === 2) break; }
const it = lines(5);
it.next();
const end = it.return('early');
const other = lines(5);
other.next();
try { other.throw(new Error('into')); } catch (e) { got.push(e.message); }
got.push(...lines(2));
const failed = await work().catch((e) => e.message);
console.log(got, end, failed, log);
