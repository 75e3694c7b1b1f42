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
