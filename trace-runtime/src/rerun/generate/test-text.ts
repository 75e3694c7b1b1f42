/** The texts of tests, for each runner and kind of module. */
import type { Runner } from './workspace.ts';

export interface Import {
  /** as the test writes it: a module's name or a relative path */
  readonly from: string;
  /** names, or one name for the whole */
  readonly names: readonly string[] | string;
}

export interface TestText {
  readonly runner: Runner;
  readonly isModule: boolean;
  /** comment lines on top */
  readonly about: readonly string[];
  readonly imports: readonly Import[];
  /** statements before the test */
  readonly before: readonly string[];
  readonly title: string;
  readonly isAsync: boolean;
  /** statements of the test */
  readonly body: readonly string[];
  /** milliseconds; undefined: the runner's own */
  readonly timeout: number | undefined;
}

export function writeTest(test: TestText): string {
  const { runner, isModule, about, before, title, isAsync, body, timeout } = test;
  const imports = [...ofRunner(runner, isModule), ...test.imports].map((each) => importText(each, isModule));
  // an arrow function has no time of its own in mocha
  const isPatient = timeout !== undefined && runner === 'mocha';
  const head = `${runner === 'mocha' ? 'it' : 'test'}(${title}, ${isAsync ? 'async ' : ''}${isPatient ? 'function ()' : '() =>'} {`;
  const patience = isPatient ? [`  this.timeout(${timeout});`] : [];
  const tail = timeout !== undefined && (runner === 'vitest' || runner === 'jest') ? `}, ${timeout});` : '});';
  return [
    ...about.map((line) => `// ${line}`),
    ...imports,
    '',
    ...(before.length > 0 ? [...before, ''] : []),
    head,
    ...patience,
    ...body.map((line) => (line === '' ? '' : `  ${line}`)),
    tail,
    '',
  ].join('\n');
}

/** That both are equal, in all they hold. */
export function equalText(runner: Runner, actual: string, expected: string): string {
  return expects(runner)
    ? `expect(${actual}).toEqual(${expected});`
    : `assert.deepStrictEqual(${actual}, ${expected});`;
}

/** That an exit code is 0; `message` is shown where it is not. */
export function zeroText(runner: Runner, code: string, message: string): readonly string[] {
  if (runner === 'vitest') return [`expect(${code}, ${message}).toBe(0);`];
  if (runner === 'jest') return [`if (${code} !== 0) throw new Error(${message});`, `expect(${code}).toBe(0);`];
  return [`assert.strictEqual(${code}, 0, ${message});`];
}

function expects(runner: Runner): boolean {
  return runner === 'vitest' || runner === 'jest';
}

function ofRunner(runner: Runner, isModule: boolean): readonly Import[] {
  switch (runner) {
    case 'node':
      return [
        { from: 'node:assert', names: 'assert' },
        { from: 'node:test', names: 'test' },
      ];
    case 'mocha':
      return [{ from: 'node:assert', names: 'assert' }];
    case 'vitest':
      return [{ from: 'vitest', names: ['expect', 'test'] }];
    case 'jest':
      return isModule ? [{ from: '@jest/globals', names: ['expect', 'test'] }] : [];
  }
}

function importText({ from, names }: Import, isModule: boolean): string {
  const what = typeof names === 'string' ? names : `{ ${names.join(', ')} }`;
  return isModule ? `import ${what} from '${from}';` : `const ${what} = require('${from}');`;
}
