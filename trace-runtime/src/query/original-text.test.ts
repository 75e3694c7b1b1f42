import { SourceMap, type SourceMapPayload } from 'node:module';
import { transformSync } from 'esbuild';
import ts from 'typescript';
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

test('names that are imported are those of the source, whichever compiler made them parts of an object', () => {
  const source = `import check, { equal as same, ok } from './check';
check.equal(ok(1), same);
check(0.5);
`;
  const text = (loaded: string, map: string, part: string): string | undefined => {
    const original = new OriginalText(loaded, new SourceMap(JSON.parse(map) as SourceMapPayload), () => source);
    const start = loaded.indexOf(part);
    expect(start, `${part} in ${loaded}`).toBeGreaterThanOrEqual(0);
    return original.text(start, start + part.length);
  };
  const compilerOptions = { module: ts.ModuleKind.CommonJS, sourceMap: true, esModuleInterop: true };
  const { outputText, sourceMapText } = ts.transpileModule(source, { compilerOptions });
  expect(text(outputText, sourceMapText!, 'check_1.default.equal((0, check_1.ok)(1), check_1.equal)')).toBe(undefined);
  expect(text(outputText, sourceMapText!, '(0, check_1.ok)(1)')).toBe('ok(1)');
  expect(text(outputText, sourceMapText!, '(0, check_1.default)(0.5)')).toBe('check(0.5)');
  const { code, map } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    sourcemap: true,
    minifySyntax: true,
    minifyWhitespace: true,
  });
  expect(text(code, map, '(0,import_check.ok)(1)')).toBe('ok(1)');
  expect(text(code, map, '(0,import_check.default)(.5)')).toBe('check(0.5)');
});

test('numbers, texts, types, casts and shorthands are those of the source, whatever the compiler makes of them', () => {
  const source = `import { check, limit } from './check';
const enum Size { Small = 1, Large }
check(5_000, 10000, 0x1F, 0.5, 12n, 1e21);
check('it\\'s', "a\\u00e9", 'say "so"', true, undefined);
check<Map<string, () => void>>(new Map<string, number[]>(), limit as unknown as Record<string, number>);
check((line: { readonly cents: number }, count?: number): number => line.cents * count!, { limit }, Size.Large);
`;
  const parts = source.split('\n').filter((line) => line.startsWith('check'));
  const statements = (loaded: string): readonly string[] =>
    [...loaded.matchAll(/^((?:\(0, [\w$.]+\)|check)\(.*\));$/gm)].map(([, call]) => call!);
  for (const [loaded, map] of [esbuild(source, 'cjs'), esbuild(source, 'esm'), typescript(source)]) {
    const original = new OriginalText(loaded, new SourceMap(JSON.parse(map) as SourceMapPayload), () => source);
    const texts = statements(loaded).map((call) =>
      original.text(loaded.indexOf(call), loaded.indexOf(call) + call.length),
    );
    expect(texts, loaded).toEqual(parts.map((part) => part.replace(/;$/, '')));
  }
});

function esbuild(source: string, format: 'cjs' | 'esm'): [string, string] {
  const { code, map } = transformSync(source, { loader: 'ts', format, sourcemap: true });
  return [code, map];
}

function typescript(source: string): [string, string] {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, sourceMap: true };
  const { outputText, sourceMapText } = ts.transpileModule(source, { compilerOptions });
  return [outputText, sourceMapText!];
}

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
