/** What `main.ts` checks of a panel, and how it says what is wrong. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repository, THEMES, type PanelPage } from './panel-page.ts';

export class Checks {
  readonly #filter: string;
  #passed = 0;
  readonly #failed: string[] = [];

  constructor(filter = '') {
    this.#filter = filter;
  }

  async check(title: string, work: () => Promise<void>): Promise<void> {
    if (!title.includes(this.#filter)) return;
    try {
      await work();
      this.#passed++;
      console.log(`  ✓ ${title}`);
    } catch (error) {
      this.#failed.push(title);
      console.log(`  ✗ ${title}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  /** Prints the totals; the exit code. */
  end(): number {
    console.log(`\n${this.#passed} passed, ${this.#failed.length} failed`);
    return this.#failed.length === 0 && this.#passed > 0 ? 0 : 1;
  }
}

const axe = readFileSync(createRequire(path.join(repository, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Everything that axe-core finds, in each of the editor's themes. */
export async function findBarriers({ page, setTheme }: Pick<PanelPage, 'page' | 'setTheme'>): Promise<string[]> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await setTheme(theme);
    await page.evaluate(axe);
    const { violations } = (await page.evaluate('axe.run(document)')) as AxeResult;
    for (const { id, nodes } of violations)
      for (const { html, failureSummary } of nodes)
        found.push(`${theme}: ${id}: ${html.slice(0, 200)} ${failureSummary}`);
  }
  return found;
}

/** What stands outside the panel. */
export function overflows({ page }: Pick<PanelPage, 'page'>): Promise<string[]> {
  return page.evaluate(() => {
    const { innerWidth, innerHeight } = window;
    return [...document.querySelectorAll('button, input, select, [role="status"]')]
      .filter((element) => {
        const { left, right, top, bottom, width } = element.getBoundingClientRect();
        const isScrolled = element.closest('.stack, .tree, .timeline-side') !== null;
        const isHidden = element.closest('.hidden') !== null;
        return (
          width > 0 && !isScrolled && !isHidden && (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight)
        );
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Controls of the toolbar that lie over each other. */
export function overlaps({ page }: Pick<PanelPage, 'page'>): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('.toolbar :is(button, select, .search-box)')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    const covered = controls.filter(({ box }, i) =>
      controls.some(
        (other, j) =>
          j !== i &&
          // the parts of a choice share their border
          Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 &&
          Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 1,
      ),
    );
    return covered.map(({ element }) => element.outerHTML.slice(0, 120));
  });
}

/** Whether a panel that is loaded shows one element at some time before it shows the other. */
export async function saysAtFirst(page: PanelPage['page'], first: string, last: string): Promise<boolean> {
  await page.addInitScript((selector) => {
    new MutationObserver(() => {
      if (document.querySelector(selector)) document.documentElement.dataset['said'] = 'yes';
    }).observe(document, { childList: true, subtree: true });
  }, first);
  await page.reload();
  await page.waitForSelector(last);
  return page.evaluate(() => document.documentElement.dataset['said'] === 'yes');
}
