import { describe, expect, test } from 'vitest';
import { bench } from './test-words.ts';
import { Runtime, Slot } from '../wire/words.ts';

describe('values', () => {
  const shown = (...values: readonly unknown[]): string[] => {
    const b = bench();
    for (const value of values) b.hook('1', b.site(1), value);
    return b.records().map((record) => record.slice(2));
  };

  test('numbers keep their value at every edge of the small integers', () => {
    const edges = [0, 1, -1, 2 ** 30 - 1, 2 ** 30, -(2 ** 30), -(2 ** 30) - 1, 2 ** 31, 2 ** 32 + 1, 0.5, -1.5, 1e300];
    expect(shown(...edges)).toEqual(edges.map(String));
    expect(shown(-0, NaN, Infinity, -Infinity)).toEqual(['negativeZero', 'nan', 'Infinity', '-Infinity']);
  });

  test('primitives that are no numbers', () => {
    expect(shown(undefined, null, true, false, 12345678901234567890n)).toEqual([
      'undefined',
      'null',
      'true',
      'false',
      '12345678901234567890n',
    ]);
  });

  test('a value that comes again at its site is the same value', () => {
    const big = 12345678901234567890n;
    expect(shown(big, big, 'a', 'a', Symbol.iterator, Symbol.iterator)).toEqual([
      '12345678901234567890n',
      '12345678901234567890n',
      'a',
      'a',
      '@Symbol.iterator/2',
      '@Symbol.iterator/2',
    ]);
  });

  test('symbols keep their identity and say where they come from', () => {
    const local = Symbol('a');
    expect(shown(local, local, Symbol(), Symbol.for('b'), Symbol.iterator)).toEqual([
      '@a/0',
      '@a/0',
      '@undefined/0',
      '@b/1',
      '@Symbol.iterator/2',
    ]);
  });

  test('strings of every kind and length come back', () => {
    const list = [
      '',
      'a',
      'é',
      '€',
      'hello',
      'x'.repeat(64),
      'y'.repeat(65),
      '\ud800',
      `${'z'.repeat(300)}€`,
      'w'.repeat(70_000),
    ];
    expect(shown(...list, ...list)).toEqual([...list, ...list]);
  });

  test('a string is defined once, however it was made', () => {
    const b = bench();
    b.hook('1', b.site(1), 'hello');
    const before = b.stream().length;
    b.hook('1', b.site(1), ['hel', 'lo'].join(''));
    expect(b.stream().length - before).toBe(2);
  });
});

describe('records', () => {
  test('an entry tells the caller’s progress, and its exit restores it', () => {
    const b = bench();
    b.words[Slot.progress] = 7;
    const caller = b.hook('E2', b.site(1), 'self', 5);
    b.words[Slot.progress] = 9;
    b.hook('X', caller);
    expect(b.words[Slot.progress]).toBe(7);
    expect(b.records()).toEqual(['1:7,self,5', 'abrupt:9']);
  });

  test('every hook writes the record that the contract names', () => {
    const b = bench();
    const at = b.words;
    at[Slot.progress] = 3;
    expect(b.hook('R', b.site(1), 2, 'v')).toBe('v');
    expect(at[Slot.progress]).toBe(2);
    expect(b.hook('Q', b.site(2), 4, 'v')).toBe('v');
    b.hook('Z', b.site(3), 5);
    b.hook('N', 6);
    expect(b.hook('0', b.site(4))).toBeUndefined();
    b.hook('BE', b.site(5), 11);
    expect(b.hook('2', b.site(6), 1, 2)).toBe(2);
    expect(b.hook('3', b.site(7), 1, 2, 3)).toBe(3);
    expect(b.hook('W', b.site(8), 1)).toEqual({});
    expect(b.hook('J', b.site(9), 'x')).toBe('x');
    expect(b.hook('Y', 0, 'x')).toBe('x');
    b.hook('C', b.site(10), 'e');
    b.hook('F', b.site(11));
    expect(b.hook('S', b.site(12), 'y', 3, 6)).toBe('y');
    expect(b.hook('U', 21, 8)).toBe(6);
    expect(at[Slot.progress]).toBe(8);
    b.hook('V', 'more');
    expect([b.hook('I'), b.hook('I')]).toEqual([1, 2]);
    expect(b.records()).toEqual([
      '1:v',
      '2',
      '3',
      'leave:5',
      '4',
      '5:11',
      '6:1,2',
      '7:1,2,3',
      '8:1',
      '9',
      '10:6,e',
      '11:6',
      '12:y',
      'resume:21,6,8,more',
    ]);
  });

  test('what is primitive', () => {
    const b = bench();
    const of = (value: unknown): unknown => b.hook('P', value);
    expect([1, 'a', null, undefined, 1n, true].map(of)).toEqual([true, true, true, true, true, true]);
    expect([{}, () => 1, Symbol('s')].map(of)).toEqual([false, false, false]);
  });

  test('fields of `this` are its own data properties, getters are not called', () => {
    const b = bench();
    const self = {
      a: 1,
      get b(): number {
        throw new Error('called');
      },
    };
    expect(b.hook('T', b.site(1), self, ['a', 'b', 'c'], ['#x', 5])).toBe(self);
    expect(b.records()).toEqual(['1:#1,2,a,1,#x,5']);
  });

  test('a property is read by its descriptor', () => {
    const b = bench();
    const o = {
      a: 1,
      get b(): number {
        throw new Error('called');
      },
    };
    b.hook('D', b.site(1), o, 'a');
    b.hook('D', b.site(1), o, 'b');
    b.hook('D', b.site(1), [7], 0);
    expect(b.records()).toEqual(['1:#1,a,1', '1:#1,b,opaque', expect.stringMatching(/^1:#\d+,0,7$/)]);
  });

  test('a dependency’s writes are recorded for objects that are known only', () => {
    const b = bench();
    const o = {};
    b.hook('M', o, 'a', 1);
    b.hook('1', b.site(1), o);
    expect(b.hook('M', o, 'a', 2)).toBe(2);
    expect(b.hook('MD', o, 'a', true)).toBe(true);
    expect(b.hook('MD', o, 'b', false)).toBe(false);
    expect(b.records()).toEqual(['1:#1', 'set:1,#1,a,2', 'delete:1,#1,a']);
  });

  test('a closure is known afterwards and needs no definition', () => {
    const b = bench();
    const f = (): number => 1;
    b.hook('L', b.site(1), f);
    b.hook('1', b.site(2), f);
    expect(b.records()).toEqual(['1:#1', '2:#1']);
    expect(b.object(1)).toBe('undefined');
  });

  test('the first entry with no recorded code on the stack begins a tick', () => {
    const b = bench();
    b.words[Slot.progress] = 0;
    b.hook('E0', b.site(1));
    const words = b.stream();
    expect(words[0]! >>> 4).toBe(Runtime.tick);
    expect(words[1]! >> 1).toBe(1);
    expect(b.records()).toEqual(['1:0']);
  });

  test('records go on through many drains', () => {
    const b = bench({ size: 600 });
    const expected: string[] = [];
    for (let i = 0; i < 3000; i++) {
      b.hook('2', b.site(1), i / 8, `text ${i % 700}`);
      expected.push(`1:${i / 8},text ${i % 700}`);
    }
    expect(b.records()).toEqual(expected);
  });
});

describe('the end of the stack', () => {
  test('leaves a stream that can be read, and objects that are defined later', () => {
    const b = bench({ size: 1 << 16 });
    let depth = 0;
    const dive = (n: number): void => {
      depth = n;
      b.hook('2', b.site(1), { n, text: `level ${n}` }, `key ${n}`);
      dive(n + 1);
    };
    for (let i = 0; i < 3; i++) expect(() => dive(0)).toThrow(RangeError);
    expect(depth).toBeGreaterThan(100);
    b.hook('2', b.site(2), { after: 1 }, 'key 5');
    const records = b.records();
    expect(records.at(-1)).toMatch(/^2:#\d+,key 5$/);
    expect(records.length).toBeGreaterThan(300);
  });
});
