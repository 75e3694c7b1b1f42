import { describe, expect, test } from 'vitest';
import { createPatternTargets } from './pattern-targets.ts';

type Target = Record<string, unknown>;

describe('a stand-in for the target of a pattern', () => {
  const records: unknown[][] = [];
  const targets = createPatternTargets(
    (...record) => void records.push(record),
    (...mutation) => void records.push(mutation),
    (object) => object === known,
  );
  const known: Target = {};

  test('assigns and records, setters included', () => {
    const object = {
      seen: 0,
      set x(value: number) {
        this.seen = value;
      },
    };
    (targets.PT(7, true, object) as Target)['x'] = 5;
    expect(object.seen).toBe(5);
    expect(records.pop()).toEqual([7, object, 'x', 5]);
  });

  test('fails as the assignment itself, in strict code only', () => {
    const frozen = Object.freeze({ x: 1 });
    expect(() => ((targets.PT(1, true, frozen) as Target)['x'] = 2)).toThrow(
      "Cannot assign to read only property 'x' of object '#<Object>'",
    );
    expect(() => ((targets.PT(1, false, frozen) as Target)['x'] = 2)).not.toThrow();
    for (const strict of [true, false])
      expect(() => ((targets.PT(1, strict, null) as Target)['x'] = 2)).toThrow(
        "Cannot set properties of null (setting 'x')",
      );
    expect(() => ((targets.PT(1, false, 'text') as Target)['x'] = 2)).not.toThrow();
  });

  test('in a dependency stands for known objects only', () => {
    const other = {};
    expect(targets.PM(true, other)).toBe(other);
    (targets.PM(true, known) as Target)['y'] = 3;
    expect(known).toEqual({ y: 3 });
    expect(records.pop()).toEqual([known, 'y', 3]);
  });
});

describe('a source of a pattern', () => {
  const { PK, PS } = createPatternTargets(
    () => undefined,
    () => undefined,
    () => false,
  );

  test('is itself, where nobody notices what it is asked for', () => {
    for (const source of [undefined, null, 'text', {}, [], () => 1, Object.create(null)])
      expect(PS(source)).toBe(source);
  });

  test('is asked through what answers in its place, where a proxy would notice', () => {
    const asked: string[] = [];
    const handler: ProxyHandler<object> = {
      get: (target, key, self) => (asked.push(`get ${String(key)}`), Reflect.get(target, key, self) as unknown),
      ownKeys: (target) => (asked.push('keys'), Reflect.ownKeys(target)),
      getOwnPropertyDescriptor: (t, key) => (
        asked.push(`has ${String(key)}`),
        Reflect.getOwnPropertyDescriptor(t, key)
      ),
    };
    const hidden = { value: 4, enumerable: false, configurable: false };
    const source = new Proxy(Object.defineProperty({ a: 1, b: 2 }, 'c', hidden), handler);
    const plain = ({ a, ...r }: Record<string, unknown>): unknown => [a, r];
    const expected = [plain(source as Record<string, unknown>), asked.splice(0)];
    const { a, [PK]: none, ...rest } = PS(source) as Record<PropertyKey, unknown>;
    expect([[a, rest], asked.splice(0)]).toEqual(expected);
    expect(none).toBe(undefined);
    const heir = Object.create(source) as object;
    expect((PS(heir) as Record<PropertyKey, unknown>)[PK]).toBe(undefined);
    expect(asked).toEqual([]);
  });
});
