import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { bench, realmOf, type Bench } from './test-words.ts';

/** Records the value of `code`, in a realm of its own; shows the definition of the first object in it. */
function defined(code: string): string {
  const b = bench();
  const run = realmOf(b.recorder);
  b.hook('1', b.site(1), run(code));
  return definitionOf(b);
}

function definitionOf(b: Bench, record = 0): string {
  const id = Number(/#(\d+)/.exec(b.records()[record] ?? '')?.[1]);
  return b.object(id).replace(/\^\S+/, '').replaceAll(/#\d+/g, '#');
}

describe('definitions', () => {
  test.each([
    ['({a:1,b:"x",[Symbol.iterator]:null})', 'Object plain(){a=1,b=x,@Symbol.iterator/2=null}'],
    ['Object.create(null,{a:{value:1}})', ' plain/8(){a=1!0}'],
    ['Object.freeze({a:1})', 'Object plain/7(){a=1!2}'],
    ['Object.seal({a:1})', 'Object plain/3(){a=1!3}'],
    ['Object.preventExtensions({a:1})', 'Object plain/1(){a=1}'],
    ['[1,,"c"]', 'Array array(1,hole,c){}'],
    ['Object.assign([1],{x:2})', 'Array array(1){x=2}'],
    ['/a/.exec("a")', 'Array array(a){index=0,input=a,groups=undefined}'],
    ['new Map([["a",1]])', 'Map map(a,1){}'],
    ['new Set(["a",1])', 'Set set(a,1){}'],
    ['new Date(5)', 'Date date(5){}'],
    ['/a+/gi', 'RegExp regexp(a+,gi){lastIndex=0!1}'],
    ['new Number(5)', 'Number boxed(5){}'],
    ['new String("ab")', 'String boxed(ab){}'],
    ['Object(Symbol("q"))', 'Symbol boxed(@q/0){}'],
    ['new Uint8Array([1,2,3]).buffer', 'ArrayBuffer arrayBuffer(010203){}'],
    ['new Uint8Array([1,2,3])', 'Uint8Array typedArray(#,0,3){}'],
    ['new DataView(new ArrayBuffer(4),1)', 'DataView dataView(#,1,3){}'],
    ['Promise.resolve(1)', 'Promise promise(){}'],
    ['new WeakMap()', 'WeakMap weak(){}'],
    ['new TypeError("no")', 'TypeError error(opaque){message=no!5}'],
    ['new Error("no",{cause:4})', 'Error error(opaque){message=no!5,cause=4!5}'],
    ['(function(){return arguments})(1,2)', 'Object arguments(1,2){length=2!5,callee=#!5,@Symbol.iterator/2=#!5}'],
    ['(function f(a,b){})', 'Function function(f,2,0,0){prototype=#!1}'],
    ['(function*(){})()', 'Generator generator(){}'],
    ['class A{constructor(){this.x=1}};new A()', 'A plain(){x=1}'],
    ['class M extends Map{};new M()', 'M map(){}'],
    ['({get a(){throw 1},set a(v){}})', 'Object plain(){a=get # set #!6}'],
    ['(class A{m(){}}).prototype', 'Object plain/16(){constructor=#!5,m=#!5}'],
    ['(function f(){}).prototype', 'Object plain/16(){constructor=#!5}'],
    ['(()=>{const r=Proxy.revocable({},{});r.revoke();return r.proxy})()', 'Proxy proxy(null,null){}'],
    ['Array.prototype.push', 'Function intrinsic(Array.prototype.push){}'],
    ['Math', ' intrinsic(Math){}'],
    ['new Proxy({},{})', 'Proxy proxy(#,#){}'],
    ['new Proxy(()=>{},{get(){throw 1},getPrototypeOf(){throw 1},ownKeys(){throw 1}})', 'Proxy proxy(#,#){}'],
  ])('%s', (code, expected) => {
    expect(defined(code)).toBe(expected);
  });

  test('cycles and shared objects keep their identity', () => {
    const b = bench();
    const run = realmOf(b.recorder);
    b.hook('1', b.site(1), run('var o={};o.self=o;o.twice=[o,o];o'));
    const id = /#(\d+)/.exec(b.records()[0] ?? '')?.[1];
    expect(b.object(Number(id))).toContain(`self=#${id}`);
  });

  test('a chain of 20000 objects needs no stack', () => {
    const b = bench();
    const run = realmOf(b.recorder);
    b.hook('1', b.site(1), run('let l=null;for(let i=0;i<20000;i++)l={l};l'));
    expect(b.records()).toHaveLength(1);
  });

  test('an instance of a class of Node shows plain data only', () => {
    const b = bench();
    b.recorder.installRealm((code) => vm.runInThisContext(code), true);
    b.hook('1', b.site(1), new AbortController());
    b.hook('1', b.site(1), new (process.getBuiltinModule('node:net').Server)());
    expect(definitionOf(b)).toMatch(/^AbortController opaque\(\)/);
    expect(definitionOf(b, 1)).toMatch(/^Server opaque\(\)\{_events=opaque,_eventsCount=0/);
  });

  test('a new view of a known buffer records its part of the bytes, a long slice of a known view none', () => {
    const b = bench({ size: 1 << 16 });
    const run = realmOf(b.recorder);
    const whole = run('var whole = new Uint8Array(5000); whole') as Uint8Array;
    b.hook('1', b.site(1), whole);
    whole[1000] = 7;
    b.hook('1', b.site(1), new Uint8Array(whole.buffer, 999, 3));
    const before = b.stream().length;
    for (let i = 0; i < 100; i++) b.hook('1', b.site(1), run(`whole.subarray(${i})`));
    expect(b.stream().length - before).toBeLessThan(100 * 20);
    expect(b.records()[1]).toMatch(/^part of #\d+ at 999: 000700$/);
  });

  test('looking at objects runs nothing of the program', () => {
    const b = bench();
    const run = realmOf(b.recorder);
    const trapped = run(`
      globalThis.ran=[];const trap=new Proxy({},{get:(_,k)=>(t,...r)=>{ran.push(k);return Reflect[k](t,...r)}});
      class C{static get [Symbol.species](){ran.push('species')}get [Symbol.toStringTag](){ran.push('tag')}
        static [Symbol.hasInstance](){ran.push('instance')} toJSON(){ran.push('json')} valueOf(){ran.push('valueOf')}}
      Error.prepareStackTrace=()=>{ran.push('stack')};
      [new Proxy({a:1},trap),new C(),Object.create(new Proxy({},trap)),new Error('x'),Object.setPrototypeOf([1,,2],new Proxy([],trap))]`);
    b.hook('1', b.site(1), trapped);
    expect(b.records()).toHaveLength(1);
    expect(run('ran.join()')).toBe('');
  });
});

describe('strings', () => {
  const hello = Array.from({ length: 400 }, (_, i) => `line ${i} of the text`).join('\n');

  test('parts of a long string are references', () => {
    const b = bench({ size: 1 << 16 });
    const run = realmOf(b.recorder);
    b.hook('1', b.site(1), hello);
    const cuts = run('(s)=>[s.slice(100),s.slice(-300,-10),s.substring(900,200),s.substr(7,500),("  "+s).trim()]') as (
      s: string,
    ) => string[];
    const parts = cuts(hello);
    const before = b.stream().length;
    for (const part of parts) b.hook('1', b.site(1), part);
    expect(b.stream().length - before).toBeLessThan(60);
    expect(b.records()).toEqual([hello, ...parts].map((text) => `1:${text}`));
  });

  test('a string that grows is its old self and a tail', () => {
    const b = bench({ size: 1 << 16 });
    let text = hello;
    for (let i = 0; i < 50; i++) b.hook('1', b.site(1), (text += ` more ${i}`));
    expect(b.stream().length).toBeLessThan(4000);
    expect(b.records().at(-1)).toBe(`1:${text}`);
  });

  test('a secret is in no text, property, part or buffer', () => {
    const value = 'hunter2-secret-value';
    const b = bench({ secrets: [{ name: 'API_TOKEN', value }] });
    const run = realmOf(b.recorder);
    const header = `Authorization: Bearer ${value} ${'-'.repeat(100)}`;
    const cut = (run('(s)=>s.slice(3)') as (s: string) => string)(header);
    for (const item of [
      value,
      header,
      cut,
      { value },
      Buffer.from(`x${value}`),
      `${'a'.repeat(100)}hunter2-`,
      `${'a'.repeat(100)}${value}`,
    ])
      b.hook('1', b.site(1), item);
    const bytes = Buffer.from(Int32Array.from(b.stream()).buffer);
    expect(bytes.includes(value)).toBe(false);
    expect(b.records()[1]).toContain('Bearer «redacted:API_TOKEN» ---');
  });
});
