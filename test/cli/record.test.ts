import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pinRecording } from '../../trace-runtime/src/store/recordings.ts';
import { collect, hindcast, json, project, recordingOf, run, start } from './kit.ts';

const FAILING = `const order = { id: 7, items: ['tea'] };
function price(item) {
  const prices = new Map([['pot', 900]]);
  return prices.get(item).cents;
}
for (const item of order.items) console.log(price(item));
`;
const CALM = `let sum = 0;\nfor (let i = 0; i < 10; i++) sum += i;\nconsole.log(sum);\n`;

interface State {
  readonly moment: { readonly stream: number; readonly number: number };
  readonly failure: { readonly type: string; readonly place: { readonly line: number } } | null;
  readonly stack: readonly {
    readonly function: string;
    readonly scopes: readonly { readonly variables: readonly { readonly name: string; readonly value: unknown }[] }[];
  }[];
}

test('a command runs as ever, and the last line on stderr names its recording', () => {
  const cwd = project({ 'a.js': CALM });
  const result = run(cwd, 'record', '--', 'node', 'a.js');
  expect(result).toMatchObject({ status: 0, stdout: '45\n', stderr: `recording: ${recordingOf(result)}\n` });
  expect(path.dirname(recordingOf(result))).toBe(path.join(cwd, '.hindcast', 'recordings'));
  expect(readdirSync(recordingOf(result)).sort()).toEqual(
    expect.arrayContaining(['manifest.json', 'sites', 'sources', 'streams']),
  );
  expect(existsSync(path.join(recordingOf(result), 'spool'))).toBe(false);
});

test('of a tool whose code all lies in packages, info says how its steps are recorded', () => {
  const cwd = project({ 'node_modules/tool/bin.js': `console.log(((a, b) => a + b)(20, 3));` });
  const record = (...options: readonly string[]) =>
    recordingOf(run(cwd, 'record', '--level', 'full', ...options, '--', 'node', 'node_modules/tool/bin.js'));
  const sentence = 'No code but that of packages was recorded';
  expect(run(cwd, 'info', record()).stdout).toContain(sentence);
  expect(run(cwd, 'info', record('--deps', 'steps')).stdout).not.toContain(sentence);
});

test.each([0, 3, 255])('exit code %i is passed on', (code) => {
  const cwd = project({ 'a.js': `process.exit(${code})` });
  expect(run(cwd, 'record', '--', 'node', 'a.js').status).toBe(code);
});

test('info reads the recording whose name comes on standard input', () => {
  const cwd = project({ 'a.js': CALM });
  const folder = recordingOf(run(cwd, 'record', '--', 'node', 'a.js'));
  const info = (input: string) =>
    spawnSync(process.execPath, [hindcast, 'info', '-'], { cwd, input, encoding: 'utf8' });
  expect(info(`${folder}\n`).stdout).toBe(run(cwd, 'info', folder).stdout);
  expect(info('')).toMatchObject({ status: 4, stdout: '' });
  expect(info('').stderr).toContain('No recording came on standard input.');
});

test.each(['SIGTERM', 'SIGKILL'])('a death by %s is passed on, and the recording opens', (signal) => {
  const cwd = project({ 'a.js': `let a = 1; process.kill(process.pid, '${signal}'); setTimeout(() => {}, 9000)` });
  const result = run(cwd, 'record', '--', 'node', 'a.js');
  expect(result.signal).toBe(signal);
  const info = run(cwd, 'info', '--json');
  expect(json<{ recording: object }>(info).recording).toMatchObject({ signal, state: 'complete', exitCode: null });
});

test('a signal to the command reaches the program, which ends as it likes', async () => {
  const cwd = project({
    'a.js': `process.on('SIGTERM', () => { console.log('bye'); process.exit(5) }); console.log('up'); setInterval(() => {}, 1000)`,
  });
  const child = start(cwd, 'record', '--', 'node', 'a.js');
  const collected = collect(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.kill('SIGTERM');
  expect(await collected).toMatchObject({ status: 5, stdout: 'up\nbye\n' });
});

test('a command that does not exist leaves no recording, and says so', () => {
  const cwd = project({});
  const result = run(cwd, 'record', '--', 'no-such-command-at-all');
  expect(result.status).toBe(127);
  expect(result.stderr).toBe(
    'hindcast: The command no-such-command-at-all was not found. Check its name and your PATH.\n',
  );
  expect(readdirSync(path.join(cwd, '.hindcast', 'recordings'))).toEqual(['.gitignore']);
});

test('commands that are no Node programs run too', () => {
  const cwd = project({});
  expect(run(cwd, 'record', '--', 'sh', '-c', 'echo hello; exit 4')).toMatchObject({ status: 4, stdout: 'hello\n' });
  expect(json<{ streams: unknown[] }>(run(cwd, 'info', '--json')).streams).toEqual([]);
});

test('the state at a failure shows where, why and with which values', () => {
  const cwd = project({ 'a.js': FAILING });
  expect(run(cwd, 'record', '--', 'node', 'a.js').status).toBe(1);
  const text = run(cwd, 'state', '--at', 'failure');
  expect(text.status).toBe(0);
  expect(text.stdout).toContain("TypeError: Cannot read properties of undefined (reading 'cents')");
  expect(text.stdout).toContain('#0 price  a.js:4:');
  expect(text.stdout).toContain("item = 'tea'");
  expect(text.stdout).toContain("Map(1) { 'pot' => 900 }");
  const state = json<State>(run(cwd, 'state', '--json'));
  expect(state.failure).toMatchObject({ type: 'TypeError', place: { line: 4 } });
  expect(state.stack[0]?.function).toBe('price');
  expect(state.stack[0]?.scopes[0]?.variables.find(({ name }) => name === 'item')?.value).toBe('tea');
});

test('info and events tell what happened', () => {
  const cwd = project({ 'a.js': FAILING });
  run(cwd, 'record', '--', 'node', 'a.js');
  const info = json<{ failures: object[]; events: number; streams: object[]; problems: object[] }>(
    run(cwd, 'info', '--json'),
  );
  expect(info).toMatchObject({
    version: 1,
    recording: { exitCode: 1 },
    failures: [{ type: 'TypeError' }],
    problems: [],
  });
  expect(run(cwd, 'info').stdout).toContain('1 failure:');
  const { events } = json<{ events: { kind: string; moment: number }[] }>(run(cwd, 'events', '--json', '--limit', '0'));
  expect(events).toHaveLength(info.events);
  expect(events.map(({ moment }) => moment)).toEqual(events.map((_, index) => index));
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['enter', 'write', 'abrupt', 'uncaught']));
  const some = json<{ events: { kind: string }[]; more: boolean }>(
    run(cwd, 'events', '--json', '--kind', 'enter', '--limit', '1'),
  );
  expect(some).toMatchObject({ events: [{ kind: 'enter' }], more: true });
});

test('each error has a sentence, a remedy and an exit code of its own', () => {
  const cwd = project({ 'a.js': CALM });
  expect(run(cwd, 'state')).toMatchObject({ status: 5 });
  const recording = recordingOf(run(cwd, 'record', '--', 'node', 'a.js'));
  expect(run(cwd, 'state', '--at', 'failure')).toMatchObject({ status: 10, stdout: '' });
  expect(run(cwd, 'state', '--at', '1:99999')).toMatchObject({ status: 9 });
  expect(run(cwd, 'state', '--at', 'soon')).toMatchObject({ status: 4 });
  expect(run(cwd, 'state', '--wrong')).toMatchObject({ status: 4 });
  expect(run(cwd, 'nonsense')).toMatchObject({
    status: 4,
    stderr: 'hindcast: There is no command nonsense. Run `hindcast help` for the commands and their options.\n',
  });
  expect(run(cwd, 'record')).toMatchObject({ status: 4 });
  expect(run(cwd, 'record', '--level', 'light')).toMatchObject({ status: 4 });
  expect(run(cwd, 'info', `${recording}#9`)).toMatchObject({ status: 5 });
  expect(run(cwd, 'info', path.join(recording, 'streams'))).toMatchObject({ status: 6 });
  expect(json<object>(run(cwd, 'state', '--at', 'failure', '--json'))).toMatchObject({
    version: 1,
    error: { code: 'no-failure' },
  });
});

test('a portable file carries a recording to another project', () => {
  const cwd = project({ 'a.js': FAILING });
  const id = path.basename(recordingOf(run(cwd, 'record', '--', 'node', 'a.js')));
  expect(run(cwd, 'export', id, 'r.hindcast')).toMatchObject({ status: 0 });
  const other = project({});
  expect(run(other, 'import', path.join(cwd, 'r.hindcast'))).toMatchObject({ status: 0 });
  expect(json<{ recordings: object[] }>(run(other, 'list', '--json')).recordings).toMatchObject([{ id, exitCode: 1 }]);
  expect(run(other, 'state').stdout).toContain("item = 'tea'");
  const third = project({});
  expect(run(third, 'state', path.join(cwd, 'r.hindcast')).stdout).toContain("item = 'tea'");
});

test('the recordings of several folders are one list, the newest first', () => {
  const [one, other] = [project({ 'a.js': FAILING }), project({ 'b.js': FAILING })];
  const made = [
    recordingOf(run(one, 'record', '--', 'node', 'a.js')),
    recordingOf(run(other, 'record', '--', 'node', 'b.js')),
    recordingOf(run(one, 'record', '--', 'node', 'a.js')),
  ].map((recording) => path.basename(recording));
  const stores = [one, other].flatMap((folder) => ['--out', path.join(folder, '.hindcast', 'recordings')]);
  const { recordings } = json<{ recordings: { id: string }[] }>(run(one, 'list', '--json', ...stores));
  expect(recordings.map(({ id }) => id)).toEqual(made.toReversed());
  expect(run(one, 'list', '--out', '')).toMatchObject({ status: 4 });
});

test('a part up to a moment has the state of that moment as its end', () => {
  const cwd = project({ 'a.js': FAILING });
  run(cwd, 'record', '--', 'node', 'a.js');
  const failure = json<State>(run(cwd, 'state', '--json'));
  const [id = ''] = readdirSync(path.join(cwd, '.hindcast', 'recordings')).filter((name) => name.startsWith('2'));
  expect(run(cwd, 'export', id, 'part.hindcast', '--to', 'failure').status).toBe(0);
  const other = project({});
  run(other, 'import', path.join(cwd, 'part.hindcast'));
  const end = json<State>(run(other, 'state', '--at', 'end', '--json'));
  expect(end.moment.number).toBe(failure.moment.number);
  expect(end.stack.map(({ function: name }) => name)).toEqual(failure.stack.map(({ function: name }) => name));
});

test('a recording that a killed command left is finished by the first reader', async () => {
  const cwd = project({ 'a.js': `let n = 0; setInterval(() => { n += 1; if (n === 1) console.log('up') }, 5)` });
  const child = start(cwd, 'record', '--', 'node', 'a.js');
  const collected = collect(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  const before = json<{ recording: object; streams: { pid: number }[] }>(run(cwd, 'info', '--json'));
  expect(before.recording).toMatchObject({ state: 'recording' });
  child.kill('SIGKILL');
  for (const { pid } of before.streams) process.kill(pid, 'SIGKILL');
  await collected;
  const after = json<{ recording: object; ledger: { kind: string }[] }>(run(cwd, 'info', '--json'));
  expect(after.ledger.map(({ kind }) => kind)).toContain('died');
});

test('damaged recordings open: what is left is shown, what is wrong is said', () => {
  const cwd = project({ 'a.js': FAILING });
  const recording = recordingOf(run(cwd, 'record', '--', 'node', 'a.js'));
  const [stream = ''] = readdirSync(path.join(recording, 'streams'));
  const folder = path.join(recording, 'streams', stream);
  writeFileSync(path.join(folder, '000001.seg'), 'garbage');
  writeFileSync(path.join(folder, 'hello.json'), '{"pid":');
  rmSync(path.join(recording, 'sites'), { recursive: true });
  mkdirSync(path.join(recording, 'sites'));
  const info = run(cwd, 'info', '--json');
  expect(info.status).toBe(0);
  expect(json<{ problems: object[] }>(info).problems.length).toBeGreaterThan(1);
  expect(run(cwd, 'state', '--at', 'end').status).toBe(0);
});

test('an editor has the folder written into a file before the command ends, and variables taken away', async () => {
  const cwd = project({ 'a.js': `console.log(process.env.TOKEN ?? 'none'); process.stdin.resume();` });
  const pathFile = path.join(cwd, 'path');
  const args = ['record', '--path-file', pathFile, '--unset', 'TOKEN', '--', 'node', 'a.js'];
  const child = spawn(process.execPath, [hindcast, ...args], { cwd, env: { ...process.env, TOKEN: 'secret' } });
  const ended = collect(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const early = readFileSync(pathFile, 'utf8').trim();
  child.stdin.end();
  const result = await ended;
  expect(result).toMatchObject({ status: 0, stdout: 'none\n' });
  expect(early).toBe(recordingOf(result));
});

test('the command is shown before it runs where an editor asks for it', () => {
  const cwd = project({ 'a.js': `console.error('it ran')` });
  const result = run(cwd, 'record', '--show-command', '--', 'node', 'a.js', "it's two words");
  expect(result.stderr).toBe(
    String.raw`$ node a.js 'it'\''s two words'` + `\nit ran\nrecording: ${recordingOf(result)}\n`,
  );
});

test('an editor whose terminals name all words of a command that failed hands them over, and is told how it failed', () => {
  const cwd = project({ 'a.js': `console.log(process.env.HINDCAST_ARGUMENTS); process.exitCode = 3` });
  const given = { HINDCAST_ARGUMENTS: JSON.stringify(['--show-command', '--', 'node', 'a.js']) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [hindcast, 'record'], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...given },
  });
  expect({ status, stdout }).toEqual({ status: 3, stdout: 'undefined\n' });
  expect(stderr).toMatch(/^\$ node a\.js\nrecording: \S+\n$/);
});

test('the oldest recordings go where the store would take more than it may', async () => {
  const cwd = project({ 'a.js': CALM });
  const first = recordingOf(run(cwd, 'record', '--', 'node', 'a.js'));
  const pinned = recordingOf(run(cwd, 'record', '--', 'node', 'a.js'));
  pinRecording(pinned, true);
  const last = recordingOf(run(cwd, 'record', '--store-limit', '1KB', '--', 'node', 'a.js'));
  // the command does not wait for it
  await expect.poll(() => existsSync(first), { timeout: 10_000 }).toBe(false);
  expect([pinned, last].map((each) => existsSync(each))).toEqual([true, true]);
  expect(run(cwd, 'record', '--store-limit', 'much', '--', 'node', 'a.js')).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('--store-limit takes a size such as 5GB, not much.'),
  });
});
