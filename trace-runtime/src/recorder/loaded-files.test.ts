import { expect, test } from 'vitest';
import { withoutInsertions } from './disguise.ts';
import { loadedFiles, originalColumn, type LoadedFile } from './loaded-files.ts';

// `|…|` marks what was inserted.
function marked(text: string): { readonly whole: string; readonly edits: Int32Array; readonly original: string } {
  const edits: number[] = [];
  const lines = text.split('\n').map((line, row) => {
    let original = '';
    line.split('|').forEach((part, i) => {
      if (i % 2 === 1) edits.push(row, original.length, part.length);
      else original += part;
    });
    return original;
  });
  return { whole: text.replaceAll('|', ''), edits: Int32Array.from(edits), original: lines.join('\n') };
}

function load(text: string): {
  readonly whole: string;
  readonly original: string;
  readonly file: LoadedFile;
  readonly files: ReturnType<typeof loadedFiles>;
} {
  const { whole, edits, original } = marked(text);
  const files = loadedFiles({
    folder: '',
    key: () => 'k',
    read: () => undefined,
    failure: () => undefined,
    edits: () => edits,
    source: () => original,
  });
  const file: LoadedFile = { path: '/a.js', key: 'k', base: 256, ops: 10, offsets: { line: 0, column: 0 } };
  files.add(file);
  return { whole, original, file, files };
}

test('every original character is found from its place in the instrumented text', () => {
  const { whole, original, file, files } = load('a|xx|bc|y||z|d\nplain\n|start|e');
  const edits = files.edits(file);
  original.split('\n').forEach((line, row) => {
    const now = whole.split('\n')[row] ?? '';
    for (const [column, letter] of [...line].entries()) {
      const place = now.lastIndexOf(letter);
      expect(originalColumn(edits, row, place)).toBe(column);
    }
  });
});

test('a place inside an insertion is where it was inserted', () => {
  const { file, files } = load('ab|xyz|c');
  expect(originalColumn(files.edits(file), 0, 3)).toBe(2);
});

test('taking out the insertions gives the original, whole or in part', () => {
  const { whole, original, file, files } = load('|h;|function f() {|in|\r\n  return |q(|1|)|;\n}|out|');
  expect(withoutInsertions(files, file, whole, 0, whole.length)).toBe(original);
  const start = whole.indexOf('function');
  expect(withoutInsertions(files, file, whole, start, whole.lastIndexOf('}') + 1)).toBe(original);
});

test('a control id belongs to the load whose range it lies in, in whatever order loads are told', () => {
  const { file, files } = load('a');
  files.add({ ...file, path: '/c.js', base: 300, ops: 5 });
  files.add({ ...file, path: '/b.js', base: 266, ops: 34 });
  expect([256, 265, 266, 299, 300, 304, 305].map((id) => files.byControl(id)?.path)).toEqual([
    '/a.js',
    '/a.js',
    '/b.js',
    '/b.js',
    '/c.js',
    '/c.js',
    undefined,
  ]);
});
