/** One instrumenter answers all recordings of a user, and none waits for one that is not there. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Program } from '../rerun/program.ts';

/** A user whose cache is empty. */
const home = new Program({});
const env = { HOME: home.folder };
const asked = path.join(home.folder, '.cache/hindcast/asked');

function serverFile(): string {
  const [build, ...others] = readdirSync(asked);
  expect(others).toEqual([]);
  return path.join(asked, build!, 'server.pid');
}

async function record(text: string): Promise<void> {
  const program = new Program({ 'main.js': `console.log(${text});` });
  const { stdout, stderr } = await program.hindcast(['record', '--', process.execPath, 'main.js'], { env });
  expect(stdout, stderr).toBe('42\n');
  const info = await program.hindcast(['info', '--json'], { env });
  expect(JSON.parse(info.stdout)).toMatchObject({ ledger: [] });
}

afterAll(() => {
  const pid = Number(readFileSync(serverFile(), 'utf8'));
  if (pid !== process.pid) process.kill(pid);
});

test('recordings share it, one after the other and at the same time', async () => {
  await record('6 * 7');
  const pid = readFileSync(serverFile(), 'utf8');
  await Promise.all([record('2 * 21'), record('84 / 2'), record('40 + 2')]);
  expect(readFileSync(serverFile(), 'utf8')).toBe(pid);
});

test('one that was killed is started again', async () => {
  const pid = Number(readFileSync(serverFile(), 'utf8'));
  process.kill(pid, 'SIGKILL');
  await record('43 - 1');
  expect(Number(readFileSync(serverFile(), 'utf8'))).not.toBe(pid);
});

test('a process that now has the number of one that was killed is not waited for', async () => {
  process.kill(Number(readFileSync(serverFile(), 'utf8')), 'SIGKILL');
  mkdirSync(path.dirname(serverFile()), { recursive: true });
  writeFileSync(serverFile(), String(process.pid));
  await record('21 + 21');
  expect(readFileSync(serverFile(), 'utf8')).not.toBe(String(process.pid));
});
