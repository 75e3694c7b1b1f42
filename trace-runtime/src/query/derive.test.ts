import { describe, expect, it } from 'vitest';
import type { Expr } from '../model/sites.ts';
import type { ScopeInstance } from './activation.ts';
import { compileRule } from './derive.ts';
import { ObjectValue, SymbolValue, opaque, uninitialised } from './values.ts';
import type { Value } from './values.ts';

/** Variables 0, 1, 2 hold the values. */
function evaluate(expr: Expr, ...values: Value[]): Value {
  const scope = { scope: 0, values, parent: undefined, hasThis: true, thisValue: 'me' } as unknown as ScopeInstance;
  const rule = compileRule(expr, (variable) => ({ scope: 0, slot: variable }));
  return rule(scope, { typeOf: (object) => (object.id === 7 ? 'function' : 'object') });
}
const a: Expr = { e: 'variable', variable: 0 };
const b: Expr = { e: 'variable', variable: 1 };
const c: Expr = { e: 'variable', variable: 2 };
const object = new ObjectValue(1);

describe('rules', () => {
  it('compute as the language does on primitives', () => {
    const samples: Value[] = [0, -0, 1, -1.5, NaN, Infinity, '', '3', 'x', true, false, null, undefined, 2n, -7n];
    const ops = [
      '+',
      '-',
      '*',
      '/',
      '%',
      '**',
      '<<',
      '>>',
      '>>>',
      '&',
      '|',
      '^',
      '<',
      '>',
      '<=',
      '>=',
      '==',
      '!=',
      '===',
      '!==',
    ];
    for (const op of ops) {
      const native = new Function('a', 'b', `try { return a ${op} b } catch { return this }`) as (
        x: Value,
        y: Value,
      ) => Value;
      for (const x of samples) {
        for (const y of samples) {
          const expected = native.call(opaque, x, y);
          const actual = evaluate({ e: 'binary', op, a, b }, x, y);
          expect(Object.is(actual, expected), `${String(x)} ${op} ${String(y)}`).toBe(true);
        }
      }
    }
  });

  it('know objects by identity, type and truth only', () => {
    expect(evaluate({ e: 'binary', op: '===', a, b }, object, object)).toBe(true);
    expect(evaluate({ e: 'binary', op: '==', a, b }, object, new ObjectValue(2))).toBe(false);
    expect(evaluate({ e: 'binary', op: '==', a, b }, object, null)).toBe(false);
    expect(evaluate({ e: 'binary', op: '==', a, b }, object, '1')).toBe(opaque);
    expect(evaluate({ e: 'binary', op: '+', a, b }, object, 1)).toBe(opaque);
    expect(evaluate({ e: 'unary', op: 'typeof', a }, new ObjectValue(7))).toBe('function');
    expect(evaluate({ e: 'unary', op: 'typeof', a }, new SymbolValue(1, 's', 'local'))).toBe('symbol');
    expect(evaluate({ e: 'unary', op: '!', a }, object)).toBe(false);
  });

  it('choose by truth', () => {
    expect(evaluate({ e: 'and', a, b }, 0, 1)).toBe(0);
    expect(evaluate({ e: 'or', a, b }, '', object)).toBe(object);
    expect(evaluate({ e: 'nullish', a, b }, undefined, 5)).toBe(5);
    expect(evaluate({ e: 'conditional', test: a, a: b, b: c }, object, 1, 2)).toBe(1);
    expect(evaluate({ e: 'conditional', test: a, a: b, b: c }, opaque, 1, 2)).toBe(opaque);
  });

  it('join templates, step numbers and bigints, and say where they cannot', () => {
    expect(evaluate({ e: 'template', parts: ['<', a, '>', b] }, null, 1n)).toBe('<null>1');
    expect(evaluate({ e: 'template', parts: [a] }, object)).toBe(opaque);
    expect(evaluate({ e: 'binary', op: '++', a, b }, 1n, 1)).toBe(2n);
    expect(evaluate({ e: 'binary', op: '--', a, b }, '5', 1)).toBe(4);
    expect(evaluate({ e: 'binary', op: '+', a, b }, uninitialised, 1)).toBe(opaque);
    expect(evaluate({ e: 'this' })).toBe('me');
  });
});
