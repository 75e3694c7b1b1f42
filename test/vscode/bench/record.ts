/** From the click on Record over a failing vitest test until the editor stands at its throw, beside the test's own time. */
import { spawnSync } from 'node:child_process';
import type { Workbench } from '../e2e/workbench.ts';
import { quantile } from './statistics.ts';

const TEST = 'takes a discount off';
const THROW_LINE = 13;
const WAIT_MS = 120_000;

export interface RecordTimes {
  /** median, in milliseconds */
  readonly recordMs: number;
  /** of the same command in a terminal, median, in milliseconds */
  readonly plainMs: number;
}

/** The workbench shows `fixtures/cart`. The first record, which fills the cache of instrumented packages, does not count. */
export async function measureRecord(workbench: Workbench, times: number): Promise<RecordTimes> {
  await workbench.openFile('cart.test.ts');
  const recorded: number[] = [];
  for (let time = 0; time <= times; time++) {
    const ms = await recordOnce(workbench);
    if (time > 0) recorded.push(ms);
    await workbench.debugAction('Stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  }
  const plain = Array.from({ length: times }, () => runPlain(workbench.folder));
  return { recordMs: quantile(recorded, 0.5), plainMs: quantile(plain, 0.5) };
}

async function recordOnce(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  const link = page.locator('.codelens-decoration a', { hasText: 'Record' }).nth(2);
  await link.waitFor();
  const began = Date.now();
  await link.click();
  await page.locator('.debug-toolbar').waitFor({ timeout: WAIT_MS });
  await page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor();
  await workbench.statusBarItem(new RegExp(`Ln ${THROW_LINE}, `)).waitFor();
  return Date.now() - began;
}

function runPlain(cwd: string): number {
  const began = Date.now();
  const args = ['node_modules/vitest/vitest.mjs', 'run', 'src/cart.test.ts', '-t', TEST];
  const { status } = spawnSync('node', args, { cwd, stdio: 'ignore' });
  if (status !== 1) throw new Error(`The test should fail: vitest exited with ${status}.`);
  return Date.now() - began;
}
