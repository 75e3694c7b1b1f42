import { describe, expect, it } from 'vitest';
import { recordInProcess, runPlainly } from '../support/record-in-process.ts';

/** At each statement that begins with `at('label')`, the functions on the stack, innermost first. */
async function framesOf(source: string): Promise<readonly string[]> {
  const recorded = await recordInProcess(source);
  const replay = recorded.replay();
  const found: string[] = [];
  replay.onStatement((activation, op) => {
    const label = /^at\('(\w+)'\)/.exec(source.slice(activation.file.code.start[op]!))?.[1];
    if (label === undefined) return;
    const names = replay.stack.map((each) => each.site.name || 'file').reverse();
    found.push(`${label}: ${names.join(' < ')}`);
  });
  replay.runToEnd();
  expect(replay.problems.list).toEqual([]);
  expect(recorded.error).toBe(undefined);
  return found;
}

const AT = 'const at = () => {}; ';

describe('who stands on the stack', () => {
  const cases: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'a generator that delegates stands below the one that runs': [
      `function* inner() { at('a'); yield 1; at('b'); } function* outer() { yield* inner(); at('c'); } [...outer()];`,
      ['a: inner < outer < file', 'b: inner < outer < file', 'c: outer < file'],
    ],
    'delegation goes through several generators, and ends by a return': [
      `function* three() { try { yield 1; } finally { at('a'); } } function* two() { yield* three(); } function* one() { yield* two(); }
       const run = one(); run.next(); run.return(5); at('b');`,
      ['a: three < two < one < file', 'b: file'],
    ],
    'an object whose iterator is a generator': [
      `class Tree { constructor(left) { this.left = left; } *[Symbol.iterator]() { if (this.left) yield* this.left; at('a'); yield 1; } }
       [...new Tree(new Tree())];`,
      ['a: [Symbol.iterator] < [Symbol.iterator] < file', 'a: [Symbol.iterator] < file'],
    ],
    'an iterator written by hand': [
      `const list = { [Symbol.iterator]() { at('a'); let n = 0; return { next() { at('b'); return { done: n++ > 0, value: n }; } }; } };
       function* g() { yield* list; at('c'); } [...g()];`,
      ['a: [Symbol.iterator] < g < file', 'b: next < g < file', 'b: next < g < file', 'c: g < file'],
    ],
    'an array has no code of its own': [
      `function* g() { yield* [1, 2]; at('a'); } function* h() { at('b'); yield 1; } const x = g(), y = h(); x.next(); y.next(); [...x];`,
      ['b: h < file', 'a: g < file'],
    ],
    'a loop over an asynchronous generator': [
      `async function* source() { at('a'); yield 1; at('b'); await null; at('c'); yield 2; }
       async function main() { for await (const x of source()) at('d'); at('e'); } main();`,
      ['a: source < main < file', 'd: main', 'b: source < main', 'c: source', 'd: main', 'e: main'],
    ],
    'a loop that is left closes its generator by itself': [
      `async function* source() { try { yield 1; } finally { at('a'); } }
       async function main() { for await (const x of source()) { at('b'); break; } at('c'); return 1; } main();`,
      ['b: main', 'a: source', 'c: main'],
    ],
    'asynchronous delegation': [
      `async function* inner() { at('a'); yield 1; at('b'); } async function* outer() { yield* inner(); at('c'); }
       async function main() { for await (const x of outer()) at('d'); } main();`,
      ['a: inner < outer < main < file', 'd: main', 'b: inner < outer < main', 'c: outer'],
    ],
    'a return out of a loop closes the generator first': [
      `function* source() { try { yield 1; } finally { at('a'); } } function find() { for (const x of source()) return x; } find(); at('b');`,
      ['a: source < find < file', 'b: file'],
    ],
    'a default that calls stands in its function': [
      `const make = (x) => { at('a'); return x; }; function f(a, b = make(a)) { at('b'); } f(1); f(1, 2);`,
      ['a: make < f < file', 'b: f < file', 'b: f < file'],
    ],
    'fields of a base class are initialised in its constructor': [
      `const make = (x) => { at('a'); return x; }; class A { x = make(1); constructor() { at('b'); } } class B { y = make(2); } new A(); new B();`,
      ['a: make < A < file', 'b: A < file', 'a: make < file'],
    ],
    'an initialiser that throws is left': [
      `const fail = () => { at('a'); throw 1; }; class A { x = fail(); constructor() {} } function f(a = fail()) {} const go = (g) => { try { g(); } catch { at('b'); } };
       go(() => new A()); go(f); at('c');`,
      ['a: fail < A < file < go < file', 'b: go < file', 'a: fail < f < go < file', 'b: go < file', 'c: file'],
    ],
    'what an asynchronous generator returns is awaited': [
      `async function* source() { try { return await 1; } finally { at('a'); } } async function main() { for await (const x of source()); at('b'); } main();`,
      ['a: source', 'b: main'],
    ],
  };
  for (const [title, [source, frames]] of Object.entries(cases))
    it(title, async () => expect(await framesOf(AT + source)).toEqual(frames));
});

describe('what is no iterable', () => {
  const attempts = [
    'function* g() { yield* missing; } [...g()]',
    'function* g() { yield* holder.missing; } [...g()]',
    'function* g() { yield* give(); } [...g()]',
    'function* g() { yield* holder; } [...g()]',
    'function* g() { yield* holder.number; } [...g()]',
    'for await (const x of missing);',
    'for await (const x of holder);',
    'for await (const x of holder.number);',
    'for await (const x of give());',
    'for await (const x of holder.make());',
    'async function* g() { yield* missing; } for await (const x of g());',
  ];
  for (const attempt of attempts)
    it(`is an error in the engine’s words: ${attempt}`, async () => {
      const source = `const holder = { number: 5, make() { return {}; } }; let missing; const give = () => missing;
        (async () => { ${attempt} })().catch((error) => report(String(error)));`;
      expect((await recordInProcess(source)).reported).toEqual(await runPlainly(source));
    });
});
