/** `npm start`: records the bundled example, which fails, and shows where and why from the recording. */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const hindcast = path.join(root, 'cli/dist/hindcast.cjs');
const example = path.join('examples', 'shop', 'checkout.js');
const EVENTS = 14;

console.log(`$ hindcast record -- node ${example}\n`);
const recording = await record();
if (!recording) {
  console.error('The example could not be recorded; the lines above say why.');
  process.exit(1);
}
const shown = show('info', recording) && showWhy() && show('state', recording, '--at', 'failure');
process.exit(shown ? 0 : 1);

/** Runs the example and returns the recording that the last line on stderr names. */
function record() {
  return new Promise((resolve) => {
    const run = spawn(process.execPath, [hindcast, 'record', '--', process.execPath, example], {
      cwd: root,
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
}

/** The events that led to the failure: the NaN is born where a coupon has no rate. */
function showWhy() {
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
