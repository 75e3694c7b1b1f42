import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { faultOf } from './launch-faults.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-launch-'));
writeFileSync(path.join(folder, 'app.js'), '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[Readonly<Record<string, unknown>>, string | undefined]>([
  [{}, undefined],
  [{ recording: '2026' }, undefined],
  [{ program: 'app.js', args: ['a'], env: { A: 'b', C: null } }, undefined],
  [{ program: 'app', args: 'a b' }, undefined],
  [{ command: 'npm test' }, undefined],
  [{ program: 'cli', runtimeExecutable: 'tsx' }, undefined],
  [{ program: 5 }, '`program` must be a text, and is 5.'],
  [{ command: ['npm', 1] }, '`command` must be a list of texts, or a text, and is ["npm",1].'],
  [{ command: [] }, '`command` is empty.'],
  [{ program: 'app.js', env: { A: 1 } }, '`env` must be an object of texts, and is {"A":1}.'],
  [{ program: 'app.js', command: ['node'] }, 'Give one of `recording`, `program` and `command`.'],
  [{ program: 'app.js', dependencies: 'steps', include: ['**/a/**'], level: 'light' }, undefined],
  [{ program: 'app.js', level: 'high' }, '`level` must be one of full, light, auto, and is "high".'],
  [{ program: 'nosuch.js' }, `There is no program ${path.join(folder, 'nosuch.js')}.`],
  [{ program: 'app.js', cwd: 'sub' }, `There is no folder ${path.join(folder, 'sub')} to start in (\`cwd\`).`],
])('%j', (config, fault) => {
  expect(faultOf(config, folder)).toBe(fault);
});
