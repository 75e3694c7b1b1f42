// Defaults that throw where nothing recorded called: no later turn of the event loop belongs to them.
function bad() { throw new Error('default'); }
function f(a, b = bad()) { return a + b; }
function g({ a = bad() }) { return a; }
class K { constructor(x = bad()) { this.x = x; } }
const log = [];
try { f(1); } catch (e) { log.push(e.message); }
setImmediate(f);
setImmediate(g, {});
setImmediate((a = bad()) => a);
setImmediate(async (a = bad()) => a);
setImmediate((a = null.x) => a);
setImmediate(() => { try { new K(); } catch (e) { log.push(e.message); } console.log(log.length); });
process.on('uncaughtException', (e) => { log.push(e.message); const n = log.length; log.push(n); });
process.on('unhandledRejection', (e) => { log.push(e.message); const n = log.length; log.push(n); });
function plain(x = JSON.parse(log[0])) { return x; }
const later = async (a, b = bad(a)) => b;
setImmediate(() => Promise.resolve(2).then(later).catch((e) => { log.push(e.message); }));
setImmediate(() => Promise.resolve(3).then((v) => { const w = v + 1; log.push(w); }));
setImmediate(() => Promise.resolve(4).then(plain).then(() => 1, (e) => { const n = e.name; log.push(n); }));
setImmediate(() => Promise.resolve(1).then((a, b = bad()) => a + b).catch((e) => log.push(e.message)));
[1].forEach((x, i, l) => { try { ((q = bad()) => q)(); } catch (e) { log.push(x); } });
