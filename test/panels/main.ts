/**
 * `npm run test:panels [-- FILTER]`: the panels in Chromium, without VS Code, on recordings of `programs/`: what one can do
 * with them by pointer and keyboard, in each theme, and what axe-core says of them.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { browserArguments, findBrowser } from '../../scripts/vscode-host/browser.ts';
import type { OverviewAnswer } from '../../trace-runtime/src/model/panel-answers.ts';
import { continueInReaderNode } from '../support/reader-node.ts';
import { Checks, findBarriers, overflows, overlaps, saysAtFirst } from './checks.ts';
import { checkOperations } from './operations.ts';
import { Adapter, PanelPage, type PanelOptions } from './panel-page.ts';
import { recordPrograms } from './record-programs.ts';

continueInReaderNode();
const checks = new Checks(process.argv[2]);
const recorded = recordPrograms();
const browser: Browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserArguments] });
const adapters = new Map<string, Adapter>();

async function adapterOf(recording: string): Promise<Adapter> {
  let adapter = adapters.get(recording);
  if (adapter === undefined) adapters.set(recording, (adapter = await Adapter.open(recording)));
  return adapter;
}

/** A check on a panel that shows a recording, where the debugger stands at the failure. */
async function on(
  title: string,
  options: Omit<PanelOptions, 'recording'> & { readonly recording?: string | undefined },
  work: (panel: PanelPage) => Promise<void>,
): Promise<void> {
  await checks.check(title, async () => {
    const recording = 'recording' in options ? options.recording : recorded.inventory;
    const adapter = recording === undefined ? undefined : await adapterOf(recording);
    await adapter?.goToFailure();
    const panel = await PanelPage.open({ ...options, recording }, { browser, ...(adapter && { adapter }) });
    try {
      await panel.settle();
      await work(panel);
    } finally {
      await panel.close();
    }
  });
}

const momentOf = async ({ page }: PanelPage): Promise<number> =>
  Number(await page.getAttribute('[role="slider"]', 'aria-valuenow'));
const overviewOf = async ({ adapter }: PanelPage): Promise<OverviewAnswer> =>
  adapter!.ask<OverviewAnswer>('overview', {});
const WIDE = { width: 1400, height: 250 };
const NARROW = { width: 420, height: 230 };
/** Of three beside each other on a small screen. */
const BESIDE_OTHERS = { width: 340, height: 230 };

try {
  for (const panel of ['timeline', 'calls'] as const) {
    console.log(`${panel}`);
    await on('says what to do where nothing is replayed', { panel, recording: undefined }, async (own) => {
      await own.page.click('text=Record…');
      await own.page.click('text=Replay a Recording…');
      assert.deepEqual(await own.ran.first(2), ['hindcast.record', 'hindcast.replay']);
      assert.deepEqual(await findBarriers(own), []);
    });
    await on('has no barriers that axe-core knows', { panel }, async (own) => {
      assert.deepEqual(await findBarriers(own), []);
      await own.page.keyboard.press('Tab');
      await own.page.click(panel === 'timeline' ? '[aria-label="List what is in view"]' : 'text=Call Tree');
      assert.deepEqual(await findBarriers(own), []);
      if (panel === 'timeline') return;
      await own.page.fill('input', 'total');
      await own.page.waitForTimeout(300);
      await own.page.press('input', 'Control+Enter');
      await own.page.waitForTimeout(300);
      await own.settle();
      assert.deepEqual(await findBarriers(own), []);
    });
    await on(
      'has room for everything where it is narrow',
      { panel, size: NARROW, recording: recorded.workers },
      async (own) => {
        for (const size of [NARROW, BESIDE_OTHERS]) {
          await own.page.setViewportSize(size);
          assert.deepEqual([...(await overflows(own)), ...(await overlaps(own))], []);
        }
      },
    );
  }

  console.log('why');
  await on('says what to do where nothing is replayed', { panel: 'why', recording: undefined }, async (own) => {
    await own.page.getByText('Replay a recording to see why it failed.').waitFor();
    assert.deepEqual(await findBarriers(own), []);
  });
  for (const size of [WIDE, NARROW])
    await on(`has no barriers, ${size.width} wide`, { panel: 'why', size }, async (own) => {
      await own.page.getByText('No rerun of the program has confirmed one.').waitFor();
      assert.deepEqual(await findBarriers(own), []);
      const isCut = await own.page
        .locator('.why-body')
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      assert.equal(isCut, false);
    });
  await on('keys choose a line, and Enter goes there', { panel: 'why' }, async (own) => {
    const { page } = own;
    await page.getByText('No rerun of the program has confirmed one.').waitFor();
    const before = own.adapter!.place?.moment;
    await page.locator('.why-list .why-link').first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.why-link[aria-current="location"]').first().waitFor();
    assert.notEqual(own.adapter!.place?.moment, before);
  });
  await on(
    'arrows go along the graph of values, Enter goes there, and it is copied as SVG',
    { panel: 'why' },
    async (own) => {
      const { page } = own;
      const node = page.locator('.picture-link');
      await node.first().waitFor();
      assert.deepEqual(await findBarriers(own), []);
      const before = own.adapter!.place?.moment;
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      await page.locator('.picture-link[tabindex="0"]').focus();
      assert.match(await focused(), /\. Asked about: /);
      await page.keyboard.press('ArrowLeft');
      const origin = await focused();
      assert.doesNotMatch(origin, /\. Asked about: /);
      await page.keyboard.press('Enter');
      await page.locator('.picture-link[aria-current="location"]').first().waitFor();
      assert.notEqual(own.adapter!.place?.moment, before);
      await page.keyboard.press('ArrowRight');
      assert.match(await focused(), /\. Asked about: /);
      await page.click('text=Copy as SVG');
      assert.match(await own.ran.nth(0), /^<svg xmlns=[^]*<\/svg>\n$/);
      await page.click('text=Save as SVG…');
      assert.equal((await own.ran.first(2)).length, 2);
      await page.click('text=Graph of values');
      assert.equal(await node.count(), 0);
    },
  );
  await on('the answer is copied as Markdown', { panel: 'why' }, async (own) => {
    await own.page.getByText('No rerun of the program has confirmed one.').waitFor();
    await own.page.click('text=Copy as Markdown');
    await own.page.getByText('Copied', { exact: true }).waitFor();
    assert.match(await own.ran.nth(0), /^## .*\n\n[^]*### Where it came from\n\n1\. `[^]*### Suspects\n/);
  });

  console.log('sequence');
  await on('says what to do where nothing is replayed', { panel: 'sequence', recording: undefined }, async (own) => {
    await own.page.getByText('Replay a recording to see which file called which, and when.').waitFor();
    assert.deepEqual(await findBarriers(own), []);
  });
  const sequenceSize = { width: 1200, height: 600 };
  await on('calls between files have no barriers', { panel: 'sequence', size: sequenceSize }, async (own) => {
    await own.page.locator('.picture-link').first().waitFor();
    assert.deepEqual(await findBarriers(own), []);
  });
  await on('a row is gone to and looked into by keys', { panel: 'sequence', size: sequenceSize }, async (own) => {
    const { page } = own;
    await page.selectOption('[aria-label="Show"]', 'whole');
    await own.settle();
    await page.locator('.picture-link[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    const focused = () => page.evaluate(() => (document.activeElement as SVGElement).dataset['id'] ?? '');
    assert.equal(await focused(), '0');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), '1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('.picture-link[aria-current="location"]').first().waitFor();
    const inner = await page.locator('[data-id$="+"]').first().getAttribute('data-id');
    for (let row = 0; row < Number(inner!.replace('+', '')); row++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), inner);
    await page.keyboard.press('Enter');
    await page.locator('.sequence-path').waitFor();
    await own.settle();
    await page.click('text=Calls Within Files');
    await own.settle();
    assert.ok((await page.locator('.picture-link').count()) > 0);
    assert.deepEqual(await findBarriers(own), []);
    await page.click('.sequence-path >> text=All');
    assert.equal(await page.locator('.sequence-path').count(), 0);
  });
  await on('a case is compared with another, and copied', { panel: 'sequence', size: sequenceSize }, async (own) => {
    const { page } = own;
    const select = page.locator('[aria-label="Compare with"]');
    const other = await select.locator('option').nth(1).getAttribute('value');
    await select.selectOption(other!);
    await page.locator('.sequence-note', { hasText: /^Beside .* only there/ }).waitFor();
    assert.deepEqual(await findBarriers(own), []);
    await page.click('text=Copy as Markdown');
    assert.match(await own.ran.nth(0), /^```mermaid\nsequenceDiagram\n  participant l0 as .*\n[^]*->>l1: /);
    await page.click('text=Copy as SVG');
    assert.match(await own.ran.nth(1), /^<svg xmlns=[^]*<\/svg>\n$/);
  });
  await on(
    'another recording is chosen and compared',
    { panel: 'sequence', size: sequenceSize, picked: { recording: recorded.inventory, name: 'the same one' } },
    async (own) => {
      const { page } = own;
      await page.selectOption('[aria-label="Show"]', 'whole');
      await page.selectOption('[aria-label="Compare with"]', 'other');
      await page.getByText('No call differs from the same one.').waitFor();
    },
  );

  console.log('objects');
  const objects = { panel: 'objects', size: sequenceSize } as const;
  await on('says what to do where nothing is replayed', { ...objects, recording: undefined }, async (own) => {
    await own.page.getByText('Replay a recording to see what its objects hold, and how they change.').waitFor();
    assert.deepEqual(await findBarriers(own), []);
  });
  await on('says how to choose an object', objects, async (own) => {
    await own.page.getByText('Show Object Graph').waitFor();
    assert.deepEqual(await findBarriers(own), []);
  });
  await on('an object is drawn, opened and closed by keys', { ...objects, object: 'done' }, async (own) => {
    const { page } = own;
    const node = page.locator('.picture-link');
    await node.first().waitFor();
    await page.getByText(/^Change \d+ of \d+/).waitFor();
    assert.deepEqual(await findBarriers(own), []);
    const open = await node.count();
    assert.ok(open > 2);
    await page.locator('.picture-link[tabindex="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await own.settle();
    const closed = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    assert.match(closed, /Closed\.$/);
    await page.keyboard.press('Enter');
    await own.settle();
    assert.equal(await node.count(), open);
    await page.click('text=Copy as SVG');
    assert.match(await own.ran.nth(0), /^<svg xmlns=[^]*<\/svg>\n$/);
  });
  await on('changes are gone through by buttons and the slider', { ...objects, object: 'done' }, async (own) => {
    const { page, adapter } = own;
    const where = page.locator('.objects-where');
    await where.getByText(/^Change \d+ of \d+/).waitFor();
    const [, last, all] = /^Change (\d+) of (\d+)/.exec((await where.textContent())!)!;
    const before = adapter!.place!.moment;
    await page.click('[aria-label="Previous change"]');
    await own.settle();
    assert.ok(adapter!.place!.moment < before);
    await page.locator('.objects-slider').focus();
    await page.keyboard.press('Home');
    await where.getByText(`Before the first of ${all} changes`).waitFor();
    await page.keyboard.press('ArrowRight');
    await where.getByText(new RegExp(`^Change 1 of ${all}`)).waitFor();
    assert.deepEqual(await findBarriers(own), []);
    for (let i = 1; i < Number(last); i++) await page.click('[aria-label="Next change"]');
    await where.getByText(new RegExp(`^Change ${last} of ${all}`)).waitFor();
  });

  console.log('timeline');
  await on('keys go to exceptions, cases and output, and back', { panel: 'timeline' }, async (own) => {
    const { failures, cases } = await overviewOf(own);
    const press = async (key: string): Promise<number> => {
      await own.page.keyboard.press(key);
      await own.settle();
      assert.equal(own.adapter!.place?.moment, await momentOf(own));
      return momentOf(own);
    };
    await own.page.focus('[role="slider"]');
    const start = await momentOf(own);
    assert.equal(start, failures[0]!.moment);
    const next = await press('e');
    assert.ok(next > start);
    assert.ok((await press('Shift+E')) <= start);
    assert.equal(await press('Home'), 0);
    const firsts = cases.map(({ first }) => first).sort((a, b) => a - b);
    assert.equal(await press('c'), firsts[0]);
    assert.equal(await press('c'), firsts[1]);
    assert.equal(await press('Shift+C'), firsts[0]);
    assert.ok((await press('o')) > 0);
    assert.equal(await press('x'), start);
  });
  await on('the ruler scrubs, and a click on a lane goes there', { panel: 'timeline' }, async (own) => {
    const { page } = own;
    await page.click('[aria-label="Show the whole run"]');
    await page.mouse.move(700, 60);
    await page.mouse.down();
    for (let x = 700; x <= 1000; x += 20) await page.mouse.move(x, 60);
    await page.mouse.up();
    await page.waitForTimeout(400);
    await own.settle();
    const { counts } = await overviewOf(own);
    const share = (await momentOf(own)) / counts.events;
    assert.ok(Math.abs(share - (1000 - 80) / (1400 - 80)) < 0.01, `stands at ${share}`);
    await page.mouse.click(500, 150);
    await own.settle();
    assert.ok(Math.abs((await momentOf(own)) / counts.events - (500 - 80) / (1400 - 80)) < 0.01);
    assert.equal(own.adapter!.place?.moment, await momentOf(own));
  });
  await on('wheel, keys and drags zoom and pan without moving the debugger', { panel: 'timeline' }, async (own) => {
    const { page } = own;
    const before = await momentOf(own);
    const pictures: string[] = [];
    const look = async (): Promise<void> => {
      await own.settle();
      pictures.push((await page.locator('canvas').first().screenshot()).toString('base64'));
    };
    await look();
    await page.mouse.move(800, 150);
    await page.mouse.wheel(0, -600);
    await look();
    await page.mouse.down();
    await page.mouse.move(500, 150, { steps: 5 });
    await page.mouse.up();
    await look();
    await page.focus('[role="slider"]');
    await page.keyboard.press('ArrowRight');
    await look();
    await page.keyboard.press('-');
    await look();
    await page.keyboard.press('0');
    await page.mouse.move(1390, 5);
    await look();
    assert.equal(new Set(pictures.slice(0, 5)).size, 5);
    assert.equal(await momentOf(own), before);
  });
  await on('hits of breakpoints come and go with them', { panel: 'timeline' }, async (own) => {
    const dot = async (): Promise<boolean> => {
      await own.page.waitForTimeout(200);
      await own.settle();
      return own.page.evaluate(() => {
        const canvas = document.querySelector('canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(93, 46, canvas.width - 93, canvas.height - 46);
        for (let i = 0; i < data.length; i += 4)
          if (data[i]! > 210 && data[i + 1]! < 40 && data[i + 2]! < 20) return true;
        return false;
      });
    };
    const file = path.join(recorded.folder, 'inventory.mjs');
    await own.adapter!.setBreakpoints(file, [38]);
    assert.equal(await dot(), true);
    await own.adapter!.setBreakpoints(file, []);
    assert.equal(await dot(), false);
  });
  await on('the list goes to what is chosen in it', { panel: 'timeline' }, async (own) => {
    const { page } = own;
    await page.focus('[role="listbox"]');
    assert.ok((await page.locator('[role="option"]').count()) > 8);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await own.settle();
    const chosen = await page.locator('[role="option"][aria-selected="true"] .timeline-row-moment').textContent();
    assert.equal(await momentOf(own), Number(chosen!.replaceAll(',', '')));
  });
  await on(
    'another thread is looked at by a click',
    { panel: 'timeline', recording: recorded.workers },
    async (own) => {
      const { page } = own;
      const name = (): Promise<string> => page.inputValue('select');
      const before = await name();
      await page.mouse.click(700, 188);
      await own.settle();
      assert.notEqual(await name(), before);
      await page.selectOption('select', before);
      await own.settle();
      assert.equal(await name(), before);
    },
  );

  console.log('calls');
  await on('a click in the flame chart goes to the call', { panel: 'calls' }, async (own) => {
    const { page, adapter } = own;
    await page.click('[aria-label="Show the whole run"]');
    await own.settle();
    await page.mouse.click(200, 78);
    await own.settle();
    const { moment, stack } = adapter!.place!;
    const { path: calls } = await adapter!.ask<{ path: { call: { name: string; first: number } }[] }>('callPath', {
      threadId: 1,
      call: stack.at(-1)!,
    });
    assert.deepEqual(
      calls.map(({ call }) => call.name),
      ['inventory.test.mjs:34', 'permutations'],
    );
    assert.equal(moment, calls.at(-1)!.call.first);
    await page.waitForSelector('.stack-call >> text=permutations');
  });
  await on('none says that no code runs while they are read', { panel: 'calls' }, async ({ page }) => {
    assert.equal(await saysAtFirst(page, '.stack-empty', '.stack-call'), false);
  });
  await on('keys choose calls beside each other in the flame chart', { panel: 'calls' }, async (own) => {
    const { page } = own;
    const said = async (key: string): Promise<string> => {
      await page.keyboard.press(key);
      await own.settle();
      return (await page.locator('[role="status"]').last().textContent()) ?? '';
    };
    await page.focus('.flame');
    assert.match(await said('Alt+ArrowRight'), /^inventory.test.mjs:30, /);
    assert.match(await said('Alt+ArrowDown'), /^total, /);
    assert.match(await said('Alt+ArrowDown'), /^total:34, /);
    assert.match(await said('Alt+ArrowUp'), /^total, /);
    await page.keyboard.press('Enter');
    await own.settle();
    await page.waitForSelector('.stack-call >> text=total');
  });
  await on('the tree opens, closes and goes by keys, with arguments and results', { panel: 'calls' }, async (own) => {
    const { page } = own;
    await page.click('text=Call Tree');
    await own.settle();
    await page.focus('[role="tree"]');
    const chosen = async (...keys: readonly string[]): Promise<string> => {
      for (const key of keys) await page.keyboard.press(key);
      await own.settle();
      await page.waitForTimeout(300);
      await own.settle();
      return (await page.locator('[aria-selected="true"] .tree-call').textContent()) ?? '';
    };
    assert.equal(await chosen('Home'), 'inventory.mjs()');
    const fifth = await chosen('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
    assert.equal(fifth, 'inventory.test.mjs:30()');
    assert.equal(await chosen('ArrowRight', 'ArrowRight'), 'total(lines: [ Object {…} ], price: ƒ price) → 960');
    assert.equal(await page.locator('[aria-level="2"]').count(), 2);
    await page.keyboard.press('Enter');
    await own.settle();
    assert.match((await page.locator('[aria-current="location"]').textContent()) ?? '', /^total/);
    assert.equal(await chosen('ArrowLeft', 'ArrowLeft'), fifth);
    assert.equal(await page.locator('[aria-level="2"]').count(), 0);
  });
  await on('a long tree has only the rows that are seen', { panel: 'calls' }, async (own) => {
    const { page } = own;
    await page.fill('input', 'discount');
    await page.waitForTimeout(300);
    await own.settle();
    await page.click('text=Call Tree');
    for (let i = 0; i < 40; i++) await page.keyboard.press('Enter');
    await page.focus('input');
    await page.keyboard.press('Shift+Enter');
    await own.settle();
    assert.ok((await page.locator('[role="treeitem"]').count()) < 40);
    assert.match((await page.locator('.tree-row.found').first().textContent()) ?? '', /^discount/);
  });
  await on('a search finds calls one after the other, and back', { panel: 'calls' }, async (own) => {
    const { page } = own;
    const count = async (): Promise<string> => {
      await page.waitForTimeout(250);
      await own.settle();
      return (await page.locator('.search-count').textContent()) ?? '';
    };
    await page.fill('input', 'LINETOTAL');
    const [, first, total] = /^([\d,]+) of ([\d,]+)$/.exec(await count()) ?? [];
    assert.ok(Number(total!.replaceAll(',', '')) > 2000);
    await page.focus('input');
    await page.keyboard.press('Enter');
    const second = await count();
    assert.equal(second, `${Number(first) + 1} of ${total}`);
    await page.keyboard.press('Shift+Enter');
    assert.equal(await count(), `${first} of ${total}`);
    await page.keyboard.press('Control+Enter');
    await own.settle();
    await page.waitForSelector('.stack-call >> text=lineTotal');
    await page.fill('input', 'nowhere');
    assert.equal(await count(), 'none');
    await page.keyboard.press('Escape');
    assert.equal(await page.inputValue('input'), '');
  });
  await on('it follows the debugger, unless it was told not to', { panel: 'calls' }, async (own) => {
    const { page, adapter } = own;
    await page.click('text=Call Tree');
    const here = async (moment: number): Promise<string[]> => {
      await adapter!.ask('goToMoment', { moment: `1:${moment}` });
      await page.waitForTimeout(200);
      await own.settle();
      return page.locator('[aria-current="location"] .tree-name').allTextContents();
    };
    const { calls } = await adapter!.ask<{ calls: { first: number; name: string }[] }>('findCalls', {
      threadId: 1,
      text: 'permutations',
      after: 5000,
      count: 1,
    });
    assert.deepEqual(await here(calls[0]!.first), [calls[0]!.name]);
    await page.click('[aria-label="Follow the debugger"]');
    assert.deepEqual(await here(60), []);
  });
  await checkOperations(checks, browser);
} finally {
  await browser.close();
  for (const adapter of adapters.values()) await adapter.close();
  removeFolder(recorded.folder);
}
process.exitCode = checks.end();
