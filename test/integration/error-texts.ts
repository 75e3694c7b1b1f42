/**
 * A program that makes V8 write the program's own text into its messages: every `use` of every `operand`, in each kind of
 * function that may hold it, with values that fail. It prints a message a line.
 */

/** Expressions that give `v`, most of them with a hook in or around them. */
const OPERANDS: readonly string[] = [
  'v',
  'o.p',
  'f()',
  'o.m()',
  'o?.p',
  'a[0]',
  'await f()',
  '(await o.p)',
  '(await o.self()).p',
  '(await o.self())[k]',
  '(await o.self()).m()',
  '((await f()) || null)',
  '(yield v)',
  '(yield o.p)',
  '(x = v)',
  '(o.x = v)',
  '(o.q.x = v)',
  '(o[k2] = v)',
  '(gg = v)',
  '(x ||= v)',
  '(this.r = v)',
  '(super.s = v)',
  '(this.#hidden = v)',
  '(cnt++)',
  '(o.c++)',
  '(delete o.zz)',
  're.exec("r")',
  're.test(k)',
  'eval("v")',
  '{ m: f }.m()',
];

const USES: readonly string[] = [
  'E()',
  'E(1)(2)',
  'E(v, o.p)',
  'new (E)()',
  'new (E)',
  'E.x',
  'E.x()',
  'E.x.y()',
  'E[k]()',
  'E.x.y',
  'E.x().y()',
  'E.x = 1',
  'E.x += 1',
  'delete E.x',
  'E?.x()',
  'E.x?.()',
  'E?.(1)',
  'E`x`',
  '[...E]',
  'h(...E)',
  'h(1, ...E)',
  'new C(...E)',
  'for (x of E) ;',
  'for (const [z] of E) h(z);',
  'for (const z in E) h(z);',
  'for await (const z of E) h(z);',
  'const [z] = E',
  'let [z, ...zz] = E',
  'const [[z] = E] = []',
  'const {z} = E',
  'const {} = E',
  'const {z: {zz}} = E',
  'const {z = 1} = E',
  'const {...z} = E',
  'const {[k]: z} = E',
  'const {z: {zz} = E} = {}',
  '[x] = E',
  '[x, o.y] = E',
  'h([x] = E)',
  '({z: x} = E)',
  '({z: o.y, y: x} = E)',
  '(([z]) => z)(E)',
  '(({z}) => z)(E)',
  '(([z] = E) => z)()',
  '((z = E()) => z)()',
  '(function ({z} = E) { return z })()',
  'h("x" in E)',
  'h(k instanceof E)',
  'return E()',
  'return E.x()',
  'return [...E]',
  'throw E()',
  'if (E()) h(1)',
  'switch (E()) { case 1: h(1) }',
  'for (let z = E(); ;) break;',
  'h({ a: E(), b: 1 })',
  'h(`${E()}`)',
  'o.z = E()',
  'let z = 1; z += E()',
  'JSON.parse(E())',
  'JSON.parse(E.x.y)',
  're.exec(E())',
  'new (class { g = E() })()',
  'new (class extends C { constructor() { super(E()) } })()',
];

const PROLOGUE = `'use strict';
const say = (name, text) => process.stdout.write(name + ' ' + text + '\\n');
const tests = [];
globalThis.gg = 1;
const h = (a) => a;
class C {}
`;

const EPILOGUE = `
const shown = (v) => (v === null || typeof v !== 'object' ? String(v) : '{}');
(async () => {
  for (const [name, make] of tests)
    for (const v of [undefined, null, 5, {}]) {
      try {
        const made = make(v).run();
        for (let i = 0; typeof made?.next === 'function' && i < 4; i++) await made.next(v);
        if (typeof made?.then === 'function') await made;
        say(name + ' ' + shown(v), 'gives no error');
      } catch (error) {
        say(name + ' ' + shown(v), error instanceof Error ? error.name + ': ' + error.message : typeof error);
      }
    }
})();
`;

/** `fits`: whether the text of a function's body, in a method of that kind, parses. */
export function errorTexts(fits: (program: string) => boolean): string {
  const tests: string[] = [];
  for (const use of USES)
    for (const operand of OPERANDS) {
      const body = use.replaceAll('E', () => operand);
      for (const kind of ['', 'async ', '*', 'async *']) {
        const test = testOf(kind, body);
        if (fits(PROLOGUE + test)) tests.push(test);
      }
    }
  return PROLOGUE + tests.join('') + EPILOGUE;
}

function testOf(kind: string, body: string): string {
  return `tests.push([${JSON.stringify(`${kind}${body}`)}, (v) => new (class extends C {
  #hidden = v;
  ${kind}run() {
    let x, cnt = 1; const k = 'kk', k2 = 'kz', a = [v], re = /q/, f = () => v;
    const o = { p: v, q: {}, m: () => v, self() { return this }, c: 1, kk: v };
    ${body}
  }
})()]);
`;
}
