// Child processes: exec, execFile, spawn with pipes, fork with messages, exit codes, environment, sync variants.
const { exec, execFile, spawn, fork, spawnSync, execFileSync } = require('node:child_process');
const { promisify } = require('node:util');
const { once } = require('node:events');
if (process.argv[2] === 'child') {
  process.on('message', ({ n }) => {
    process.send({ square: n * n }, () => n > 3 && process.disconnect());
  });
  return;
}
const run = promisify(execFile);
async function collect(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
async function main() {
  const { stdout } = await run('echo', ['hello', 'world']);
  const words = stdout.trim().split(' ');
  const failure = await promisify(exec)('exit 3').catch((error) => ({ code: error.code, killed: error.killed }));
  const sorter = spawn('sort', ['-r'], { stdio: ['pipe', 'pipe', 'inherit'] });
  sorter.stdin.end('b\na\nc\n');
  const [text, [code]] = await Promise.all([collect(sorter.stdout), once(sorter, 'close')]);
  const lines = text.trim().split('\n');
  const child = fork(__filename, ['child']);
  const squares = [];
  for (const n of [2, 3, 4]) {
    child.send({ n });
    const [{ square }] = await once(child, 'message');
    squares.push(square);
  }
  const [exitCode, signal] = await once(child, 'exit');
  const sync = spawnSync('cat', { input: 'through', encoding: 'utf8' });
  const env = execFileSync('printenv', ['MARK'], { env: { ...process.env, MARK: 'set' } }).toString().trim();
  const missing = await new Promise((resolve) => {
    spawn('no-such-command-here').on('error', (error) => resolve(error.code));
  });
  const killed = spawn('sleep', ['10']);
  killed.kill();
  const [, reason] = await once(killed, 'exit');
  console.log(words, failure, lines, code, squares, exitCode, signal, sync.stdout, sync.status, env, missing, reason);
}
main();
