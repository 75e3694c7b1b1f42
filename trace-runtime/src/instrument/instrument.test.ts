import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { instrument, NotInstrumentable, type InstrumentOptions } from './instrument.ts';

/** Hooks that record nothing and return what the real ones return. */
const silentHooks = (() => {
  const words = new Int32Array(64);
  let environments = 0;
  const give =
    (index: number) =>
    (...args: readonly unknown[]) =>
      args[index];
  const leave = (_word: number, caller: number, value?: unknown) => ((words[2] = caller), value);
  const hooks: Record<string, unknown> = {
    __hcA: words,
    __hcI: () => ++environments,
    __hcV: give(0),
    __hcB: give(0),
    __hcBE: give(0),
    __hcR: leave,
    __hcQ: leave,
    __hcZ: leave,
    __hcS: give(1),
    __hcX: (c: number) => void (words[2] = c),
    __hcN: (c: number) => void (words[2] = c),
    __hc0: give(9),
    __hc1: give(1),
    __hc2: give(2),
    __hc3: give(3),
    __hcP: (x: unknown) => x === null || !['object', 'function', 'symbol'].includes(typeof x),
    __hcC: give(0),
    __hcF: give(0),
    __hcU: (_e: number, op: number) => {
      const old = words[2];
      words[2] = op;
      return old;
    },
    __hcT: give(1),
    __hcL: give(9),
    __hcM: give(2),
    __hcMD: give(2),
    __hcD: give(9),
    __hcJ: give(1),
    __hck: give(1),
    __hcq: () => words[2],
    __hci: give(9),
    __hcp: () => words[2],
    __hcr: (_hash: number, c: number) => void (words[2] = c),
    __hco: give(9),
    __hcm: Math,
    __hcn: give(9),
    __hcTF: give(1),
    __hcTL: give(1),
    __hcY: give(1),
    __hcG: give(9),
    __hcGP: give(9),
    __hcGB: give(9),
    __hcGBP: give(9),
    __hcGS: give(9),
    __hcGSP: give(9),
    __hcK: give(1),
    __hcKD: give(1),
    __hcO: give(9),
    __hcDG: give(1),
    __hcNM: give(0),
    __hcEA: give(9),
    __hcEB: give(1),
    __hcEN: give(9),
    __hcEP: (read: () => number) => {
      try {
        return read();
      } catch {
        return 0;
      }
    },
    __hcRE: give(9),
    __hcEW: give(9),
    __hcEV: give(9),
    __hcPB: give(0),
    __hcPE: give(9),
    __hcPV: give(9),
    __hcPW: give(2),
    __hcPI: () => true,
    __hcPR: (taken: object) => Object.values(taken),
    __hcPT: give(2),
    __hcPK: Symbol('nobodys'),
    __hcPS: give(0),
    __hcPM: give(1),
    __hcPA: (assign: { __hcw: (value: unknown) => void }) => ({
      set v(value: unknown) {
        assign.__hcw(value);
      },
    }),
  };
  for (let i = 0; i <= 6; i += 1) hooks[`__hcE${i}`] = () => words[2];
  return hooks;
})();

function instrumented(source: string, options: Partial<InstrumentOptions> = {}): ReturnType<typeof instrument> {
  return instrument(source, { fileName: 'a.js', level: 'steps', goal: 'function', ...options });
}

const withWords = (code: string): string =>
  code.replace(/\u0001([0-9a-f]{9})/g, (_, digits: string) => `0x${digits.slice(1)}`);

function run(code: string): unknown {
  const names = Object.keys(silentHooks);
  return vm.compileFunction(code, names)(...Object.values(silentHooks));
}

/** The program gives the same result, or the same error, with hooks of either level in it. */
async function check(source: string): Promise<void> {
  const outcome = async (code: string): Promise<unknown> => {
    try {
      return [await run(code)];
    } catch (error) {
      return String(error);
    }
  };
  const plain = await outcome(source);
  for (const level of ['steps', 'writes'] as const)
    for (const { code } of textsOf(source, level)) expect(await outcome(withWords(code))).toEqual(plain);
}

/** The texts of levels full and light. */
function textsOf(source: string, level: InstrumentOptions['level']): readonly { readonly code: string }[] {
  const full = instrumented(source, { level });
  return [full, full.light];
}

describe('instrumented code gives the same result', () => {
  test.each([
    [
      'destructuring with defaults',
      'const {a=1,b:{c=2,...d}={x:3}}={}; let e,f; [e,,f=4]=[1,2]; ({e,...f}={e:5,g:6}); return [a,c,d,e,f]',
    ],
    ['destructuring into members', 'const o={}; [o.x, o["y"]] = [1,2]; ({a:o.z}={a:3}); for (o.w of [7,8]); return o'],
    [
      'names of functions',
      'let f; f=()=>1; const o={g:()=>2,h(){}}; o.k=function(){}; const c=class{}; return [f.name,o.g.name,o.h.name,o.k.name,c.name]',
    ],
    [
      'functions made of text, by names that stand for each other',
      'let a, b=a; a=b; a=b=Function; return [new b("return 3")(), a("x","y","return x+y")(1,2), Reflect.construct(b,["return 4"])()]',
    ],
    ['lengths of functions', 'return [((a,b=1,...c)=>1).length,(function(a,{b},c){}).length]'],
    [
      'closures in loops',
      'const a=[]; for(let i=0;i<3;i++){ const j=i*2; a.push(()=>[i,j]) } for (const k in {x:1,y:2}) a.push(()=>k); return a.map(f=>f())',
    ],
    ['the temporal dead zone', 'try { x; let x } catch (e) { return e.message }'],
    [
      'labelled jumps',
      'let n=0; a: for(;;){ for(;;){ if(n++>3) break a; continue a } } b: { if (n) break b; n=99 } return n',
    ],
    [
      'switch with fallthrough',
      'const r=[]; for (const x of [0,1,2,3]) switch(x){ case 0: r.push("a"); default: r.push("d"); break; case 2: { let q=1; r.push(()=>q) } case 3: r.push("e") } return r.map((x) => typeof x === "function" ? x() : x)',
    ],
    [
      'finally overrides return',
      'const r=[]; const f=()=>{ for(;;){ try { return 1 } finally { r.push("f"); break } } return 2 }; return [f(),r]',
    ],
    [
      'rethrow and nested finally',
      'const r=[]; try { try { throw new Error("x") } finally { r.push(1) } } catch ({message}) { r.push(message) } return r',
    ],
    [
      'generators',
      'function* g(a){ try { const b=yield a; const c=yield* [b,b+1]; return c } finally { yield "end" } } const i=g(1); return [i.next(),i.next(2),i.next(),i.return(9),i.next()]',
    ],
    [
      'async functions',
      'async function f(x){ try { return (await x)+1 } catch (e) { return e.message } finally { await null } } return Promise.all([f(1),f(Promise.reject(new Error("no")))])',
    ],
    [
      'async iteration',
      'async function* g(){ for (let i=0;i<5;i++) yield i } return (async()=>{ const r=[]; outer: for await (const x of g()) { if (x===1) continue; for await (const y of [1]) if (x===3) continue outer; r.push(x) } return r })()',
    ],
    [
      'statements without semicolons',
      'let a = 1\nlet b = a\n;[a, b] = [b, 2]\nconst o = {}\no.p = a\n++a\nasync function f() { await 1\n(await 2)\nreturn a }\nreturn f()',
    ],
    [
      'private fields and accessors',
      'class A { #x=1; y=2; static z=3; static { this.w=4 } get x(){return this.#x} set x(v){this.#x=v} #m(){return this.#x++} n(){ return [this.#m(), #x in this] } } const a=new A; a.x=5; return [a.x,a.y,A.z,A.w,a.n(),Object.keys(a)]',
    ],
    [
      'derived classes',
      'class A { constructor(){ this.a=1 } m(){return 1} } class B extends A { b=2; constructor(){ const f=()=>this; super(); this.c=f()===this } m(){ return super.m()+1 } } class C extends B { d=3 } const c=new C; return [c, c.m()]',
    ],
    [
      'getters and setters in literals',
      'let n=0; const o={ get p(){ return n }, set p(v){ n=v*2 }, ["q"+1]: 1, __proto__: {z:1} }; o.p=4; o.p++; return [o.p,o.q1,o.z]',
    ],
    [
      'optional chains and nullish',
      'const o=null, u={f(){return this.v},v:3}; let x; x??=4; x&&=5; x||=6; return [o?.a.b, u?.f(), u.g?.(), o?.[x=9], x]',
    ],
    [
      'delete and typeof',
      'const o={a:1,b:2}; const n=null, u={v:{w:1}}; const r=[delete n?.a.b, delete n?.a, delete u?.v?.w, u, delete o.a, delete o["b"], typeof nothing, typeof o.a, "a" in o]; return r',
    ],
    ['tagged templates', 'const t=(s,...v)=>[s.raw,v]; const f=()=>t`a${1}\\n`; return [f(), f()[0]===f()[0]]'],
    [
      'arguments and this',
      'function f(a){ arguments[0]=5; return [a, arguments.length, (()=>arguments[1])(), typeof this] } return f.call(1,2,3)',
    ],
    ['parameters with closures', 'function f(a, g=()=>a, {b=g()}={}){ a=2; return [g(), b, (()=>a)()] } return f(1)'],
    [
      'sloppy redeclarations',
      'function f(a){ function a(){ return 1 } var b; function b(){} return [typeof a, typeof b] } return f(3)',
    ],
    [
      'comma, void and conditional writes',
      'let a=1,b; (a=2,b=a)&&(a=3); const c = a>2 ? (b=7) : (b=8); return [a,b,c,void 0]',
    ],
    [
      'compound assignment to members',
      'const o={n:1,a:[1,2],k:0}; o.n+=2; o.a[o.k++]*=5; o["n"]**=2; const r=[o.n++, ++o.n, o.a[1]--]; return [o,r]',
    ],
    ['values with valueOf', 'let d={valueOf(){return 41}}; let s="x"; s+=d; const t=d+1; d++; return [s,t,d]'],
    [
      'error messages',
      'const e=[]; for (const f of [()=>null.x,()=>{undefined.x=1},()=>{let o={};o.f()},()=>{const {a}=null},()=>{for(const x of 5);},()=>nope]) try{f()}catch(x){e.push(x.message)} return e',
    ],
    [
      'what a function or an object in place gives is called',
      'const e=[]; for (const f of [()=>{const x=function(){return 5}()()},()=>{let y=function(){}().map(1)},()=>{y={a:1}.b()},()=>{const z=function(){}()``}]) try{f()}catch(x){e.push(x.name)} return e',
    ],
    ['eval and with', 'var a=1; eval("a=2; var z=3"); with({a:5}){ a=6; var q=a } return [a, q, typeof z]'],
    ['a completion in a do loop', 'let i=0; do i++; while(i<3) return i'],
    [
      'getter of a class named like a keyword',
      'const o={async(){return 1}, get(){return 2}, static: 3, await: 4}; return [o.async(),o.get(),o.static,o.await]',
    ],
    ['update of a captured counter', 'let n=0; const up=()=>n++; const a=[]; a[n++]=up(); a[n]=++n; return [a,n]'],
    ['new.target', 'function F(){ this.t=new.target===F } return [new F().t]'],
    [
      'comma expressions where a value leaves',
      'let a; const f=()=>{ try { return a=1,2 } finally { a=3 } }; const g=()=>{ return a=4,[a] }; try { throw a=5,new Error("x") } catch (e) { return [f(),g(),e.message,a] }',
    ],
    ['minified keywords', 'function f(a){if(a)return[a];else throw{b:1}}try{f(0)}catch(e){return{e,c:f(2)}}'],
    [
      'matching with a moving lastIndex',
      'const re=/a/g; const r=[]; let m; while (m=re.exec("banana")) r.push(m.index,re.lastIndex); return [r,re.test("a"),re.exec("xa")?.index]',
    ],
    [
      'strings that grow',
      'let s="", n=0; const f=(x)=>x; for (const x of [1,"a",null,{toString(){return "o"}},[2]]) { s += f(x); n += f(1) } return [s,n]',
    ],
    ['labels on functions and blocks', 'x: { y: { break x } } return 1'],
  ])('%s', async (_title, source) => check(source));
});

describe('positions', () => {
  test('no line is added or lost, and columns map back', () => {
    const source = 'const a = 1\nfunction f(x) {\n  return x.y + a\n}\nlet b = f({ y: 2 }), c = b\n';
    const { code, edits } = instrumented(source);
    const lines = withWords(code).split('\n');
    const original = source.split('\n');
    expect(lines).toHaveLength(original.length);
    const restored = lines.map((line, number) => {
      let out = line;
      const here = [];
      for (let i = 0; i < edits.length; i += 3)
        if (edits[i] === number) here.push([edits[i + 1] ?? 0, edits[i + 2] ?? 0]);
      for (const [column, length] of here) out = out.slice(0, column) + out.slice((column ?? 0) + (length ?? 0));
      return out;
    });
    expect(restored).toEqual(original);
  });

  test('a statement at a line start keeps its column', () => {
    const { code } = instrumented('foo()\nbar()\n', { goal: 'commonjs' });
    expect(code.split('\n')[1]?.startsWith('bar()')).toBe(true);
  });
});

describe('assignment patterns', () => {
  test('evaluate objects, keys, sources and defaults in the same order', () =>
    check(`const log = []; const t = (x, v) => (log.push(x), v);
      const o = {}; function* g() { try { yield t('one', 1); yield t('two', undefined); yield [t('three', 3)]; } finally { log.push('end') } }
      let v, r; [t('o', o)[t('k', 'a')], o.b = t('default', 9), [v, r = t('d', v)]] = g();
      ({ [t('p', 'length')]: o.len, x: t('q', o).x = 4, v, ...o.rest } = 'abc'); return [log, o, v, r];`));

  test('take parts of an object whose values are computed where they stand', () =>
    check(`const { a, [String('b')]: b = 0, ...rest } = { a: 1, c: [2].map((each) => each), b: String(3), ...{ d: 4 } };
      return [a, b, rest];`));

  test('keep names, swaps, lists that are turned round, private fields and super', () =>
    check(`let f, k; [f = () => 1, k = class {}] = new Set(); let a = [1, 2, 3]; let i = 0; [a[i], a[2], i] = [a[2], a[i], 1];
      let n = { v: 1, next: { v: 2, next: null } }, p = null; while (n) [p, n.next, n] = [n, p, n.next];
      class A { #q; static z; go(it) { [this.#q, super.w, this.s] = it; return [this.#q, this.w, this.t]; } set s(x) { this.t = x } }
      return [f.name, k.name, a, i, JSON.stringify(p), new A().go(new Set([1, 2, 3]))];`));

  test('fail with the same errors', async () => {
    await check('"use strict"; let a; [a, Object.freeze({ x: 1 }).x] = new Set([1, 2]);');
    await check('let a; [a, Object.freeze({ x: 1 }).x] = new Set([1, 2]); return a;');
    await check('[null.x] = [1];');
    await check('let a; ({ a, b: nope.x } = { a: 1 });');
    await check('const a = 1; [a] = [2];');
  });
});

describe('code that cannot be recorded', () => {
  test('a with statement asks its object for nothing more, and leaves as it would', () =>
    check(`const asked = []; const p = new Proxy({ a: 1 }, { has(o, k) { asked.push(String(k)); return k in o } });
      function f(x) { l: with (p) { a = a + x; if (x > 1) return a; var v = a; break l; } return [v, a]; var a; }
      let k = 0; if (k) ; else with ({ k: 5 }) k = 7; return [f(1), f(2), k, p.a, asked];`));

  test('direct eval sees the same names and makes the same variables', () =>
    check(`var log = []; function f(code) { let a = 1; const b = 2; var c = 3; log.push(eval(code)); return [a, b, c, typeof made, eval('this') === this]; }
      var o = { m() { return eval('super.toString').call(5) } };
      return [f('a += b; var made = 1; c = a'), f('made'.length), eval('1') + eval('2', 3), o.m(), log, eval('(x) => x * 2')(4)];`));
});

describe('the site table', () => {
  test('every op stands in its function’s range, and jumps stay inside', () => {
    const { table } = instrumented(
      'function f(n){ for (let i=0;i<n;i++) { if (i) continue; try { g(i) } catch { break } } return ()=>n } class A { x=1 }',
    );
    for (const site of table.functions) {
      expect(table.ops[site.firstOp]?.k).toBe('enter');
      for (let i = site.firstOp; i < site.endOp; i += 1) {
        const op = table.ops[i];
        const target = op?.k === 'jump' ? op.to : op?.k === 'block' ? op.else : undefined;
        if (target !== undefined) expect(target > site.firstOp && target < site.endOp).toBe(true);
      }
    }
  });

  test('a target of a pattern is recorded when it is assigned, where code may run before the next', () => {
    expect(instrumented('[a.x, b] = it').code).toMatch(/\[__hcPT\(.*?,false,a\)\.x, __hcPA/s);
    expect(instrumented('"use strict"; [a.x, b.y] = [1, 2]').code).toMatch(/\[a\.x, \(__hcD\(.*?,a,"x"\),b\)\.y\]/);
    expect(instrumented('[p, n.next, n] = [n, p, n.next]').code).toContain(',false,n)).next');
    expect(instrumented('[o.x] = it', { level: 'writes' }).code).toMatch(/\[__hcPM\/\*.*\*\/\(false,o\)\.x\b/);
  });

  test('a variable of a declared pattern is recorded before the next property is read, and before a rest', () => {
    const { code } = instrumented('var { a, b: c = 1, "d-e": f, [g]: h, ...r } = o');
    expect(code).toMatch(
      /^.*var \{ a, \[\(__hc1\(.*?,a\),"b"\/\*b\*\/\)\]: c = 1, \[\(__hc1\(.*?,c\),"d-e"\)\]: f, \[\(__hc1\(.*?,f\),g\)\]: h, \[\(__hc1\(.*?,h\),__hcPK\)\]:\{\}=0,\.\.\.r \} = __hcNM\(__hcPS\(o\)/s,
    );
    expect(instrumented('const { a: { b } = {}, ...r } = o').code).not.toContain('__hcPS');
  });

  test('parameters from the first pattern on are taken before any of them binds', async () => {
    const { code } = instrumented('function f(a, { b }, c = 1) {}');
    expect(code).toContain('f(a, __hcp1,__hcp2=void 0,...{[__hcPK]:{__hct:__hcpt,__hcp1:{ b }, __hcp2:c = 1,__hcz:');
    for (const text of ['f(a, b = 1) {}', 'f({}) {}', 'f({ [a]: b }) {}', 'f(...[a]) {}', 'f(...a) {}'])
      expect(instrumented(`function ${text}`).code).not.toContain('__hcPB');
    expect(instrumented('({ set x({ a }) {} })').code).not.toContain('__hcPB');
    expect(instrumented('[({ a }) => a]').code).not.toContain('__hcPB');
    expect(instrumented('({ m(v) { return ([a] = (super.s = v)) => a; } })').code).not.toContain('__hcPB');
    await check(
      'const f = (a, { b }, c = b, [d] = [c],) => [a, b, c, d]; return [f.length, f(1, { b: 2 }), f(1, { b: 2 }, 3, "45")]',
    );
    await check(
      'const f = ({ a: { b = 5 } = {}, ...c } = {}, ...d) => [b, c, d]; return [f.length, f(), f({ x: 1 }, 2, 3)]',
    );
    await check(
      'function f({ a }, b = a) { arguments[0] = 1; return [a, b, arguments.length] } return f({ a: 2 }, undefined, 3)',
    );
    await check('return ((a = b, { b }) => a)(undefined, {})');
    await check('async function* f({ a }) { yield a } return f({ a: 1 }).next()');
  });

  test('a type has no place in a pattern, nor have the comments in it', () => {
    const { code } = instrumented('function f({ a }: { a: 1 /* one */ }, b?: number) {}', { fileName: 'a.ts' });
    expect(code).toContain('{ a }/*: { a: 1 /* one *//* }*/, __hcp1:b/*?: number*/');
  });

  test('what cannot be recorded is said', () => {
    expect(instrumented('with ({}) { x = 1 }').table.degraded[0]?.reason).toContain('with statement');
  });

  test('a write that can be computed emits nothing', () => {
    expect(instrumented('let s = 0; { let i = 4; s += i * 2; }').code).not.toContain('__hc1');
  });

  test('a loop over constants emits nothing', () => {
    const { code, table } = instrumented('for (let i = 0, s = 1; i < 9; i++) if (i & 1) s *= (i - 20) >> 1;');
    expect(code).not.toMatch(/__hc[1B]\(/);
    expect(table.ops.some((op) => op.k === 'numeric')).toBe(true);
  });

  test('a loop that calls, reads a property or makes a closure is recorded step by step', () => {
    for (const body of ['f(i)', 's += o.x', 'a[i] = 1', 'g = () => i', 'x: for (;;) continue x']) {
      const { table } = instrumented(`let s = 0, g; function w(n, o, a) { for (let i = 0; i < n; i++) { ${body} } }`);
      expect(table.ops.filter((op) => op.k === 'numeric')).toEqual([]);
    }
  });

  test('a source that uses the hooks’ names is refused', () => {
    expect(() => instrumented('__hcA')).toThrow(NotInstrumentable);
  });

  test('a source that does not parse is refused', () => {
    expect(() => instrumented('let = = 3')).toThrow(NotInstrumentable);
  });

  test('type annotations are left to the type stripper', () => {
    const source =
      'interface P { x: number }\nexport class A<T> { declare q: T; constructor(readonly y?: string) {} m(this: A<T>, a: P = { x: 1 }): number { return (a as P).x! } }\n';
    const { code } = instrumented(source, { fileName: 'a.ts', goal: 'module' });
    expect(code).toContain('interface P { x: number }');
  });
});
