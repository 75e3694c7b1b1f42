// Tracing channels, timed functions, measures and a vm context that asks the clock, within an asynchronous context.
const dc = require('diagnostics_channel'); const { performance, PerformanceObserver } = require('perf_hooks'); const vm = require('vm'); const { AsyncLocalStorage } = require('async_hooks');
const ch = dc.tracingChannel('work'); const als = new AsyncLocalStorage(); const log = [];
ch.subscribe({ start: (m) => log.push('start ' + m.id), end: (m) => log.push('end ' + m.id), asyncEnd: (m) => log.push('async ' + m.id + als.getStore()?.user), error: (m) => log.push('error ' + m.error.message) });
const timed = performance.timerify(function crunch(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; });
new PerformanceObserver((l) => log.push('observed ' + l.getEntries().map((e) => e.name + typeof e.duration))).observe({ entryTypes: ['function', 'measure'] });
const ctx = vm.createContext({ console, out: [] }); vm.runInContext('for (const x of [3,1,2].sort()) out.push(x * now())', Object.assign(ctx, { now: () => Date.now() % 1 + 2 }));
als.run({ user: 'ann' }, async () => { await ch.tracePromise(async () => { timed(1000); await null; }, { id: 1 }); try { ch.traceSync(() => { throw new Error('bad'); }, { id: 2 }); } catch {} performance.mark('a'); performance.measure('span', 'a'); });
setTimeout(() => console.log(log.join('\n'), ctx.out), 20);
