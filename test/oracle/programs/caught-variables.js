function f() { try { throw { n: 4 }; } catch (e) { var e = e.n, kept = e; var g = () => e; say(e); e++; say(g()); for (var e = 0; e < 2; e++) say(e); var { n: e = 7 } = {}; say(e); } say(typeof e, kept); return e; }
const log = []; function say(...a) { log.push(a.join()); return log.length; }
f(); try { throw 1; } catch (x) { try { throw 2; } catch (y) { var x = y + 1; say(x, y); { var y; say(y); } } say(x); } say(x, y);
function h(e) { try { throw 'c'; } catch (e) { var e = 'in'; say(e); } say(e); } h('arg'); (function () { 'use strict'; try { throw 3; } catch (z) { var z = 5; say(z); } say(z); })();
console.log(log.join('|'));
