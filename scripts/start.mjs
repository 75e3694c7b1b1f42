/**
 * `npm start`: records the bundled example, which fails, and opens VS Code where it failed. Without a terminal, a display or
 * a VS Code to open it shows the same in the terminal.
 *
 *   --headless       in the terminal in any case
 *   --no-open        starts VS Code's server, prints its address and waits, instead of opening a browser
 *   --browser FILE   opens this browser
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const hindcast = path.join(root, 'cli/dist/hindcast.cjs');
const shop = path.join(root, 'examples/shop');
const EVENTS = 14;

const options = readOptions();
if (!options) process.exit(4);
const { chooseOpening, openReplay } = await importTypeScript('scripts/vscode-host/open-replay.ts');
const opening = options.headless ? undefined : chooseOpening(options);
process.exitCode = opening ? await startEditor() : await startHeadless();

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { headless: { type: 'boolean' }, 'no-open': { type: 'boolean' }, browser: { type: 'string' } },
    });
    return { headless: values.headless, noOpen: values['no-open'], browser: values.browser };
  } catch (error) {
    console.error(`${error.message}\nusage: npm start [-- --headless | --no-open | --browser FILE]`);
    return undefined;
  }
}

/** Ends when the person does: with the window, or by Ctrl-C. */
async function startEditor() {
  const recording = await record(shop, 'checkout.js');
  if (!recording) return 1;
  const vsix = makePackage();
  if (!vsix) return 1;
  try {
    await openReplay({ opening, folder: shop, recording, vsix });
    return 0;
  } catch (error) {
    console.error(`VS Code could not be opened: ${error.message}\n\`npm start -- --headless\` works without it.`);
    return 1;
  }
}

async function startHeadless() {
  const recording = await record(root, path.join('examples', 'shop', 'checkout.js'));
  if (!recording) return 1;
  const shown = show('info', recording) && showWhy(recording) && show('state', recording, '--at', 'failure');
  return shown ? 0 : 1;
}

/** Runs the example and returns the recording that the last line on stderr names. */
async function record(cwd, example) {
  console.log(`$ hindcast record -- node ${example}\n`);
  const recording = await new Promise((resolve) => {
    const run = spawn(process.execPath, [hindcast, 'record', '--', process.execPath, example], {
      cwd,
      stdio: ['inherit', 'inherit', 'pipe'],
    });
    let said = '';
    run.stderr.setEncoding('utf8');
    run.stderr.on('data', (text) => {
      said += text;
      process.stderr.write(text);
    });
    run.on('close', () => resolve(/^recording: (.+)$/m.exec(said)?.[1]));
  });
  if (recording) return path.resolve(cwd, recording);
  console.error('The example could not be recorded; the lines above say why.');
  return undefined;
}

/** The events that led to the failure: the NaN is born where a coupon has no rate. */
function showWhy(recording) {
  const run = spawnSync(process.execPath, [hindcast, 'info', recording, '--json'], { cwd: root, encoding: 'utf8' });
  const { stream, moment } = JSON.parse(run.stdout).failures[0];
  return show('events', recording, '--from', `${stream}:${moment - EVENTS}`, '--to', `${stream}:${moment}`);
}

function show(command, ...args) {
  const named = args.map((arg) => (path.isAbsolute(arg) ? path.relative(root, arg) : arg));
  console.log(`\n$ hindcast ${[command, ...named].join(' ')}\n`);
  const run = spawnSync(process.execPath, [hindcast, command, ...args], { cwd: root, stdio: 'inherit' });
  return run.status === 0;
}

/** `npm start` has built everything before. Returns the package's path, which is the last thing that packaging says. */
function makePackage() {
  console.log('\nPackaging the extension.');
  const packaging = path.join(root, 'scripts/package-extension.mjs');
  const run = spawnSync(process.execPath, [packaging, '--no-build'], { cwd: root, encoding: 'utf8' });
  const vsix = /^(extension\S+\.vsix):/m.exec(run.stdout)?.[1];
  if (run.status === 0 && vsix) return path.join(root, vsix);
  console.error(`${run.stdout}${run.stderr}`);
  return undefined;
}

/** In this process, so that Ctrl-C reaches one place only. */
async function importTypeScript(file) {
  process.env.HINDCAST_REPOSITORY = root;
  const folder = path.join(root, 'node_modules/.cache/hindcast-run');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `start-${process.pid}.mjs`);
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [file],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
