// child processes joined with pipes, one that fails, one that is killed at a time limit, exec with a big output
const { spawn, exec, execFile, fork } = require('node:child_process');
const { pipeline, Transform } = require('node:stream');
const { once } = require('node:events');
const { promisify } = require('node:util');
const readline = require('node:readline');
const fs = require('node:fs');

if (process.argv[2] === 'worker') {
  process.on('message', async ({ id, text }) => {
    if (text === 'fail') throw new TypeError('cannot do ' + id);
    await new Promise((resolve) => setTimeout(resolve, id % 3));
    process.send({ id, length: text.length, upper: text.toUpperCase() });
    if (text === 'last') process.disconnect();
  });
}

class Numbered extends Transform {
  constructor() { super({ readableObjectMode: true }); this.count = 0; this.rest = ''; }
  _transform(chunk, _, done) {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop();
    for (const line of lines) this.push({ number: ++this.count, line });
    done();
  }
  _flush(done) { if (this.rest) this.push({ number: ++this.count, line: this.rest }); done(); }
}

async function main() {
  fs.writeFileSync('words.txt', ['pear', 'fig', 'plum', 'apple', 'fig', 'nut'].join('\n') + '\n');
  const sort = spawn('sort', ['-u'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const count = spawn('wc', ['-l']);
  const rows = [];
  fs.createReadStream('words.txt').pipe(sort.stdin);
  sort.stdout.pipe(count.stdin);
  pipeline(sort.stdout, new Numbered(), (error) => console.log('lines', error, rows.length)).on('data', (row) => rows.push(row));
  let counted = '';
  for await (const part of count.stdout) counted += part;
  console.log(rows, counted.trim(), (await Promise.all([sort, count].map((child) => child.exitCode ?? once(child, 'close')))).flat());

  const results = await Promise.allSettled([
    promisify(exec)('echo out; echo err >&2; exit 3'),
    promisify(execFile)('sh', ['-c', 'sleep 5'], { timeout: 60, killSignal: 'SIGKILL' }),
    promisify(exec)('seq 1 200000', { maxBuffer: 1000 }),
    promisify(execFile)('no-such-command', ['x']),
    promisify(exec)('printf "%s" "$GREETING"', { env: { ...process.env, GREETING: 'good day' } }),
  ]);
  for (const { status, value, reason } of results)
    console.log(status, value, reason && [reason.code, reason.signal, reason.killed, reason.stdout?.length, reason.stderr]);

  const worker = fork(__filename, ['worker'], { silent: true });
  const lines = readline.createInterface({ input: worker.stderr });
  lines.on('line', (line) => /TypeError/.test(line) && console.log('worker said', line));
  const answers = [];
  worker.on('message', (answer) => answers.push(answer.id));
  for (const [id, text] of ['a', 'bc', 'def', 'fail', 'late'].entries()) worker.send({ id, text });
  const [code, signal] = await once(worker, 'close');
  console.log('worker ended', code, signal, answers.length < 5);
  const again = fork(__filename, ['worker'], { execArgv: ['--no-warnings'] });
  again.on('message', (answer) => console.log(answer));
  again.send({ id: 0, text: 'first' });
  again.send({ id: 3, text: 'last' });
  console.log(await once(again, 'exit'));
  const abort = new AbortController();
  const sleeper = spawn('sleep', ['5'], { signal: abort.signal });
  setTimeout(() => abort.abort(new Error('enough of it')), 10);
  sleeper.on('error', (error) => console.log(error.name, error.cause?.message));
  console.log(await once(sleeper, 'close').catch((error) => error.name));
}
if (process.argv[2] !== 'worker') main();
