// generators as coroutines: a scheduler with channels, select, cancellation, delegation between them, return values
class Channel {
  #q = [];
  #takers = [];
  closed = false;
  constructor(name, size = 0) {
    Object.assign(this, { name, size });
  }
  get length() {
    return this.#q.length;
  }
  put(v) {
    const t = this.#takers.shift();
    if (t) {
      t.give(v);
      return true;
    }
    if (this.#q.length >= Math.max(this.size, 1)) return false;
    this.#q.push(v);
    return true;
  }
  take(task) {
    if (this.#q.length) return { value: this.#q.shift() };
    if (this.closed) return { value: undefined, closed: true };
    this.#takers.push(task);
    return undefined;
  }
  drop(task) {
    this.#takers = this.#takers.filter((t) => t !== task);
  }
  close() {
    this.closed = true;
    for (const t of this.#takers.splice(0)) t.give(undefined, true);
  }
}
class Cancelled extends Error {
  name = 'Cancelled';
  constructor(by) {
    super(`cancelled by ${by}`);
    this.by = by;
  }
}
const trace = [];
class Task {
  static n = 0;
  id = ++Task.n;
  state = 'new';
  waiters = [];
  constructor(gen, sched, parent) {
    this.gen = gen;
    this.sched = sched;
    this.parent = parent;
    this.children = new Set();
    parent?.children.add(this);
  }
  give(value, closed = false) {
    if (this.state === 'done') return;
    this.waiting = undefined;
    this.sched.ready.push([this, 'next', closed ? { closed } : value]);
  }
  cancel(by) {
    if (this.state === 'done') return false;
    for (const c of this.children) c.cancel(`parent ${this.id}`);
    this.waiting?.drop?.(this);
    this.sched.ready.push([this, 'throw', new Cancelled(by)]);
    return true;
  }
  step(how, value) {
    if (this.state === 'done') return;
    this.state = 'running';
    let r;
    try {
      r = this.gen[how](value);
    } catch (e) {
      return this.end(undefined, e);
    }
    if (r.done) return this.end(r.value);
    this.state = 'waiting';
    this.sched.handle(this, r.value);
  }
  end(value, error) {
    this.state = 'done';
    this.value = value;
    this.error = error;
    this.parent?.children.delete(this);
    trace.push(`${this.id} ${error ? `!${error.message}` : value}`);
    for (const w of this.waiters.splice(0)) this.sched.ready.push([w, error ? 'throw' : 'next', error ?? value]);
  }
}
class Scheduler {
  ready = [];
  turn = 0;
  sleeping = [];
  go(gen, parent) {
    const t = new Task(gen, this, parent);
    this.ready.push([t, 'next', undefined]);
    return t;
  }
  handle(task, op) {
    switch (op?.op) {
      case 'put':
        if (op.ch.put(op.v)) this.ready.push([task, 'next', true]);
        else this.ready.push([task, 'again', op]);
        break;
      case 'take': {
        const got = op.ch.take(task);
        if (got) this.ready.push([task, 'next', got.closed ? got : got.value]);
        else task.waiting = op.ch;
        break;
      }
      case 'sleep':
        this.sleeping.push({ task, at: this.turn + op.n });
        break;
      case 'fork': {
        const t = this.go(op.gen, task);
        this.ready.push([task, 'next', t]);
        break;
      }
      case 'join':
        if (op.task.state === 'done')
          this.ready.push([task, op.task.error ? 'throw' : 'next', op.task.error ?? op.task.value]);
        else op.task.waiters.push(task);
        break;
      default:
        this.ready.push([task, 'throw', new TypeError(`unknown op ${String(op?.op ?? op)}`)]);
    }
  }
  run(limit = 500) {
    while ((this.ready.length || this.sleeping.length) && this.turn++ < limit) {
      const due = this.sleeping.filter((s) => s.at <= this.turn);
      this.sleeping = this.sleeping.filter((s) => s.at > this.turn);
      for (const { task } of due) this.ready.push([task, 'next', this.turn]);
      const next = this.ready.shift();
      if (!next) continue;
      const [task, how, value] = next;
      if (how === 'again') this.handle(task, value);
      else task.step(how, value);
    }
    return this.turn;
  }
}
const put = (ch, v) => ({ op: 'put', ch, v }),
  take = (ch) => ({ op: 'take', ch }),
  sleep = (n) => ({ op: 'sleep', n }),
  fork = (gen) => ({ op: 'fork', gen }),
  join = (task) => ({ op: 'join', task });
function* producer(ch, list, every = 1) {
  try {
    for (const [i, x] of list.entries()) {
      yield put(ch, { i, x });
      if (i % every === 0) yield sleep(1);
    }
    return list.length;
  } finally {
    ch.close();
    trace.push(`closed ${ch.name}`);
  }
}
function* mapper(from, to, fn) {
  let n = 0;
  for (;;) {
    const got = yield take(from);
    if (got?.closed) break;
    const out = fn(got);
    if (out === undefined) continue;
    n += 1;
    yield put(to, out);
  }
  to.close();
  return n;
}
function* collect(ch, into = []) {
  let got;
  while (!(got = yield take(ch))?.closed) into.push(got);
  return into;
}
function* retry(times, make) {
  for (let i = 1; ; i++)
    try {
      return yield* make(i);
    } catch (e) {
      if (e instanceof Cancelled || i >= times) throw e;
      trace.push(`retry ${i}: ${e.message}`);
      yield sleep(i);
    }
}
function* main() {
  const a = new Channel('a', 2),
    b = new Channel('b', 1);
  const p = yield fork(producer(a, [...'hello world'])),
    m = yield fork(mapper(a, b, ({ i, x }) => (x === ' ' ? undefined : i % 2 ? x.toUpperCase() : x)));
  const text = (yield* collect(b)).join('');
  const counts = [yield join(p), yield join(m)];
  const tried = yield* retry(3, function* (i) {
    yield sleep(1);
    if (i < 3) throw new Error(`try ${i}`);
    return `ok after ${i}`;
  });
  const slow = yield fork(
    (function* () {
      let n = 0;
      try {
        for (;;) {
          n++;
          yield sleep(2);
        }
      } catch (e) {
        return `${e.by} at ${n}`;
      } finally {
        n = -n;
        trace.push(`slow ${n}`);
      }
    })(),
  );
  yield sleep(7);
  slow.cancel('main');
  const ended = yield join(slow);
  let wrong;
  try {
    yield { op: 'nope' };
  } catch ({ name, message }) {
    wrong = `${name}: ${message}`;
  }
  outer: for (let i = 0; i < 3; i++) {
    for (let j = 0; ; j++) {
      if (j === i) continue outer;
      if (i === 2) break outer;
      yield sleep(j + 1);
    }
  }
  const never = new Channel('never');
  const stuck = yield fork(collect(never));
  stuck.cancel('end');
  let how;
  try {
    how = yield join(stuck);
  } catch (e) {
    how = e.message;
  }
  return { text, counts, tried, ended, wrong, how };
}
const s = new Scheduler();
const t = s.go(main());
console.log(s.run(), t.state, t.value, t.error);
console.log(trace.join('\n'));
const g = (function* () {
  try {
    const x = yield 1;
    console.log('got', x);
    yield* [2, 3][Symbol.iterator]();
  } finally {
    yield 'cleanup';
    console.log('end');
  }
})();
console.log(g.next('ignored'), g.next('x'), g.return(9), g.next(), g.next());
function* tree([l, v, r] = []) {
  if (v === undefined) return 0;
  const a = yield* tree(l);
  yield v;
  const b = yield* tree(r);
  return a + b + 1;
}
const it = tree([[[], 1, []], 2, [[], 3, [[], 4, undefined]]]);
const vals = [];
let r;
while (!(r = it.next()).done) vals.push(r.value);
console.log(vals, r.value);
