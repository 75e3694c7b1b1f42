/**
 * Installs the VS Code that the tests and `npm start` use, from npm: `node scripts/vscode-host/setup.mjs`. Does nothing when
 * that has been done. What it does goes to stderr.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const codeServer = path.join(here, 'node_modules/code-server');
const vscode = path.join(codeServer, 'lib/vscode');
/** Written last, and gone with the packages: what it holds says which lock and which pruning they come from. */
const stamp = path.join(here, 'node_modules/.hindcast-setup');
/** Holds the id of the process that installs. */
const lock = path.join(here, '.setup.lock');

/** What a test host does not need: agents, and binaries of other platforms. Relative to VS Code's folder. */
const unneeded = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
];
const platformFolders = ['node_modules/@vscode/ripgrep-universal/bin', 'node_modules/node-pty/prebuilds'];

try {
  await setUp();
} catch (error) {
  console.error(`VS Code for the tests could not be installed: ${error.message}`);
  process.exit(1);
}

async function setUp() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(here, 'package-lock.json')))
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
  if (isDone(wanted)) return;
  await takeLock();
  try {
    if (isDone(wanted)) return;
    const started = performance.now();
    console.error('Installing VS Code for the tests (npm packages, about 500 MB, once).');
    // Without scripts: code-server's own would build Kerberos, and refuse to run with another Node than 24.
    await npm(here, 'ci', '--ignore-scripts');
    // Its lock was made with legacy peer dependencies; without the flag npm finds packages missing in it.
    await npm(vscode, 'ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps');
    // TypeScript, for the extension that brings the languages.
    await npm(path.join(vscode, 'extensions'), 'ci', '--omit=dev', '--ignore-scripts');
    prune();
    writeFileSync(stamp, wanted);
    console.error(`Installed VS Code in ${Math.round((performance.now() - started) / 1000)} s.`);
  } finally {
    rmSync(lock, { force: true });
  }
}

function isDone(wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** Waits for another process that installs; one that died does not count. */
async function takeLock() {
  let told = false;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readOrEmpty(lock));
    if (owner && !isAlive(owner)) rmSync(lock, { force: true });
    else if (!told) console.error(`Waiting for process ${owner}, which installs VS Code.`);
    told = true;
    await delay(500);
  }
}

function npm(folder, ...args) {
  console.error(`$ npm ${args.join(' ')}   (in ${path.relative(process.cwd(), folder) || '.'})`);
  return new Promise((resolve, reject) => {
    // On Windows npm is a batch file, which only a shell runs.
    const run = spawn('npm', [...args, '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: folder,
      env: plainEnvironment(),
      stdio: ['ignore', process.stderr, process.stderr],
      shell: process.platform === 'win32',
    });
    run.once('error', (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    run.once('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`\`npm ${args.join(' ')}\` ended with ${signal ?? code}; its lines above say why.`)),
    );
  });
}

/** Without what npm says to its scripts about the package that they belong to. */
function plainEnvironment() {
  const about = /^npm_(?:package_|lifecycle_|config_(?:local_prefix|workspace|ignore_scripts|omit|include))/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !about.test(name)));
}

function prune() {
  for (const name of unneeded) remove(path.join(vscode, name));
  const platform = `${process.platform}-${process.arch}`;
  for (const name of platformFolders) {
    const folder = path.join(vscode, name);
    if (!existsSync(folder)) continue;
    for (const other of readdirSync(folder)) if (!other.startsWith(platform)) remove(path.join(folder, other));
  }
}

function remove(name) {
  rmSync(name, { recursive: true, force: true });
}

function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
