/** `node --test --test-name-pattern=PATTERN FILE…` */
import { relativePath } from '../runners/runner-script.ts';
import { filesOf, type Chosen, type Surroundings } from './chosen-tests.ts';
import { nodePatterns } from './node-patterns.ts';
import { isTypeScript, typeScriptOptions } from './type-script.ts';

export function nodeCommand(chosen: Chosen, { project, node, siblings }: Surroundings): readonly string[] {
  const { folder, usage } = project;
  const files = chosen.kind === 'all' ? siblings : filesOf(chosen);
  const loader = files.some(isTypeScript) && !loadsTypeScript(usage.nodeArgs) ? typeScriptOptions(folder, node) : [];
  const { only, skip } =
    chosen.kind === 'tests' ? nodePatterns(chosen.paths, chosen.tree, node) : { only: [], skip: [] };
  return [
    'node',
    ...usage.nodeArgs,
    ...loader,
    '--test',
    ...only.map((pattern) => `--test-name-pattern=${pattern}`),
    ...skip.map((pattern) => `--test-skip-pattern=${pattern}`),
    ...(chosen.kind === 'all' ? allOf(project, siblings, node) : files.map((file) => relativePath(folder, file))),
  ];
}

/** Before 21 Node takes no globs: a shell puts files in their place. */
function allOf(
  { folder, usage: { patterns } }: Surroundings['project'],
  siblings: readonly string[],
  node: Surroundings['node'],
): readonly string[] {
  const globs = patterns.some((pattern) => /[*?[{]/.test(pattern));
  return globs && node.major < 21 ? siblings.map((file) => relativePath(folder, file)) : patterns;
}

const LOADERS = /\b(?:tsx|ts-node|swc|esbuild|jiti|strip-types|transform-types)\b/;

function loadsTypeScript(words: readonly string[]): boolean {
  return words.some((word) => LOADERS.test(word));
}
