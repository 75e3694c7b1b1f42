/** How Node runs TypeScript in a package. */
import { readPackage } from '../runners/packages.ts';
import type { NodeVersion } from '../runners/node-version.ts';

export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

/** Options of node: the loader that the package depends on, else Node's own way. */
export function typeScriptOptions(folder: string, { major, minor }: NodeVersion): readonly string[] {
  const found = readPackage(folder);
  if (found?.dependencies.has('tsx')) return ['--import', 'tsx'];
  if (found?.dependencies.has('ts-node')) {
    return found.isModule ? ['--loader', 'ts-node/esm'] : ['--require', 'ts-node/register'];
  }
  const byFlag = (major === 22 && minor >= 6 && minor < 18) || (major === 23 && minor < 6);
  return byFlag ? ['--experimental-strip-types'] : [];
}
