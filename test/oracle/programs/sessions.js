// A cooperative task runner: generators, throw(), return(), delegation, finally that overrides.
'use strict';
const trace = [];
function* resource(name) {
  trace.push(`open ${name}`);
  let uses = 0;
  try {
    while (true) {
      const command = yield `${name}:${uses}`;
      uses++;
      if (command === 'fail') throw new Error(`${name} failed`);
      if (command === 'stop') return uses;
    }
  } catch (error) {
    trace.push(error.message);
    const retry = yield 'retry?';
    return retry ? -1 : -2;
  } finally {
    trace.push(`close ${name} after ${uses}`);
  }
}
function* session(...names) {
  const results = {};
  for (const name of names) {
    try {
      results[name] = yield* resource(name);
    } finally {
      results.last = name;
    }
  }
  return results;
}
function drive(generator, commands) {
  const out = [];
  let step = generator.next();
  for (const command of commands) {
    if (step.done) break;
    out.push(step.value);
    if (command instanceof Error) step = generator.throw(command);
    else if (command === 'end') step = generator.return('ended');
    else step = generator.next(command);
  }
  return { out, value: step.value, done: step.done };
}
const a = drive(session('db', 'file'), ['use', 'use', 'stop', 'use', 'stop']);
const b = drive(session('db', 'file'), ['fail', true, 'stop']);
const c = drive(session('db'), ['use', new TypeError('from outside'), false]);
const d = drive(session('db', 'file'), ['use', 'end']);
function* stubborn() {
  let i = 0;
  for (;;) {
    try { yield i++; } finally { if (i < 3) continue; }
  }
}
const s = stubborn();
s.next();
const refused = s.return('no');
const refused2 = s.return('still no');
const gone = s.return('yes');
function override() { try { throw new Error('lost'); } finally { return 'kept'; } }
function nested() {
  let n = 0;
  loop: while (true) {
    try { try { n++; if (n < 3) continue; break loop; } finally { n += 10; } } finally { n += 100; if (n < 200) continue loop; }
  }
  return n;
}
function* fib([x, y] = [0, 1], { limit = 50 } = {}) { while (x < limit) { yield x; [x, y] = [y, x + y]; } }
const numbers = Array.from(fib(undefined, { limit: 20 }), (n, i) => n * i);
const spreadMax = Math.max(...fib([3, 5]));
const [z, ...others] = fib([2, 3], { limit: 10 });
console.log(a, b, c, d, refused, refused2, gone, override(), nested(), numbers, spreadMax, z, others, trace);
