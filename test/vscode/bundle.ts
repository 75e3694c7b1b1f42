/** Bundles tests. Packages stay outside, so the bundles lie where the repository's packages are found. */
import { chmodSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { cacheFolder, repository } from '../../scripts/vscode-host/repository.ts';

/** A folder for the bundles of this process. */
export const bundlesFolder = path.join(cacheFolder, String(process.pid));

/** The files of a folder of the repository that end so, by their paths from the repository's root. */
export function filesIn(folder: string, end: string): readonly string[] {
  return readdirSync(path.join(repository, folder))
    .filter((name) => name.endsWith(end))
    .map((name) => path.posix.join(folder, name));
}

/** For the extension host: each file as a CommonJS module of its own. */
export async function bundleForHost(files: readonly string[], folder: string): Promise<void> {
  await build({ ...common(files), outdir: folder, format: 'cjs', outExtension: { '.js': '.cjs' } });
}

/** For this Node; what the files share is shared. Returns the bundles in the order of the files. */
export async function bundleForNode(files: readonly string[], folder: string): Promise<readonly string[]> {
  await build({ ...common(files), outdir: folder, format: 'esm', splitting: true, outExtension: { '.js': '.mjs' } });
  return files.map((file) => path.join(folder, `${path.basename(file, '.ts')}.mjs`));
}

/** A program that can be started by its name. */
export async function bundleProgram(file: string, folder: string): Promise<string> {
  const [bundle = ''] = await bundleForNode([file], folder);
  chmodSync(bundle, 0o755);
  return bundle;
}

function common(files: readonly string[]): BuildOptions {
  return {
    absWorkingDir: repository,
    entryPoints: [...files],
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  };
}
