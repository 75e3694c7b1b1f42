/** The operations panel on a real daemon, to which a service sends its measurements. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { operationsFolder, readAddress } from '../../operational-loop/src/api/address.ts';
import { DaemonClient } from '../../operational-loop/src/api/client.ts';
import { findBarriers, overflows, type Checks } from './checks.ts';
import { OperationsPage } from './operations-page.ts';
import { repository } from './panel-page.ts';

const PATIENCE_MS = 30_000;
const SERVICE = 'shop';

export async function checkOperations(checks: Checks, browser: Browser): Promise<void> {
  console.log('operations');
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-operations-panel-'));
  await using daemon = new Daemon(folder);
  const own = await OperationsPage.open({ folder, browser });
  const { page } = own;
  page.setDefaultTimeout(PATIENCE_MS);
  try {
    await checks.check('says what to do where no daemon runs', async () => {
      await page.click('text=Start Watching');
      await page.click('text=Run the Demo');
      assert.deepEqual(await own.ran.first(2), ['hindcast.operations.start', 'hindcast.operations.demo']);
      assert.deepEqual(await findBarriers(own), []);
    });
    await checks.check('says how to send measurements where a daemon has none', async () => {
      await daemon.start();
      await page.waitForSelector('text=no service has reported to it yet');
      assert.deepEqual(await findBarriers(own), []);
    });
    await checks.check('shows a service that reports, its signals, and no barriers', async () => {
      daemon.report();
      const service = page.locator('table.ops-signals').first().locator('tr', { hasText: SERVICE });
      await service.locator('td', { hasText: /^\d/ }).first().waitFor();
      assert.equal(await page.locator('table.ops-signals').nth(1).locator('tbody tr').count(), 2);
      await page.selectOption('label:has-text("Signal") select', 'traffic');
      await page.locator('figure', { hasText: 'each instance' }).locator('.uplot').waitFor();
      await page
        .locator('details')
        .evaluateAll((all) => all.forEach((each) => ((each as HTMLDetailsElement).open = true)));
      assert.deepEqual(await findBarriers(own), []);
    });
    await checks.check('everything in it is reached by the keyboard', async () => {
      const wanted = await page.locator('button:enabled, select, summary').count();
      await page.evaluate('document.activeElement.blur()');
      const reached = new Set<string>();
      for (let i = 0; i < wanted + 20; i++) {
        await page.keyboard.press('Tab');
        const name =
          'document.activeElement.matches("button, select, summary") ? [...document.querySelectorAll("button, select, summary")].indexOf(document.activeElement) : ""';
        reached.add(String(await page.evaluate(name)));
      }
      reached.delete('');
      assert.equal(reached.size, wanted);
    });
    await checks.check('has room for its toolbar where it is narrow', async () => {
      await page.setViewportSize({ width: 620, height: 700 });
      await page.locator('button', { hasText: 'Stop Watching' }).waitFor();
      await page.waitForFunction('innerWidth === 620 && document.body.clientWidth <= 620');
      assert.deepEqual(
        (await overflows(own)).filter((html) => html.includes('Stop Watching')),
        [],
      );
      // and nothing lies over its last button, wherever the page is scrolled to
      for (const share of [0, 0.5, 1])
        assert.deepEqual(
          await page.evaluate((to) => {
            for (const each of document.querySelectorAll('*'))
              if (/auto|scroll/.test(getComputedStyle(each).overflowY)) each.scrollTop = to * each.scrollHeight;
            const stop = [...document.querySelectorAll('button')].find((each) => each.innerText === 'Stop Watching')!;
            const { left, right, top, bottom } = stop.getBoundingClientRect();
            return [left + 2, (left + right) / 2, right - 2].map(
              (x) => document.elementFromPoint(x, (top + bottom) / 2)?.closest('button')?.innerText,
            );
          }, share),
          ['Stop Watching', 'Stop Watching', 'Stop Watching'],
        );
      await page.setViewportSize({ width: 1400, height: 1000 });
    });
    await checks.check('keeps its toolbar in view where it is narrow and one goes to a section', async () => {
      for (const width of [340, 300]) {
        await page.setViewportSize({ width, height: 600 });
        await page.waitForFunction((wanted) => innerWidth === wanted, width);
        const outside = (nav: Element): readonly string[] =>
          [...nav.querySelectorAll('button')].flatMap((each) => {
            const { left, right, top, bottom } = each.getBoundingClientRect();
            const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return left >= 0 && right <= innerWidth && each.contains(over) ? [] : [each.innerText];
          });
        assert.deepEqual(await page.locator('.ops-bar').evaluate(outside), []);
        const torn = (ages: readonly Element[]): number =>
          ages.filter((each) => each.getClientRects().length > 1).length;
        assert.equal(await page.locator('.ops-age').evaluateAll(torn), 0);
        await page.locator('nav button', { hasText: 'History' }).click();
        const { top, left } = await page.locator('.ops-bar').evaluate((bar) => bar.getBoundingClientRect().toJSON());
        assert.deepEqual({ top, left }, { top: 0, left: 0 });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      }
      await page.setViewportSize({ width: 1400, height: 1000 });
    });
    await checks.check(
      'keeps what it heard last of a daemon that was killed, and comes back to the next one',
      async () => {
        await daemon.kill();
        await page.waitForSelector('.ops-lost');
        assert.ok(await page.locator('tr', { hasText: SERVICE }).first().isVisible());
        assert.deepEqual(await findBarriers(own), []);
        await daemon.start();
        await page.waitForSelector('.ops-lost', { state: 'detached' });
      },
    );
    await checks.check('forgets a daemon that was stopped', async () => {
      await daemon.stop();
      await page.waitForSelector('text=No daemon watches this folder');
    });
  } finally {
    await own.close();
  }
}

/** `hindcast ops serve` in a folder of its own. */
class Daemon implements AsyncDisposable {
  #timer: NodeJS.Timeout | undefined;
  #ended: Promise<void> | undefined;
  #requests = 0;

  constructor(private readonly folder: string) {}

  async start(): Promise<void> {
    const cli = path.join(repository, 'cli/bin/hindcast.cjs');
    const child = spawn(process.execPath, [cli, 'ops', 'serve'], { cwd: this.folder, stdio: 'ignore' });
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
    const before = this.#pid;
    for (const end = Date.now() + PATIENCE_MS; this.#pid === undefined || this.#pid === before;) {
      if (Date.now() > end) throw new Error('The daemon did not start.');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Has two instances send what an OpenTelemetry SDK would, from now on. */
  report(): void {
    const send = (): void => {
      this.#requests += 20;
      for (const instance of ['shop-1', 'shop-2'])
        void DaemonClient.find(operationsFolder(this.folder))
          .post('/v1/metrics', metricsOf(instance, this.#requests))
          .catch(() => undefined);
    };
    send();
    this.#timer = setInterval(() => {
      if (this.#pid !== undefined) send();
    }, 500);
  }

  async kill(): Promise<void> {
    clearInterval(this.#timer);
    process.kill(this.#pid!, 'SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const pid = this.#pid;
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
    await this.#ended;
  }

  get #pid(): number | undefined {
    return readAddress(operationsFolder(this.folder))?.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => undefined);
    removeFolder(this.folder);
  }
}

/** In OTLP's JSON: requests that took 10 ms each. */
function metricsOf(instance: string, count: number): object {
  const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const now = BigInt(Date.now()) * 1_000_000n;
  const point = {
    startTimeUnixNano: '1',
    timeUnixNano: String(now),
    count: String(count),
    sum: count * 0.01,
    explicitBounds: [0.005, 0.025, 0.1],
    bucketCounts: ['0', String(count), '0', '0'],
    attributes: [attribute('http.response.status_code', '200')],
  };
  const histogram = { dataPoints: [point], aggregationTemporality: 2 };
  const metrics = [{ name: 'http.server.request.duration', unit: 's', histogram }];
  const attributes = [attribute('service.name', SERVICE), attribute('service.instance.id', instance)];
  return { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
}
