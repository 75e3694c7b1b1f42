/** Programs of HumanEvalPack: one line of JSON each, with a mistake, its correction and assertions. */
import { parse, type Node } from 'acorn';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Task {
  readonly task_id: string;
  readonly declaration: string;
  readonly buggy_solution: string;
  readonly canonical_solution: string;
  readonly test: string;
}

export function readTasks(file: string): readonly Task[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Task);
}

/** `solution.js` with the source, and `solution.test.js` with a test for each assertion. */
export function writeProgram(folder: string, { test }: Task, source: string): void {
  const names = [...source.matchAll(/^(?:const|let|var|function\*?|class)\s+([\w$]+)/gm)].map(([, name]) => name!);
  writeFileSync(path.join(folder, 'package.json'), '{}');
  writeFileSync(path.join(folder, 'solution.js'), `${source}\nmodule.exports = { ${names.join(', ')} };\n`);
  writeFileSync(path.join(folder, 'solution.test.js'), testsOf(test, names));
}

/** Each statement of the tests that asserts something is a test; the others stand before them. */
function testsOf(test: string, names: readonly string[]): string {
  const { body } = parse(test, { ecmaVersion: 'latest' });
  const statements = body.flatMap((each): Node[] => {
    if (each.type === 'VariableDeclaration') {
      const init = each.declarations[0]?.init;
      if (init?.type === 'ArrowFunctionExpression' && init.body.type === 'BlockStatement') return init.body.body;
    }
    return each.type === 'FunctionDeclaration' ? each.body.body : [];
  });
  const head = [
    `const test = require('node:test');`,
    `const { ${names.join(', ')} } = require('./solution.js');`,
    `console.assert = (ok) => { if (!ok) throw new Error('Assertion failed'); };`,
  ];
  const lines = statements.map(({ start, end }, index) => {
    const text = test.slice(start, end);
    return text.includes('console.assert') ? `test('assertion ${index + 1}', () => {\n${text}\n});` : text;
  });
  return `${[...head, ...lines].join('\n')}\n`;
}
