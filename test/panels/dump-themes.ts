/**
 * `node scripts/run.mjs test/panels/dump-themes.ts`: writes `themes.json` anew: the colours and fonts that VS Code gives to
 * webviews, in its own themes.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../../scripts/vscode-host/repository.ts';
import { startVSCode } from '../../scripts/vscode-host/vscode.ts';

const THEMES = {
  'vscode-dark': 'Default Dark Modern',
  'vscode-light': 'Default Light Modern',
  'vscode-high-contrast': 'Default High Contrast',
  'vscode-high-contrast-light': 'Default High Contrast Light',
} as const;

const themes: Record<string, Readonly<Record<string, string>>> = {};
for (const [name, theme] of Object.entries(THEMES)) {
  const vscode = await startVSCode({ settings: { 'workbench.colorTheme': theme } });
  try {
    await vscode.open();
    await vscode.page.waitForSelector('.monaco-workbench .part.editor');
    await vscode.page.waitForTimeout(3000);
    themes[name] = await vscode.page.evaluate(() => {
      const variables: Record<string, string> = {};
      for (const sheet of document.styleSheets)
        for (const rule of sheet.cssRules) {
          if (!(rule instanceof CSSStyleRule) || !rule.selectorText.includes('.monaco-workbench')) continue;
          for (const property of rule.style)
            if (property.startsWith('--vscode-')) variables[property] = rule.style.getPropertyValue(property).trim();
        }
      return Object.fromEntries(Object.entries(variables).sort());
    });
    console.log(name, Object.keys(themes[name]!).length);
  } finally {
    await vscode.close();
  }
}
writeFileSync(path.join(repository, 'test/panels/themes.json'), `${JSON.stringify(themes, undefined, 2)}\n`);
