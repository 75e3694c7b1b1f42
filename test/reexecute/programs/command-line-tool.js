// A command-line tool that calls itself: arguments, environment, standard input, exit codes, output in colour or not.
const { spawnSync, spawn } = require('node:child_process');
const { parseArgs, styleText, inspect } = require('node:util');
const readline = require('node:readline');

const commands = {
  sum: ({ positionals }) => positionals.reduce((a, b) => a + Number(b), 0),
  env: ({ values }) => process.env[values.name] ?? 'not set',
  fail: () => {
    throw new Error('as asked');
  },
  async lines({ values }) {
    const seen = [];
    for await (const line of readline.createInterface({ input: process.stdin })) seen.push(values.upper ? line.toUpperCase() : line);
    return seen.reverse().join('|');
  },
};

async function tool([command, ...args]) {
  const options = { name: { type: 'string' }, upper: { type: 'boolean' } };
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (!(command in commands)) throw Object.assign(new Error(`no command ${command}`), { exit: 64 });
    process.stdout.write(`${await commands[command](parsed)}\n`);
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = error.exit ?? (error.code?.startsWith('ERR_PARSE_ARGS') ? 65 : 1);
  }
}

function main() {
  const run = (args, options) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [__filename, 'tool', ...args], { encoding: 'utf8', ...options });
    return `${args.join(' ')} -> ${status} ${JSON.stringify(stdout)} ${JSON.stringify(stderr.slice(0, 40))}`;
  };
  console.log(run(['sum', '1', '2', '39']));
  console.log(run(['env', '--name', 'FLAVOUR'], { env: { ...process.env, FLAVOUR: 'vanilla' } }));
  console.log(run(['lines', '--upper'], { input: 'b\na\n' }));
  console.log(run(['fail']));
  console.log(run(['nonsense']));
  const child = spawn(process.execPath, [__filename, 'tool', 'lines'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.on('data', (data) => console.log('streamed', String(data).trim()));
  child.on('close', (code) => console.log('code', code));
  for (const [i, line] of ['one', 'two', 'three'].entries()) setTimeout(() => child.stdin.write(`${line}\n`), i * 3);
  setTimeout(() => child.stdin.end(), 20);
  console.log(typeof styleText?.('red', 'text'), inspect({ a: { b: { c: {} } } }, { compact: true }), process.stdout.isTTY, process.stdout.columns);
}

if (process.argv[2] === 'tool') tool(process.argv.slice(3));
else main();
