/**
 * `node scripts/run.mjs test/panels/dump-themes.ts`: writes `themes.json` anew: what the panels use of the colours that
 * VS Code gives to webviews, in its own themes.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../../scripts/vscode-host/repository.ts';
import { startVSCode } from '../../scripts/vscode-host/vscode.ts';

const THEMES = {
  'vscode-dark': { theme: 'Dark Modern', kind: 'vs-dark' },
  'vscode-light': { theme: 'Light Modern', kind: 'vs' },
  'vscode-high-contrast': { theme: 'Default High Contrast', kind: 'hc-black' },
  'vscode-high-contrast-light': { theme: 'Default High Contrast Light', kind: 'hc-light' },
} as const;

/** Fonts, which VS Code gives to webviews alone: as on Linux. */
const FONTS = {
  '--vscode-font-family': 'system-ui, Ubuntu, "Droid Sans", sans-serif',
  '--vscode-font-size': '13px',
  '--vscode-editor-font-family': '"Droid Sans Mono", monospace',
};
/** All sources, where a colour's name stands behind `--vscode-`, behind `charts-` or in quotes. */
const folder = path.join(repository, 'webview-ui/src');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:tsx?|css)$/.test(name))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))
  .join('\n');
const isUsed = (name: string): boolean =>
  [name, `'${name.slice('--vscode-'.length)}'`].some((each) => sources.includes(each)) ||
  name.startsWith('--vscode-charts-');

const themes: Record<string, Readonly<Record<string, string>>> = {};
const vscode = await startVSCode();
try {
  const { page } = vscode;
  await vscode.open();
  await page.waitForSelector('.monaco-workbench .part.editor');
  for (const [name, { theme, kind }] of Object.entries(THEMES)) {
    for (let tries = 0; (await page.locator(`.monaco-workbench.${kind}`).count()) === 0; tries++) {
      if (tries === 5) throw new Error(`The theme ${theme} could not be chosen.`);
      await page.keyboard.press('Escape');
      await page.locator('.part.editor').click();
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Control+t');
      await page.waitForTimeout(1500);
      await page.keyboard.type(theme);
      await page.waitForTimeout(1000);
      await page.keyboard.press('Enter');
      await page.waitForTimeout(1500);
    }
    const all = await page.evaluate(() => {
      const styles = getComputedStyle(document.querySelector('.monaco-workbench')!);
      const names = new Set<string>();
      for (const sheet of document.styleSheets)
        for (const rule of sheet.cssRules)
          for (const [found] of rule.cssText.matchAll(/--vscode-[\w-]+/g)) names.add(found);
      const values = [...names].map((each) => [each, styles.getPropertyValue(each).trim()] as const);
      return Object.fromEntries(values.filter(([, value]) => value !== '').sort());
    });
    themes[name] = { ...Object.fromEntries(Object.entries(all).filter(([each]) => isUsed(each))), ...FONTS };
    console.log(name, Object.keys(themes[name]!).length, themes[name]!['--vscode-panel-background']);
  }
} finally {
  await vscode.close();
}
writeFileSync(path.join(repository, 'test/panels/themes.json'), `${JSON.stringify(themes, undefined, 2)}\n`);
