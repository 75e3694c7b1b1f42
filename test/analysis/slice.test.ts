import { parse, type Program } from 'acorn';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { sliceOf, type Slice } from '../../trace-runtime/src/analysis/slice/slice.ts';
import { eachNode } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { Random } from '../support/random.ts';
import { done, lineOf, standAtLine, trace } from './kit.ts';
import { randomProgram } from './random-program.ts';
import { sliceProgram } from './slice-programs.ts';

interface Found {
  readonly slice: Slice;
  /** lines with statements that ran, and those of the slice */
  readonly lines: ReadonlySet<number>;
}

/** Of the statement before the one with the mark. */
async function sliced(source: string, mark = '// here', from = 0): Promise<Found> {
  const traced = await trace(source);
  standAtLine(traced, lineOf(source, mark));
  const { position } = traced.timeline;
  const slice = done(sliceOf(traced, Math.floor(from * position.moment), position));
  const lines = slice.statements.map(({ file, start }) => traced.reader.place(file, start)!.line);
  return { slice, lines: new Set(lines) };
}

/** The same program is altered in the same ways for slices from several beginnings. */
const answers = new Map<string, string | undefined>();

/** undefined where it does not end, or not well */
function answerOf(source: string): string | undefined {
  if (!answers.has(source)) answers.set(source, run(source));
  return answers.get(source);
}

function run(source: string): string | undefined {
  try {
    return resultOf(source);
  } catch {
    return undefined;
  }
}

function resultOf(source: string): string {
  const context = vm.createContext({ answer: undefined, process: { argv: [] } });
  vm.runInContext(
    `${source}\n;globalThis.answer = typeof answer === 'object' ? JSON.stringify(answer) : answer`,
    context,
    {
      timeout: 300,
    },
  );
  return String(vm.runInContext('globalThis.answer', context));
}

/** The program with other values in statements of one line: every way that is tried. */
function alterations(source: string, program: Program, line: number): string[] {
  const altered: string[] = [];
  const replace = ({ start, end }: { start: number; end: number }, text: string): void => {
    altered.push(source.slice(0, start) + text + source.slice(end));
  };
  const value = (node: { start: number; end: number; type: string } | null | undefined): void => {
    if (!node || /Function|Object|Array|Class|New/.test(node.type)) return;
    const text = source.slice(node.start, node.end);
    replace(node, `((${text}) + 7)`);
    replace(node, '0');
  };
  eachNode(program, (node) => {
    if (node.loc?.start.line !== line) return;
    if (node.type === 'VariableDeclarator') value(node.init);
    if (node.type === 'AssignmentExpression') value(node.right);
    if (node.type === 'ReturnStatement') value(node.argument);
    if (node.type === 'IfStatement') replace(node.test, `!(${source.slice(node.test.start, node.test.end)})`);
    if (node.type === 'CallExpression') for (const each of node.arguments) value(each);
    if ((node.type === 'ForStatement' || node.type === 'WhileStatement') && node.test) replace(node.test, 'false');
    if (node.type === 'ExpressionStatement') replace(node, ';');
  });
  return altered;
}

/** Alters every line outside of the slice: the answer is the same, where the program still ends. */
function check(source: string, { lines }: Found): { readonly tried: number; readonly wrong: readonly string[] } {
  const wanted = answerOf(source);
  expect(wanted).toBeDefined();
  const wrong: string[] = [];
  let tried = 0;
  const program = parse(source, { ecmaVersion: 'latest', locations: true });
  for (let line = 1; line < lineOf(source, '// here') - 1; line++) {
    if (lines.has(line)) continue;
    for (const altered of alterations(source, program, line)) {
      const answer = answerOf(altered);
      if (answer === undefined) continue;
      tried++;
      if (answer !== wanted)
        wrong.push(`line ${line}: ${source.split('\n')[line - 1]} → ${altered.split('\n')[line - 1]}`);
    }
  }
  return { tried, wrong };
}

function randomSource(seed: number): string {
  const answer = new Random(seed).pick(['p', 'q', 'r', 's', 'box.n', 'list.length', 'list[0]']);
  const program = randomProgram(seed)
    .source(false)
    .replaceAll(/Number\(process\.argv\[(\d)\]\)/g, (_, index: string) => String(10 + Number(index)));
  return `${program}\nlet answer = ${answer};\nvoid 0; // here\n`;
}

/** `npm run proof:slices` has more. */
const SEEDS = Number(process.env['SEEDS'] ?? 5);

async function checkAll(sourceOf: (seed: number) => string, seeds: number, from = 0) {
  const shares: number[] = [];
  let tried = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const source = sourceOf(seed);
    const found = await sliced(source, '// here', from);
    const { tried: own, wrong } = check(source, found);
    const shown = source.split('\n').map((text, i) => `${found.lines.has(i + 1) ? '*' : ' '} ${i + 1} ${text}`);
    expect(wrong, `seed ${seed}\n${shown.join('\n')}`).toEqual([]);
    shares.push(found.slice.runs.length / found.slice.ran);
    tried += own;
  }
  shares.sort((a, b) => a - b);
  return { tried, median: shares[shares.length >> 1]! };
}

test(
  'values outside of a slice do not matter: calls and loops over a few variables',
  { timeout: 300_000 },
  async () => {
    const { tried, median } = await checkAll(randomSource, SEEDS);
    console.log(`${tried} alterations; a slice has ${(100 * median).toFixed(0)} % of the runs at the median`);
    expect(tried).toBeGreaterThan(40 * SEEDS);
  },
);

test(
  'values outside of a slice do not matter where its beginning is told by the text',
  { timeout: 300_000 },
  async () => {
    for (const from of [0.5, 0.9]) {
      const one = await checkAll(randomSource, SEEDS, from);
      const other = await checkAll(sliceProgram, SEEDS, from);
      expect(one.tried + other.tried).toBeGreaterThan(20 * SEEDS);
    }
  },
);

test('values outside of a slice do not matter: all kinds of statements', { timeout: 300_000 }, async () => {
  const { tried, median } = await checkAll(sliceProgram, SEEDS);
  console.log(`${tried} alterations; a slice has ${(100 * median).toFixed(0)} % of the runs at the median`);
  expect(tried).toBeGreaterThan(40 * SEEDS);
  if (SEEDS >= 30) expect(median).toBeLessThanOrEqual(0.4);
});
