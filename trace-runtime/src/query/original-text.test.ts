import { SourceMap, type SourceMapPayload } from 'node:module';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { OriginalText } from './original-text.ts';

const SOURCE = `interface Order { readonly lines: readonly { readonly price: number; readonly count?: number }[] }
// what it costs
export function totalOf(order: Order): number {
  let total = 0;
  for (const { price, count } of order.lines) {
    total += price * (count as number);
  }
  return round( // to cents
    total, 'half up',
  ) + order.lines[0]!.price;
}
const round = (value: number, how: string): number => (how === 'half up' ? Math.round(value) : value);
`;

/** The text that stands for one of the minified code. */
function check(loadedText: string): string | undefined {
  const { code, map } = transformSync(SOURCE, {
    loader: 'ts',
    minifyWhitespace: true,
    sourcemap: true,
    keepNames: true,
  });
  const start = code.indexOf(loadedText);
  expect(start, `${loadedText} in ${code}`).toBeGreaterThanOrEqual(0);
  const original = new OriginalText(code, new SourceMap(JSON.parse(map) as SourceMapPayload), () => SOURCE);
  return original.text(start, start + loadedText.length);
}

test('an expression has the spaces, quotes, comments and casts of its source', () => {
  expect(check('price*count')).toBe('price * (count as number)');
  expect(check('total+=price*count')).toBe('total += price * (count as number)');
  expect(check('order.lines[0].price')).toBe('order.lines[0]!.price');
  expect(check('round(total,"half up")')).toBe("round( // to cents\n    total, 'half up',\n  )");
  expect(check('how==="half up"')).toBe("how === 'half up'");
});

test('what is not the same code has no text', () => {
  expect(check('(value,how)')).toBe(undefined);
  expect(check('var __defProp')).toBe(undefined);
});

test('a line is the one that was written, and none where the compiler put code in', () => {
  const { code, map } = transformSync(SOURCE, {
    loader: 'ts',
    minifyWhitespace: true,
    sourcemap: true,
    keepNames: true,
  });
  const original = new OriginalText(code, new SourceMap(JSON.parse(map) as SourceMapPayload), () => SOURCE);
  expect(original.line(code.indexOf('total+='))).toMatchObject({
    line: 6,
    text: 'total += price * (count as number);',
  });
  expect(original.line(0)).toBe(undefined);
});
