/**
 * `npm run bench:panels [-- --recording FOLDER] [--seconds N] [--json]`: how smooth the panels are on a recording of about
 * 10⁷ events: what the page's main thread does for each frame, while one zooms, pans and scrubs at the speed of a hand. The
 * times are from Chromium's own trace.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findBrowser } from '../../scripts/vscode-host/browser.ts';
import type { OverviewAnswer } from '../../trace-runtime/src/model/panel-answers.ts';
import { Adapter, PanelPage, repository, type PanelName } from '../panels/panel-page.ts';
import { continueInReaderNode } from '../support/reader-node.ts';
import { framesOf, type Frame, type TraceEvent } from './frames.ts';
import { recordMarked } from './record-marked.ts';
import { prepareWorkspace } from './workspace.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    recording: { type: 'string' },
    seconds: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const SIZE = { width: 1400, height: 250 };
const FRAME = 16;
const CATEGORIES = [
  '__metadata',
  'devtools.timeline',
  'devtools.timeline.frame',
  'disabled-by-default-devtools.timeline',
];
const seconds = Number(flags.seconds);

interface Row {
  readonly name: string;
  readonly frames: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** the same, without the time in which the thread waited for a processor */
  readonly ranP95: number;
}

const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-bench-panels-'));
let browser: Browser | undefined;
let adapter: Adapter | undefined;
try {
  const recording =
    flags.recording ?? recordMarked({ repository, workspace: prepareWorkspace(repository, {}), scratch, scale: '1' });
  adapter = await Adapter.open(recording, '1:5000000');
  browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserArguments] });
  const { counts } = await adapter.ask<OverviewAnswer>('overview', {});
  const rows = [
    await measure('timeline, zooming', 'timeline', zoom),
    await measure('timeline, panning', 'timeline', pan),
    await measure('timeline, scrubbing', 'timeline', (page) => scrub(page, 60)),
    await measure('flame chart, zooming', 'calls', zoom),
    await measure('flame chart, panning', 'calls', pan),
    await measure('flame chart, scrubbing', 'calls', (page) => scrub(page, 40)),
  ];
  console.log(`${counts.events} events, ${counts.calls} calls; main thread for each frame, in ms:`);
  for (const { name, frames, ...row } of rows) {
    const [p50, p95, max, ran] = [row.p50, row.p95, row.max, row.ranP95].map((each) => each.toFixed(1).padStart(6));
    console.log(`${name.padEnd(24)} p50${p50}  p95${p95} (it ran${ran})  max${max}  in ${frames} frames`);
  }
  if (flags.json) console.log(JSON.stringify({ events: counts.events, calls: counts.calls, rows }));
} finally {
  await browser?.close();
  await adapter?.close();
  rmSync(scratch, { recursive: true, force: true });
}

async function measure(name: string, panel: PanelName, act: (page: Page) => Promise<void>): Promise<Row> {
  const own = await PanelPage.open({ recording: '', panel, size: SIZE }, { browser: browser!, adapter: adapter! });
  try {
    await own.settle();
    // what is compiled and laid out once
    await act(own.page);
    await browser!.startTracing(own.page, { categories: CATEGORIES });
    await act(own.page);
    const trace = JSON.parse((await browser!.stopTracing()).toString()) as {
      readonly traceEvents: readonly TraceEvent[];
    };
    const frames = framesOf(trace.traceEvents);
    const at = (share: number, of: (frame: Frame) => number): number => {
      const sorted = frames.map(of).sort((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
    };
    const took = (share: number): number => at(share, (frame) => frame.took);
    const ranP95 = at(0.95, ({ ran }) => ran);
    return { name, frames: frames.length, p50: took(0.5), p95: took(0.95), max: took(1), ranP95 };
  } finally {
    await own.close();
  }
}

/** Does something again and again, as often as a screen is drawn; `share`: of the time that is over. */
async function often(work: (share: number) => Promise<void>): Promise<void> {
  const started = performance.now();
  for (;;) {
    const began = performance.now();
    const share = (began - started) / (seconds * 1000);
    if (share >= 1) return;
    await work(share);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, FRAME - (performance.now() - began))));
  }
}

/** From the whole down to some thousand events and back, twice. */
async function zoom(page: Page): Promise<void> {
  await page.mouse.move(640, 150);
  await often((share) => page.mouse.wheel(0, (share * 4) % 2 < 1 ? -60 : 60));
  await page.mouse.wheel(0, 9000);
}

async function pan(page: Page): Promise<void> {
  await page.mouse.move(640, 150);
  await page.mouse.wheel(0, -1400);
  await page.mouse.down();
  await often((share) => page.mouse.move(640 + Math.sin(share * 20) * 500, 150));
  await page.mouse.up();
  await page.mouse.wheel(0, 9000);
}

async function scrub(page: Page, y: number): Promise<void> {
  await page.mouse.move(640, y);
  await page.mouse.down();
  await often((share) => page.mouse.move(640 + Math.sin(share * 12) * 500, y));
  await page.mouse.up();
}
