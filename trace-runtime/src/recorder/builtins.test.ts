import vm from 'node:vm';
import { expect, test } from 'vitest';
import { bench, realmOf } from './test-words.ts';

/** What the recording says of `change`, after the value of `make` has become known. */
function changes(make: string, change: string): string[] {
  const b = bench();
  const run = realmOf(b.recorder);
  run('globalThis.x=undefined');
  const x = run(`x=${make}`);
  b.hook('1', b.site(1), x);
  run(change);
  return b
    .records()
    .slice(1)
    .map((record) => record.replaceAll(/#\d+/g, '#'));
}

test.each([
  ['[1]', 'x.push(2)', ['push:1,#,1,2']],
  ['[1]', 'x.push(2,3)', ['push:1,#,2,2,3']],
  ['[1,2]', 'x.pop()', ['splice:1,#,1,1,0']],
  ['[]', 'x.pop()', []],
  ['[1,2]', 'x.shift()', ['splice:1,#,0,1,0']],
  ['[1]', 'x.unshift(8,9)', ['splice:1,#,0,0,2,8,9']],
  ['[1,2,3]', 'x.splice(-2,1,"a")', ['splice:1,#,1,1,1,a']],
  ['[1,2,3]', 'x.splice(1)', ['splice:1,#,1,2,0']],
  ['[3,1,2]', 'x.sort()', ['elements:1,#,3,1,2,3']],
  ['[1,,2]', 'x.reverse()', ['elements:1,#,3,2,hole,1']],
  ['[1,2]', 'x.fill(0)', ['elements:1,#,2,0,0']],
  [
    'new Map()',
    'x.set("a",-0);x.delete("a");x.delete("b");x.clear()',
    ['mapSet:1,#,a,negativeZero', 'mapDelete:1,#,a', 'mapClear:1,#'],
  ],
  ['new Set()', 'x.add(1)', ['mapSet:1,#,1,undefined']],
  ['({})', 'Object.assign(x,{a:1},null,{b:2})', ['set:1,#,a,1', 'set:1,#,b,2']],
  ['({})', 'Object.defineProperty(x,"a",{value:1})', ['define:1,#,a,1,0']],
  ['({})', 'Object.defineProperty(x,"a",{get(){return 1},enumerable:true})', ['define:1,#,a,get # set undefined,2']],
  [
    '({})',
    'Object.defineProperties(x,{a:{value:1},b:{value:2,writable:true}})',
    ['define:1,#,a,1,0', 'define:1,#,b,2,1'],
  ],
  ['({})', 'Object.freeze(x);Object.seal(x)', ['freeze:1,#,3', 'freeze:1,#,2']],
  ['({})', 'Object.setPrototypeOf(x,null)', ['setPrototype:1,#,null']],
  ['({})', 'x.__proto__=null', ['setPrototype:1,#,null']],
  ['({a:1})', 'Reflect.set(x,"a",2);Reflect.deleteProperty(x,"a")', ['set:1,#,a,2', 'delete:1,#,a']],
  ['new Date(0)', 'x.setTime(7)', ['dateSet:1,#,7']],
  ['new Uint8Array(3)', 'x.set([5],1)', ['bytes:1,#,1,0500']],
  ['new Uint8Array(2)', 'x.fill(9)', ['bytes:1,#,0,0909']],
  ['new DataView(new ArrayBuffer(4))', 'x.setUint16(1,258)', ['bytes:1,#,1,0102']],
  ['({length:0})', 'Array.prototype.push.call(x,"a");x.length', ['setPrototype:1,#,#']],
  ['JSON.parse("[1,[2]]")', 'x=JSON.parse("[1,[2]]",function(k,v){return v})', []],
])('%s; %s', (make, change, expected) => {
  expect(changes(make, change)).toEqual(expected);
});

test('a change through a proxy that the recording has not met', () => {
  const b = bench();
  const run = realmOf(b.recorder);
  b.hook('1', b.site(1), run('var target=[1];target'));
  run('new Proxy(target,{}).push(2)');
  const id = Number(/#(\d+)/.exec(b.records()[0] ?? '')?.[1]);
  expect(b.object(id)).toContain('array(1,2)');
});

test('what a reviver returns is recorded where JSON.parse stores it', () => {
  const b = bench();
  const run = realmOf(b.recorder);
  const parse = run('(h)=>JSON.parse("[1,2,3]",function(k,v){h(this);return k===""?v:v===2?undefined:v+1})');
  (parse as (h: (o: object) => void) => unknown)((o) => b.hook('1', b.site(1), o));
  const id = /#\d+/.exec(b.records()[0] ?? '')?.[0] ?? '';
  expect(b.records().map((record) => record.replaceAll(id, 'list'))).toEqual([
    '1:list',
    'set:1,list,0,2',
    '1:list',
    'delete:1,list,1',
    '1:list',
    'set:1,list,2,4',
    expect.stringMatching(/^1:#/),
    expect.stringMatching(/^set:1,#\d+,,list$/),
  ]);
});

test('objects that the recording does not know are none of its business', () => {
  const b = bench();
  const run = realmOf(b.recorder);
  run('[].push(1);new Map().set(1,1);Object.assign({}, {a:1});Object.freeze({})');
  expect(b.records()).toEqual([]);
});

test('replaced builtins do what the originals do', () => {
  const b = bench();
  const run = realmOf(b.recorder);
  expect(run('Array.prototype.push.call({length:1},"a")')).toBe(2);
  expect(run('Array.prototype.push.call(5,1)')).toBe(6 - 5);
  expect(run('[3,1].sort((a,b)=>a-b).join()')).toBe('1,3');
  expect(run('"abc".slice()+"abc".slice(1,2)+"abc".substr(-1)+String.prototype.slice.call(123,1)')).toBe('abcbc23');
  expect(run('try{new Array.prototype.push()}catch(e){e instanceof TypeError}')).toBe(true);
  expect(run('try{Proxy({}, {})}catch(e){e instanceof TypeError}')).toBe(true);
  expect(run('typeof Proxy.prototype+typeof Proxy')).toBe('undefinedfunction');
  expect(run('Array.prototype.push instanceof Function')).toBe(true);
  expect(run('"prototype" in Array.prototype.push')).toBe(false);
  expect(run('let s=0;for(const k in [1])s+=k;s')).toBe('00');
  expect(run('JSON.stringify(Object.getOwnPropertyDescriptor(Array.prototype,"push"))')).toBe(
    '{"writable":true,"enumerable":false,"configurable":true}',
  );
  expect(run('try{Object.freeze([1]).push(2)}catch(e){e.constructor===TypeError}')).toBe(true);
});

test('nothing of the recorder is on the global object', () => {
  const b = bench();
  const run = realmOf(b.recorder);
  expect(run('Object.getOwnPropertyNames(globalThis).filter((k)=>k.includes("hc")).join()')).toBe('');
  expect(run('typeof __hcE2')).toBe('function');
});

test('a proxy of a known array notices no more than without the recorder', () => {
  const code = `(() => {
    const log = [];
    const target = [1, 2, 3];
    const handler = {};
    for (const key of Reflect.ownKeys(Reflect)) {
      if (typeof Reflect[key] !== 'function') continue;
      handler[key] = (...values) => {
        log.push(key + (typeof values[1] === 'object' ? '' : String(values[1])));
        return Reflect[key](...values);
      };
    }
    const proxy = new Proxy(target, handler);
    seen(target);
    seen(proxy);
    proxy.push(4); proxy.push(5, 6); proxy.pop(); proxy.unshift(0); proxy.shift(); proxy.splice(1, 1); proxy.sort();
    proxy.reverse(); proxy.fill(1); proxy.copyWithin(0, 1); proxy.length = 1; proxy.slice(); proxy.concat([2]);
    Object.assign(proxy, { x: 1 }); Object.defineProperty(proxy, 'y', { value: 2 }); delete proxy.x; Object.freeze(proxy);
    return log.join();
  })()`;
  const b = bench();
  const run = realmOf(b.recorder);
  (run('(f) => { globalThis.seen = f; }') as (f: unknown) => void)((value: unknown) => b.hook('1', b.site(1), value));
  const plain: unknown = vm.runInNewContext(`globalThis.seen = () => {};${code}`);
  expect(run(code)).toBe(plain);
});

test('a view of a buffer that was given away is recorded, empty', () => {
  const b = bench();
  const buffer = new ArrayBuffer(4);
  const view = new DataView(buffer, 1);
  structuredClone(0, { transfer: [buffer] });
  b.hook('1', b.site(1), view);
  expect(b.object(Number(/#(\d+)/.exec(b.records()[0] ?? '')?.[1]))).toMatch(/\(#\d+,0,0\)/);
});
