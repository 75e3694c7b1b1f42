'use strict';
// A small stack machine with frames, jumps and a heap: many short instructions over typed memory.
const ops = ['push', 'load', 'store', 'add', 'sub', 'mul', 'lt', 'jz', 'jmp', 'call', 'ret', 'print', 'halt'];
const code = Object.fromEntries(ops.map((name, index) => [name, index]));
function assemble(text) {
  const labels = new Map();
  const words = [];
  const fixups = [];
  for (const line of text.trim().split('\n')) {
    const [name, argument] = line.trim().split(/\s+/);
    if (name.endsWith(':')) {
      labels.set(name.slice(0, -1), words.length);
      continue;
    }
    words.push(code[name]);
    if (argument === undefined) continue;
    if (Number.isNaN(Number(argument))) fixups.push([words.length, argument]);
    words.push(Number(argument) || 0);
  }
  for (const [at, label] of fixups) words[at] = labels.get(label);
  return Int32Array.from(words);
}
class Machine {
  stack = [];
  frames = [];
  output = [];
  memory = new Int32Array(8);
  run(program, limit = 1000) {
    let pc = 0;
    let cycles = 0;
    const { stack, memory } = this;
    const binary = (f) => {
      const b = stack.pop();
      const a = stack.pop();
      stack.push(f(a, b) | 0);
    };
    while (cycles++ < limit) {
      const op = ops[program[pc++]];
      switch (op) {
        case 'push': stack.push(program[pc++]); break;
        case 'load': stack.push(memory[program[pc++]]); break;
        case 'store': memory[program[pc++]] = stack.pop(); break;
        case 'add': binary((a, b) => a + b); break;
        case 'sub': binary((a, b) => a - b); break;
        case 'mul': binary((a, b) => a * b); break;
        case 'lt': binary((a, b) => Number(a < b)); break;
        case 'jz': pc = stack.pop() === 0 ? program[pc] : pc + 1; break;
        case 'jmp': pc = program[pc]; break;
        case 'call': this.frames.push(pc + 1); pc = program[pc]; break;
        case 'ret': pc = this.frames.pop(); break;
        case 'print': this.output.push(stack.pop()); break;
        case 'halt': return cycles;
        default: throw new Error(`bad instruction at ${pc - 1}`);
      }
    }
    throw new RangeError('cycle limit');
  }
}
const program = assemble(`
  push 1
  store 0
  loop:
  load 0
  push 6
  lt
  jz end
  call square
  load 0
  push 1
  add
  store 0
  jmp loop
  square:
  load 0
  load 0
  mul
  print
  ret
  end:
  halt`);
const machine = new Machine();
const cycles = machine.run(program);
let failure;
try {
  new Machine().run(assemble('spin:\njmp spin'), 50);
} catch (error) {
  failure = error.message;
}
console.log(cycles, machine.output, machine.memory.join(), failure, program.length);
