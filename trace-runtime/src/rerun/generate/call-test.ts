/** A test that makes a recorded call again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Callee, RecordedCall } from './calls.ts';
import { isModuleText } from './exported.ts';
import { quoted, type Literal } from './literals.ts';
import { equalText, writeTest, type Import } from './test-text.ts';
import { testFolder, type Runner, type Workspace } from './workspace.ts';

export interface GeneratedTest {
  readonly file: string;
  readonly text: string;
  /** contents by path */
  readonly fixtures: ReadonlyMap<string, string | Buffer>;
}

export interface CallTestOptions {
  readonly workspace: Workspace;
  readonly call: RecordedCall;
  /** the failure in a line */
  readonly failure: string;
  /** of the recording */
  readonly recording: string;
  /** where the test is to stand; undefined: among the others */
  readonly out: string | undefined;
}

/** A longer text or object is a file beside the test. */
const MOST_TEXT = 200;
const MOST_CODE = 1200;
const WIDTH = 100;

export function callTest({ workspace, call, failure, recording, out }: CallTestOptions): GeneratedTest {
  const { functionName, exported, callee, isAsync, args, expected, needs } = call;
  const { runner } = workspace;
  const source = readFileSync(call.path, 'utf8');
  const isModule = runner === 'vitest' || isModuleFile(call.path, source, workspace);
  const slug = slugOf(functionName);
  const [first = ''] = functionName.split('.');
  const name = identifierOf('method' in callee ? first : functionName);
  const file =
    out ??
    path.join(testFolder(workspace, call.path), `${slug}.hindcast.test${extensionOf(call.path, isModule, workspace)}`);
  const folder = path.join(path.dirname(file), 'fixtures', path.basename(file).replace(/\.test\.\w+$/, ''));
  const fixtures = new Map<string, string>();
  const at = (fixture: string): string => relative(path.dirname(file), fixture);
  let isReading = false;
  const written = args.map((arg, index) => {
    const fixture = fixtureOf(arg);
    if (!fixture) return arg.code;
    const beside = path.join(folder, `${name}-${index + 1}${fixture.extension}`);
    fixtures.set(beside, fixture.content);
    isReading = true;
    const reads = `readFileSync(${fileCode(at(beside), isModule)}, 'utf8')`;
    return fixture.extension === '.json' ? `JSON.parse(${reads})` : reads;
  });
  const { subject, before } = subjectOf(callee, name);
  const invoked = `${isAsync ? 'await ' : ''}${subject}(${written.join(', ')})`;
  const imports: Import[] = [
    ...(isReading
      ? [{ from: 'node:fs', names: ['readFileSync'] }, ...(isModule ? [] : [{ from: 'node:path', names: 'path' }])]
      : []),
    {
      from: moduleOf(at(call.path)),
      names:
        exported.kind === 'whole'
          ? name
          : [exported.name === name ? name : `${exported.name}${isModule ? ' as ' : ': '}${name}`],
    },
  ];
  const text = writeTest({
    runner,
    isModule,
    about: [
      `From recording ${recording}: ${failure}`,
      ...needs.map((each) => `Needs ${each} in the environment: the recording does not hold secrets.`),
    ],
    imports,
    before: [],
    title: quoted(expected ? `${functionName} returns what it should` : `${functionName} does not fail`),
    isAsync,
    body: expected
      ? [...before, ...expectedText(runner, invoked, expected.code)]
      : [...before, `// it threw: ${failure}`, ...indented(`${invoked};`)],
    timeout: undefined,
  });
  return { file, text, fixtures };
}

/** What is called, and the statements that make the object whose method it is. */
function subjectOf(callee: Callee, name: string): { readonly subject: string; readonly before: readonly string[] } {
  switch (callee.kind) {
    case 'function':
      return { subject: name, before: [] };
    case 'construct':
      return { subject: `new ${name}`, before: [] };
    case 'static':
      return { subject: `${name}.${callee.method}`, before: [] };
    case 'method': {
      const { made, fields } = callee.receiver;
      const object = variableOf(name);
      const assigns = fields === '' ? [] : indented(`Object.assign(${object}, ${fields});`);
      return {
        subject: `${object}.${callee.method}`,
        before: [...indented(`const ${object} = ${made(name)};`), ...assigns],
      };
    }
  }
}

/** An instance's, by the name of its class. */
function variableOf(className: string): string {
  const name = className.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (head) => head.toLowerCase());
  return name === className ? 'object' : identifierOf(name);
}

function fixtureOf({
  text,
  data,
  code,
}: Literal): { readonly content: string; readonly extension: string } | undefined {
  if (text !== undefined) return text.length > MOST_TEXT ? { content: text, extension: '.txt' } : undefined;
  if (data === undefined || code.length <= MOST_CODE) return undefined;
  return { content: `${JSON.stringify(data.value, undefined, 2)}\n`, extension: '.json' };
}

/** A path from the test's own folder, as code. */
export function fileCode(from: string, isModule: boolean): string {
  const parts = from.replace(/^\.\//, '');
  return isModule ? `new URL('${encodeURI(from)}', import.meta.url)` : `path.join(__dirname, ${quoted(parts)})`;
}

export function relative(from: string, to: string): string {
  const found = path.relative(from, to).replaceAll('\\', '/');
  return found.startsWith('.') ? found : `./${found}`;
}

/** TypeScript's own resolution goes without the ending. */
function moduleOf(file: string): string {
  return file.replace(/\.tsx?$/, '');
}

export function isModuleFile(file: string, source: string, { isModule }: Workspace): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  return isModule || isModuleText(source);
}

function extensionOf(file: string, isModule: boolean, { isModule: isDefault }: Workspace): string {
  if (/\.[cm]?tsx?$/.test(file)) return '.ts';
  if (isModule === isDefault) return '.js';
  return isModule ? '.mjs' : '.cjs';
}

export function slugOf(text: string): string {
  const words = text.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return (
    words
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 50) || 'failure'
  );
}

/** `default` and the like are no names for a variable. */
function identifierOf(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return /^[A-Za-z_$][\w$]*$/.test(last) && !/^(?:default|delete|new|test|it|expect|assert|class|function)$/.test(last)
    ? last
    : 'subject';
}

/** In two statements where one would be long. */
function expectedText(runner: Runner, invoked: string, expected: string): readonly string[] {
  const line = equalText(runner, invoked, expected);
  if (line.length <= WIDTH) return [line];
  return [...indented(`const actual = ${invoked};`), ...indented(equalText(runner, 'actual', expected))];
}

function indented(code: string): readonly string[] {
  return code.split('\n');
}
