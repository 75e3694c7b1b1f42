'use strict';
// switch: fall through, default in the middle, expressions as cases, lexical scope, strings, nested, returns.
let evaluations = 0;
const probe = (value) => {
  evaluations += 1;
  return value;
};
function classify(n) {
  const notes = [];
  switch (true) {
    case probe(n < 0):
      notes.push('negative');
    case probe(n === 0):
      notes.push('small');
      break;
    default:
      notes.push('default');
    case probe(n > 100): {
      const text = `n=${n}`;
      notes.push(text);
      break;
    }
    case probe(n === 50):
      return 'fifty';
  }
  return notes.join('+');
}
function run(program) {
  const stack = [];
  let at = 0;
  let jumps = 0;
  while (at < program.length) {
    const [op, argument] = program[at++];
    switch (op) {
      case 'push':
        stack.push(argument);
        continue;
      case 'add':
      case 'mul': {
        const b = stack.pop();
        let a = stack.pop();
        switch (op) {
          case 'add':
            a += b;
            break;
          case 'mul':
            a *= b;
        }
        stack.push(a);
        break;
      }
      case 'loop':
        if (jumps++ < argument) at = 1;
        break;
      case 'halt':
        return { stack, jumps };
      default:
        throw new SyntaxError(`bad op ${op} at ${at}`);
    }
  }
  return { stack, jumps, fell: true };
}
const classes = [-5, 0, 7, 50, 200].map(classify);
const halted = run([['push', 1], ['push', 2], ['mul'], ['loop', 3], ['halt'], ['push', 99]]);
const fell = run([['push', 'a'], ['push', 'b'], ['add']]);
let failure;
try {
  run([['push', 1], ['jump']]);
} catch (error) {
  failure = error.message;
}
function scoped(x) {
  switch (x) {
    case 1:
      let shared = 'one';
      return () => shared;
    case 2:
      shared = 'two';
      return () => shared;
  }
}
const closures = [scoped(1)()];
try {
  scoped(2);
} catch (error) {
  closures.push(error.name);
}
console.log(classes, evaluations, halted, fell, failure, closures);
