/** What `node --test` runs: the files that the script names, or Node's own choice of names. */
import path from 'node:path';
import { globToRegExp } from '../../../../../trace-runtime/src/model/glob.ts';
import { writtenFiles } from '../../../../../trace-runtime/src/model/written-files.ts';
import { isFolder, readText } from './packages.ts';
import type { Project } from '../test-model.ts';

/** `test.js`, `test-x.js`, `x.test.js`, `x-test.js`, `x_test.js`, and whatever lies below a folder `test` */
const NODE_NAMES = /(?:^|\/)(?:test|test-[^/]*|[^/]*[._-]test|test\/(?:.*\/)?[^/]*)\.[cm]?[jt]s$/;
const CODE = /\.[cm]?[jt]sx?$/;
const IMPORTS = /['"`](?:node:test|tap)['"`]/;

/** Only files that ask for node:test: Node would run others too, but they have no tests. */
export function listNode({ folder, usage: { patterns } }: Project): readonly string[] {
  const wanted = patterns.length > 0 ? patterns.map((pattern) => matcher(folder, pattern)) : [matchesDefault(folder)];
  const files: string[] = [];
  for (const file of writtenFiles(folder)) {
    if (!CODE.test(file) || /\.d\.[cm]?ts$/.test(file)) continue;
    const plain = file.replaceAll('\\', '/');
    if (wanted.some((matches) => matches(plain)) && IMPORTS.test(readText(file) ?? '')) files.push(file);
  }
  return files.sort();
}

function matchesDefault(folder: string): (file: string) => boolean {
  return (file) => NODE_NAMES.test(path.posix.relative(folder.replaceAll('\\', '/'), file));
}

function matcher(folder: string, pattern: string): (file: string) => boolean {
  const whole = path.resolve(folder, pattern);
  const plain = whole.replaceAll('\\', '/');
  if (!/[*?{[]/.test(pattern)) return (file) => file === plain || (isFolder(whole) && file.startsWith(`${plain}/`));
  const glob = globToRegExp(plain);
  return (file) => glob.test(file);
}
