// exec, execFile, spawn and their synchronous kin: shells, pipes, exit codes, signals, time limits.
const { exec, execFile, execSync, execFileSync, spawn, spawnSync } = require('node:child_process');
const { promisify } = require('node:util');

console.log(execSync('echo "a b" | wc -w').toString().trim(), execFileSync('echo', ['hi'], { encoding: 'utf8' }).trim());
const failed = spawnSync('sh', ['-c', 'echo out; echo err >&2; exit 3']);
console.log(failed.status, String(failed.stdout), String(failed.stderr), spawnSync('no-such-program').error.code);
const fed = spawnSync('sort', { input: 'c\na\nb\n', encoding: 'utf8' });
console.log(fed.stdout.split('\n'));
const late = spawnSync('sleep', ['2'], { timeout: 30 });
console.log(late.signal, late.error.code);

exec('sleep 0.05; echo slow; exit 2', (error, stdout) => console.log('exec', error.code, stdout.trim()));
exec('echo $GREETING', { env: { ...process.env, GREETING: 'hello' } }, (error, stdout) => console.log('env', stdout.trim()));
execFile('cat', ['/no/such/file'], (error, stdout, stderr) => console.log('cat', error.code, stderr.includes('No such')));

const sorter = spawn('sort', ['-n']);
let sorted = '';
sorter.stdout.setEncoding('utf8').on('data', (data) => (sorted += data));
sorter.on('exit', (code) => console.log('sorter exit', code));
sorter.on('close', (code) => console.log('sorter close', code, sorted.split('\n').slice(0, 3)));
for (const n of [30, 4, 100, 1]) sorter.stdin.write(`${n}\n`);
setTimeout(() => sorter.stdin.end('2\n'), 10);

const sleeper = spawn('sleep', ['5']);
sleeper.on('exit', (code, signal) => console.log('sleeper', code, signal, sleeper.killed));
setTimeout(() => sleeper.kill('SIGINT'), 20);
spawn('no-such-program').on('error', (error) => console.log(error.code, error.path));

const ticker = spawn('sh', ['-c', 'for i in 1 2 3; do echo tick $i; sleep 0.01; done'], { stdio: ['ignore', 'pipe', 'inherit'] });
const marks = setInterval(() => {}, 5);
ticker.stdout.on('data', (data) => console.log(String(data).trim()));
ticker.on('close', () => clearInterval(marks));

(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', '6 * 7']);
  console.log('node says', stdout.trim());
  const abort = new AbortController();
  const doomed = promisify(exec)('sleep 5', { signal: abort.signal });
  setTimeout(() => abort.abort(), 10);
  await doomed.catch((error) => console.log(error.name));
})();
