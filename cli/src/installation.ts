/** Where the other parts of this installation lie, and which Node runs them. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { HindcastError } from '../../trace-runtime/src/base/errors.ts';

export interface Installation {
  /** folder of the runtime's programs */
  readonly runtime: string;
  readonly preload: string;
  readonly sidecar: string;
  /** makes indexes of long recordings */
  readonly indexer: string;
  /** asks TypeScript for types after a run */
  readonly types: string;
  /** undefined where it was not built */
  readonly helper: string | undefined;
  /** for the sidecar, the instrumenter and the readers: one whose zlib has zstd, where there is one */
  readonly node: string;
}

/** Throws where the build is incomplete. */
export function findInstallation(here: string = __dirname): Installation {
  const dist = findRuntime(here);
  const helper = path.join(dist, 'helper.node');
  return {
    runtime: dist,
    preload: path.join(dist, 'preload.cjs'),
    sidecar: path.join(dist, 'sidecar.cjs'),
    indexer: path.join(dist, 'indexer.cjs'),
    types: path.join(here, 'types.cjs'),
    helper: existsSync(helper) ? helper : undefined,
    node: capableNode(here) ?? process.execPath,
  };
}

/** Without loading zlib, which costs the recorded program time. */
export function nodeHasZstd(): boolean {
  return 'zstd' in process.versions;
}

/** This Node, or one that was installed along, that reads every recording; undefined where there is none. */
export function capableNode(here: string = __dirname): string | undefined {
  if (nodeHasZstd()) return process.execPath;
  const file = path.join('bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return upward(here)
    .flatMap((folder) => ['node24', 'node22'].map((name) => path.join(folder, 'node_modules', name, file)))
    .find((candidate) => existsSync(candidate));
}

/** The program of the daemon. Throws where the build is incomplete. */
export function findOperations(here: string = __dirname): string {
  return path.join(findPackage(here, 'operational-loop', 'operations.cjs'), 'operations.cjs');
}

function findRuntime(here: string): string {
  return findPackage(here, 'trace-runtime', 'preload.cjs');
}

/** The folder of a package's programs, by one of them. */
function findPackage(here: string, name: string, program: string): string {
  const candidates = [
    path.join(here, '..', '..', name, 'dist'),
    ...upward(here).map((folder) => path.join(folder, 'node_modules', '@hindcast', name, 'dist')),
  ];
  const found = candidates.find((folder) => existsSync(path.join(folder, program)));
  if (found) return realpathSync(found);
  throw new HindcastError('input-output', 'This installation of Hindcast is incomplete.', 'Run `npm run build` in it.');
}

function upward(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upward(parent)];
}
