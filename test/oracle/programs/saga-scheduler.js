// generators as coroutines with channels, cancel by return, errors by throw
const log = [];
const take = (ch) => ({ op: 'take', ch }), put = (ch, v) => ({ op: 'put', ch, v }), fork = (g, ...a) => ({ op: 'fork', g, a }), join = (t) => ({ op: 'join', t }), cancel = (t) => ({ op: 'cancel', t }), sleep = (n) => ({ op: 'sleep', n });
class Channel { items = []; takers = []; constructor(name) { this.name = name; } }
class Task {
  static next = 1;
  id = Task.next++; done = false; joiners = [];
  constructor(it, sched) { this.it = it; this.sched = sched; }
  step(kind, value) {
    let r;
    try { r = this.it[kind](value); } catch (e) { this.done = true; this.error = e; log.push(`#${this.id} failed ${e.message}`); for (const j of this.joiners) this.sched.queue.push([j, 'throw', e]); return; }
    if (r.done) { this.done = true; this.result = r.value; for (const j of this.joiners) this.sched.queue.push([j, 'next', r.value]); return; }
    this.sched.handle(this, r.value);
  }
}
class Scheduler {
  queue = []; sleeping = []; now = 0;
  spawn(g, ...a) { const t = new Task(g(...a), this); this.queue.push([t, 'next', undefined]); return t; }
  handle(task, eff) {
    if (eff === undefined) return void this.queue.push([task, 'next']);
    switch (eff.op) {
      case 'take': if (eff.ch.items.length) this.queue.push([task, 'next', eff.ch.items.shift()]); else eff.ch.takers.push(task); break;
      case 'put': { const t = eff.ch.takers.shift(); if (t) this.queue.push([t, 'next', eff.v]); else eff.ch.items.push(eff.v); this.queue.push([task, 'next']); break; }
      case 'fork': this.queue.push([task, 'next', this.spawn(eff.g, ...eff.a)]); break;
      case 'join': if (eff.t.done) this.queue.push(eff.t.error ? [task, 'throw', eff.t.error] : [task, 'next', eff.t.result]); else eff.t.joiners.push(task); break;
      case 'cancel': { eff.t.step('return', 'cancelled'); this.queue.push([task, 'next']); break; }
      case 'sleep': this.sleeping.push({ at: this.now + eff.n, task }); this.sleeping.sort((a, b) => a.at - b.at); break;
      default: this.queue.push([task, 'throw', new TypeError(`no effect ${String(eff.op)}`)]);
    }
  }
  run() {
    let rounds = 0;
    for (;;) {
      while (this.queue.length) { const [t, kind, v] = this.queue.shift(); if (!t.done) t.step(kind, v); if (++rounds > 1000) throw new RangeError('too long'); }
      const next = this.sleeping.shift();
      if (!next) return rounds;
      this.now = next.at;
      this.queue.push([next.task, 'next', this.now]);
    }
  }
}
const jobs = new Channel('jobs'), results = new Channel('results');
function* worker(name) {
  try {
    while (true) {
      const job = yield take(jobs);
      if (job === null) return `${name} closed`;
      try { if (job % 4 === 0) throw new Error(`bad ${job}`); yield sleep(job); yield* emit(job * job); }
      catch (e) { yield put(results, e); }
      finally { log.push(`${name} did ${job}`); }
    }
  } finally { log.push(`${name} ends`); yield put(results, `${name} bye`); log.push('after bye'); }
}
function* emit(v) { const r = yield put(results, v); return r; }
function* collector(n) { const all = []; for (let i = 0; i < n; i++) all.push(yield take(results)); return all.map((x) => (x instanceof Error ? `!${x.message}` : x)); }
function* boss() {
  const ws = []; for (const name of ['a', 'b']) ws.push(yield fork(worker, name));
  const col = yield fork(collector, 5);
  for (let i = 1; i <= 5; i++) yield put(jobs, i);
  const got = yield join(col);
  yield cancel(ws[0]);
  yield put(jobs, null);
  const end = yield join(ws[1]);
  const bad = yield fork(function* () { yield { op: Symbol('odd') }; });
  try { yield join(bad); } catch (e) { log.push(`joined ${e.message}`); }
  return { got, end, tasks: ws.map((w) => w.done) };
}
const s = new Scheduler(), t = s.spawn(boss);
console.log(s.run(), t.result, s.now);
console.log(log.join('\n'));
