'use strict';
const trace = [];
function f(list) {
  let n = 0;
  outer: for (const row of list) {
    inner: for (let i = 0; i < row.length; i++) {
      try {
        switch (row[i]) {
          case 0: continue outer;
          case 1: continue inner;
          case 2: trace.push('two'); // falls
          case 3: { const hit = `hit${row[i]}`; trace.push(hit); if (row.length > 3) break; continue; }
          case 9: break outer;
          default: if (row[i] < 0) return n; throw new Error(`bad ${row[i]}`);
        }
        n += 100;
      } catch ({ message }) {
        trace.push(message);
        if (message.endsWith('7')) continue outer;
        try { if (i) break inner; } finally { n += 1000; }
      } finally {
        n++;
        trace.push([row.length, i, n].join());
        if (n > 4000) break outer;
      }
    }
    trace.push('row done');
  }
  return n;
}
function g() { try { return trace.push('ret'); } finally { trace.push('fin'); } }
function h() { for (;;) { try { try { throw 1; } finally { break; } } catch { trace.push('never'); } finally { trace.push('outer fin'); } } return 'out'; }
function k(x) { done: { try { if (x) break done; return 'no'; } finally { trace.push('k' + x); } } return 'yes'; }
function deep(n) { try { if (n === 0) throw new RangeError('zero'); return deep(n - 1) + 1; } catch (e) { if (n < 2) throw Object.assign(e, { n }); return e.n * 10; } finally { trace.push('d' + n); } }
function over() { try { throw 'a'; } catch (e) { try { throw e + 'b'; } catch (e) { return e; } finally { trace.push(e); } } finally { if (trace.length < 0) return 'x'; } }
function* gen() { for (let i = 0; i < 3; i++) { try { const got = yield i; if (got === 'skip') continue; if (got === 'stop') return 'stopped'; trace.push('got ' + got); } finally { trace.push('gf' + i); if (i === 1) { yield 'from finally'; } } } }
function w() { let i = 0; do { i++; if (i === 2) continue; while (true) { if (i > 2) break; i += 1; try { continue; } finally { i += 1; } } } while (i < 5); return i; }
console.log(f([[2, 1, 3, 5], [3, 0, 2], [4, 7, 8], [], [6], [-1]]), f([[9]]), f([[2, 2, 2, 2], [7], [8, 8, 8, 8, 8]]), g(), h(), k(1), k(0), deep(4), over(), w());
const it = gen(); console.log([it.next(), it.next('skip'), it.next('stop'), it.next(), it.next()]);
const it2 = gen(); it2.next(); console.log(it2.return(4), [...gen()]);
const it3 = gen(); it3.next(); it3.next(); try { console.log(it3.throw(new Error('in')), it3.next()); } catch (e) { console.log('caught', e.message); }
console.log(trace.join(' '));
