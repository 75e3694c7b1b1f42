// `using`: what is disposed of runs before its function ends. Node 24; older ones do not parse it.
const log = [];
const res = (name, fail) => ({ name, [Symbol.dispose]() { log.push(`dispose ${name}`); if (fail) throw new Error(`${name} failed`); } });
function plain(n) { using a = res('a'); const b = a.name + '!'; if (n) { using c = res('c'), d = res('d'); log.push(c.name + d.name + b); if (n > 1) return n; } return b; }
function falls(n) { using a = res('f'); log.push(n); }
class K { constructor(n) { using a = res('k'); this.n = n; } }
class L extends K { constructor(n) { super(n); using a = res('l'); this.m = n; } }
function failing() { try { using x = res('x', true); throw new Error('body'); } catch (e) { return [e.name, e.error?.message, e.suppressed?.message]; } }
function fails2() { using x = res('y', true); log.push(1); }
function* g(n) { using a = res('g'); yield 1; yield n; }
async function h(n) { using a = res('h'); await null; if (n) return n; await 1; }
console.log(plain(0), plain(1), plain(2), falls(1), new K(1), new L(2), failing(), [...g(3)]);
try { fails2(); } catch (e) { log.push(e.message); }
console.log(await h(0), await h(2), log);
