import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { describeEnvironment } from './environment.ts';

test('commit, uncommitted diff without secrets, and locked versions are described', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-environment-'));
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
  writeFileSync(path.join(folder, 'package.json'), '{"dependencies":{"left":"1"}}');
  const packages = { '': {}, 'node_modules/left': { version: '1.2.3' } };
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(path.join(folder, 'a.js'), 'one\n');
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  writeFileSync(path.join(folder, 'a.js'), 'two hunter2-hunter2\n');
  writeFileSync(path.join(folder, 'new.js'), '');
  const found = await describeEnvironment(folder, { DB_PASSWORD: 'hunter2-hunter2', NODE_OPTIONS: '--no-warnings' });
  expect(found.dependencies).toMatchObject({ lockfile: 'package-lock.json', versions: { left: '1.2.3' } });
  expect(found.git?.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(found.git?.diff).toContain('+two «redacted:DB_PASSWORD»');
  expect(found.git?.untracked).toEqual(['new.js']);
  expect(found.flags).toBe('--no-warnings');
  expect(found.timeZone).not.toBe('');
});

test('where no lockfile fixes versions, those installed are taken; outside git there is no commit', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-environment-'));
  writeFileSync(path.join(folder, 'package.json'), '{"dependencies":{"left":"1","gone":"2"}}');
  mkdirSync(path.join(folder, 'node_modules/left'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/left/package.json'), '{"version":"1.9.0"}');
  const found = await describeEnvironment(folder);
  expect(found.dependencies?.versions).toEqual({ left: '1.9.0' });
  expect(found.git).toBeNull();
});
