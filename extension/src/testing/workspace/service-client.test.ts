import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makePackage, removePackages } from './package-kit.ts';
import { Cancelled, WorkspaceService, type Cancellation } from './service-client.ts';

const script = path.resolve(import.meta.dirname, '../../../dist/workspace-service.cjs');
let service: WorkspaceService | undefined;

afterEach(() => {
  service?.dispose();
  removePackages();
});

function cancellation(): Cancellation & { cancel(): void } {
  const listeners = new Set<() => void>();
  let isCancelled = false;
  return {
    get isCancellationRequested() {
      return isCancelled;
    },
    onCancellationRequested(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    cancel() {
      isCancelled = true;
      for (const listener of listeners) listener();
    },
  };
}

describe.skipIf(!existsSync(script))('the workspace service', () => {
  it('answers from a process of its own, and starts again when that has died', async () => {
    service = new WorkspaceService(script);
    const root = makePackage(
      { scripts: { test: 'mocha' } },
      { 'a.test.js': `describe('a', () => { it('b', () => {}) })` },
    );
    const file = path.join(root, 'a.test.js');
    const { tests, project } = await service.ask('outline', { file });
    expect(tests.map(({ label }) => label)).toEqual(['a']);
    expect(project?.runner).toBe('mocha');
    const text = `it('typed', () => { const x = `;
    expect((await service.ask('outline', { file, text })).tests[0]?.label).toBe('typed');
    const pid = service.pid ?? 0;
    // A stopped process cannot answer before it is killed.
    process.kill(pid, 'SIGSTOP');
    const lost = service.ask('projects', { folder: root });
    process.kill(pid, 'SIGKILL');
    await expect(lost).rejects.toThrow('The workspace service ended');
    expect(await service.ask('projects', { folder: root })).toHaveLength(1);
    expect(service.pid).not.toBe(pid);
  });

  it('says what is wrong', async () => {
    service = new WorkspaceService(script);
    await expect(service.ask('outline', { file: '/absent.test.js' })).rejects.toThrow('ENOENT');
    await expect(new WorkspaceService('/absent.cjs').ask('projects', { folder: '/' })).rejects.toThrow('ended');
  });

  it('stops a runner that lists, when nobody waits any more', async () => {
    service = new WorkspaceService(script);
    const root = makePackage(
      { type: 'module', scripts: { test: 'vitest' } },
      { 'vitest.config.js': 'await new Promise((resolve) => setTimeout(resolve, 60_000)); export default {}' },
    );
    const [project] = await service.ask('projects', { folder: root });
    if (!project) throw new Error('no project');
    const token = cancellation();
    const listing = service.ask('list', { project, trusted: true }, token);
    setTimeout(() => token.cancel(), 300);
    await expect(listing).rejects.toThrow(Cancelled);
  });

  it('reads a file of thousands of tests', async () => {
    service = new WorkspaceService(script);
    const root = makePackage({ scripts: { test: 'mocha' } }, {});
    const text = Array.from(
      { length: 3000 },
      (_, i) => `it('t${i}', () => { const a = { b: [${i}] }; f(a); });\n`,
    ).join('');
    const file = path.join(root, 'a.test.js');
    await service.ask('outline', { file, text: `it('a', () => {})` });
    expect((await service.ask('outline', { file, text })).tests).toHaveLength(3000);
  });

  it('ends with its owner', async () => {
    service = new WorkspaceService(script);
    await service.ask('projects', { folder: '/absent' });
    const pid = service.pid ?? 0;
    service.dispose();
    await expect(service.ask('projects', { folder: '/' })).rejects.toThrow(Cancelled);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
