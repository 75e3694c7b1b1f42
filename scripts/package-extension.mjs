/**
 * `npm run package [-- --no-build]`: makes `extension/hindcast-VERSION.vsix`. Its files lie as they do in the repository, so
 * that the bundles find each other; `extension/stage` is left as the same thing unpacked.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MOST_BYTES = 15 * 1024 * 1024;

/** What is packed, from the repository's root. Source maps and what tests leave behind stay out. */
const folders = [
  'extension/dist',
  'extension/media',
  'cli/bin',
  'cli/dist',
  'trace-runtime/dist',
  'operational-loop/dist',
  'webview-ui/dist',
  'examples',
];
const leftOut = /(?:\.map|^\.hindcast|^node_modules|\.log)$/;
const files = ['CHANGELOG.md', 'LICENSE', 'cli/package.json'];
/** Without them the package would install and then do nothing. */
const needed = [
  'extension/dist/extension.cjs',
  'cli/dist/hindcast.cjs',
  'trace-runtime/dist/preload.cjs',
  'webview-ui/dist',
];

if (!process.argv.includes('--no-build')) {
  const build = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
try {
  await makePackage();
} catch (error) {
  console.error(`The extension could not be packaged: ${error.message}`);
  process.exit(1);
}

async function makePackage() {
  const { private: _, ...manifest } = JSON.parse(readFileSync(path.join(root, 'extension/package.json'), 'utf8'));
  // In a folder of its own, and put in its place when it is whole: several may package at once.
  const stage = path.join(root, 'extension', `stage-${process.pid}`);
  const fresh = `${stage}.vsix`;
  const target = nativeTarget();
  try {
    fillStage(stage, manifest);
    checkReferences(stage, manifest);
    await createVSIX({
      cwd: stage,
      packagePath: fresh,
      dependencies: false,
      // Links in its README stay as they are.
      rewriteRelativeLinks: false,
      allowMissingRepository: true,
      ...(target ? { target } : {}),
    });
    const { size } = statSync(fresh);
    if (size > MOST_BYTES) throw new Error(`it has ${megabytes(size)} MB, and may have ${megabytes(MOST_BYTES)} MB.`);
    const vsix = path.join(root, 'extension', `hindcast-${manifest.version}.vsix`);
    renameSync(fresh, vsix);
    rmSync(path.join(root, 'extension/stage'), { recursive: true, force: true });
    renameSync(stage, path.join(root, 'extension/stage'));
    console.log(`${path.relative(root, vsix)}: ${megabytes(size)} MB, for ${target ?? 'every platform'}`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
    rmSync(fresh, { force: true });
  }
}

function fillStage(stage, manifest) {
  const missing = needed.filter((name) => !existsSync(path.join(root, name)));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} is missing. Run \`npm run build\`.`);
  mkdirSync(stage);
  for (const name of [...folders, ...files].filter((each) => existsSync(path.join(root, each)))) {
    cpSync(path.join(root, name), path.join(stage, name), {
      recursive: true,
      filter: (source) => !leftOut.test(path.basename(source)),
    });
  }
  const readme = ['extension/README.md', 'README.md'].find((name) => existsSync(path.join(root, name)));
  if (readme) cpSync(path.join(root, readme), path.join(stage, 'README.md'));
  // vsce warns where there is none: everything in the stage is meant.
  writeFileSync(path.join(stage, '.vscodeignore'), '');
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Every file that the manifest names is there. vsce looks at few of them. */
function checkReferences(stage, manifest) {
  const missing = fileNames(manifest).filter((name) => !existsSync(path.join(stage, name)));
  if (missing.length > 0) throw new Error(`its manifest names ${missing.join(', ')}, which is not there.`);
  const modules = readdirSync(stage, { recursive: true }).filter((name) =>
    /(?:^|[\\/])node_modules(?:$|[\\/])/.test(name),
  );
  if (modules.length > 0) throw new Error(`it would hold ${modules[0]}.`);
}

function fileNames(value) {
  if (typeof value === 'string')
    return /^\.?\/?(?:[\w.-]+\/)+[\w.-]+\.(?:c?js|svg|png|md|json|woff2?)$/.test(value) ? [value] : [];
  return value && typeof value === 'object' ? Object.values(value).flatMap(fileNames) : [];
}

/** The native helper runs on the platform that built it only; without it the package is for all. */
function nativeTarget() {
  if (!existsSync(path.join(root, 'trace-runtime/dist/helper.node'))) return undefined;
  const { glibcVersionRuntime } = process.report.getReport().header;
  const platform = process.platform === 'linux' && !glibcVersionRuntime ? 'alpine' : process.platform;
  return `${platform}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
}

function megabytes(bytes) {
  return (bytes / 1024 / 1024).toFixed(2);
}
