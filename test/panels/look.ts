/**
 * `node scripts/run.mjs test/panels/look.ts --recording FOLDER --panel timeline|calls [--theme NAME|all] [--size 1400x250]
 * [--out FOLDER] [--do SCRIPT]`: pictures of a panel. `--do` runs in the page before each: `key:K`, `wheel:X,Y,DELTA`,
 * `click:X,Y`, `move:X,Y`, `text:SELECTOR=WORDS`, `select:LABEL=VALUE`, separated by spaces.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { continueInReaderNode } from '../support/reader-node.ts';
import { PanelPage, THEMES, type PanelName, type ThemeName } from './panel-page.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    recording: { type: 'string' },
    panel: { type: 'string', default: 'timeline' },
    theme: { type: 'string', default: 'vscode-dark' },
    size: { type: 'string', default: '1400x250' },
    scale: { type: 'string', default: '1' },
    out: { type: 'string', default: '/tmp/panels' },
    name: { type: 'string' },
    startAt: { type: 'string', default: 'failure' },
    picked: { type: 'string' },
    object: { type: 'string' },
    do: { type: 'string', default: '' },
  },
});
const [width = 1400, height = 250] = flags.size.split('x').map(Number);
const themes = flags.theme === 'all' ? THEMES : [flags.theme as ThemeName];
mkdirSync(flags.out, { recursive: true });
const panel = await PanelPage.open({
  recording: flags.recording,
  panel: flags.panel as PanelName,
  theme: themes[0]!,
  size: { width, height },
  scale: Number(flags.scale),
  startAt: flags.startAt,
  ...(flags.object === undefined ? {} : { object: flags.object }),
  ...(flags.picked === undefined ? {} : { picked: { recording: flags.picked, name: path.basename(flags.picked) } }),
});
const { page } = panel;
await panel.settle();
for (const step of flags.do.split(' ').filter(Boolean)) {
  const [, kind = '', rest = ''] = /^(\w+):(.*)$/.exec(step) ?? [];
  const [x = 0, y = 0, delta = 0] = rest.split(',').map(Number);
  if (kind === 'key') await page.keyboard.press(rest);
  else if (kind === 'click') await page.mouse.click(x, y);
  else if (kind === 'move') await page.mouse.move(x, y);
  else if (kind === 'wheel') {
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, delta);
  } else if (kind === 'text') {
    const [selector = '', words = ''] = rest.split('=');
    await page.fill(selector, words.replaceAll('+', ' '));
  } else if (kind === 'select') {
    const [selector = '', value = ''] = rest.split('=');
    await page.selectOption(`[aria-label="${selector.replaceAll('+', ' ')}"]`, value);
  } else if (kind === 'focus') await page.focus(rest);
  await panel.settle();
}
for (const theme of themes) {
  await panel.setTheme(theme);
  const file = path.join(flags.out, `${flags.name ?? flags.panel}-${theme.replace('vscode-', '')}.png`);
  await page.screenshot({ path: file });
  console.log(file);
}
await panel.close();
