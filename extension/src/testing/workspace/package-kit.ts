/** For tests: packages in temporary folders that use the repository's runners. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const modules = path.resolve(import.meta.dirname, '../../../../node_modules');
const made: string[] = [];

/** The package's folder. It counts as a repository of its own. */
export function makePackage(
  packageJson: object,
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = ['vitest', 'jest', 'mocha', 'tsx'],
): string {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hc-package-')));
  made.push(root);
  mkdirSync(path.join(root, 'node_modules'));
  for (const name of packages) symlinkSync(path.join(modules, name), path.join(root, 'node_modules', name));
  writeFiles(root, { '.git/HEAD': '', 'package.json': JSON.stringify({ name: 'p', ...packageJson }), ...files });
  return root;
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

export function removePackages(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}
