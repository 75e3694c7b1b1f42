/** `node scripts/run.mjs FILE.ts [arguments…]`: bundles a TypeScript program of this repository and runs it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run.mjs FILE.ts [arguments…]');
  process.exit(4);
}
// Beside the source's own node_modules, so that packages left outside the bundle are found.
const folder = path.join(root, 'node_modules/.cache/hindcast-run');
mkdirSync(folder, { recursive: true });
const bundle = path.join(folder, `${path.basename(file, '.ts')}-${process.pid}.mjs`);
try {
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const run = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...args], {
    stdio: 'inherit',
    env: { ...process.env, HINDCAST_REPOSITORY: root },
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(bundle, { force: true });
}
