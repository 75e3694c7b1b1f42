import { describe, expect, test } from 'vitest';
import { reduceCoarsely, reduceFinely } from './content.ts';
import { alignReduction } from './reduction-lines.ts';

async function reduced(text: string | Buffer, fails: (text: string) => boolean): Promise<string> {
  const first = async (candidates: readonly Buffer[]) => candidates.findIndex((each) => fails(each.toString('latin1')));
  const coarse = await reduceCoarsely(Buffer.from(text), first);
  return (await reduceFinely(coarse, first)).toString('latin1');
}

/** Whether it is JSON of which the check is true. */
const holds =
  <T>(check: (value: T) => boolean) =>
  (text: string): boolean => {
    try {
      return check(JSON.parse(text) as T);
    } catch {
      return false;
    }
  };

interface Users {
  readonly users: readonly { readonly id: number; readonly name: string }[];
}

describe('contents are made smaller by what they are', () => {
  test('JSON: members, elements, letters and digits', async () => {
    const users = Array.from({ length: 50 }, (_, id) => ({ id, name: `user ${id}`, tags: ['a', 'b'] }));
    const text = JSON.stringify({ users, more: { deep: [1, 2, 3] } }, undefined, 2);
    expect(
      await reduced(
        text,
        holds<Users>(({ users: all }) => all.some(({ id }) => id > 30)),
      ),
    ).toBe('{"users":[{"id":31}]}');
    expect(
      await reduced(
        text,
        holds<Users>(({ users: all }) => all.some(({ name }) => name.includes('17'))),
      ),
    ).toBe('{"users":[{"name":"17"}]}');
  });

  test('JSON: what is inside takes the place of what holds it', async () => {
    const tree = (depth: number): object =>
      depth === 0 ? { bad: true, kids: [] } : { kids: [{ kids: [] }, tree(depth - 1)] };
    const isBad = (node: { readonly bad?: boolean; readonly kids: readonly [] }): boolean =>
      node.bad === true || node.kids.some(isBad);
    expect(await reduced(JSON.stringify(tree(8)), holds(isBad))).toBe('{"bad":true}');
  });

  test('JSON: an expression, all of whose parts are needed, in few tries', async () => {
    type Part = number | { readonly operator: string; readonly left: Part; readonly right: Part };
    const formula = (depth: number, number: number): Part =>
      depth === 0
        ? number % 10
        : {
            operator: depth === 2 && number === 21 ? '/' : '+',
            left: formula(depth - 1, number * 2),
            right: formula(depth - 1, number * 2 + 1),
          };
    let tries = 0;
    const failing = (part: Part): boolean => {
      if (typeof part === 'number') return false;
      if (typeof part !== 'object' || part.left === undefined || part.right === undefined)
        throw new Error('another failure');
      const isBelow = failing(part.left) || failing(part.right);
      return isBelow || part.operator !== '+';
    };
    const fails = holds<Part>((part) => {
      tries++;
      return failing(part);
    });
    const left = await reduced(JSON.stringify(formula(7, 0)), fails);
    expect(tries).toBeLessThan(60);
    expect(left).toBe('{"left":4,"right":5}');
  });

  test('JSON keeps its blanks where they matter', async () => {
    expect(await reduced('{\n  "a": 1,\n  "b": 2\n}\n', (text) => text.includes('\n  "b"'))).toBe('{\n  "b": 2\n}');
  });

  test('a table: rows, columns, fields', async () => {
    const text = [
      'id,name,price',
      ...Array.from({ length: 90 }, (_, i) => `${i},"name, ${i}",${i === 70 ? 'x' : i}`),
    ].join('\n');
    const fails = (csv: string): boolean => {
      const [head = '', ...rows] = csv.split('\n');
      const at = head.split(',').indexOf('price');
      return at >= 0 && rows.some((row) => /x/.test(row.replaceAll(/"[^"]*"/g, '').split(',')[at] ?? ''));
    };
    expect(await reduced(text, fails)).toBe('price\nx');
  });

  test('lines of JSON, a form, words, bytes', async () => {
    const lines = Array.from({ length: 40 }, (_, id) => JSON.stringify({ id, name: `n${id}` })).join('\n');
    expect(await reduced(lines, (text) => /^\{"id":33/m.test(text))).toBe('{"id":33');
    expect(await reduced('a=1&from=x&to=y&b=2', (text) => new URLSearchParams(text).get('to') === 'y')).toBe('to=y');
    expect(await reduced('one two three four five', (text) => /t.*f/.test(text))).toBe('tf');
    const bytes = Buffer.from([0, 255, 254, 3, 4, 5, 200, 7]);
    expect(await reduced(bytes, (text) => text.includes('\u00c8'))).toBe('\u00c8');
  });
});

describe('a reduction beside what it was', () => {
  const shown = (before: string, after: string): readonly string[] =>
    alignReduction(before, after).map((line) =>
      line.kind === 'gone'
        ? `… ${line.count}`
        : line.kind === 'kept'
          ? `  ${line.text}`
          : `${line.before ?? ''} > ${line.text}`,
    );

  test('lines that are left, shorter or gone', () => {
    expect(shown('head\na 1\nb 2\nc 3\n', 'head\nb\n')).toEqual(['  head', '… 1', 'b 2 > b', '… 1']);
    // any of them may be what is left
    expect(shown('aa\nab\nac\n', 'a\n')).toEqual([' > a', '… 2']);
    expect(shown('{"a": {"b": [1, 2]}}', '{"a":{}}')).toEqual(['{"a": {"b": [1, 2]}} > {"a":{}}']);
  });
});
