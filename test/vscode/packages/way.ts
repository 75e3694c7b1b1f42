/**
 * `npm run proof:editor [-- NAME] [-- --keep-screenshots DIR]`: the whole way in the editor, on packages of at least 5,000
 * lines from npm with a mistake put into each: the failing test is recorded by its link, the throw, the place that explains
 * it, the line is mended, and validated. Prints how long each step took.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { removeFolder } from '../../../scripts/remove-folder.ts';
import { findBrowser } from '../../../scripts/vscode-host/browser.ts';
import { withWorkbench, type Workbench } from '../e2e/workbench.ts';
import { cleanUpAtExit, installPackage, makePackage } from '../package.ts';
import { PACKAGES, type PackageCase } from './cases.ts';

interface Way {
  readonly name: string;
  /** milliseconds from the click to the editor at the throw, recording included; once more with warm caches */
  readonly record: number;
  readonly again: number;
  /** what the panel says */
  readonly sentence: string;
  /** where its link leads, as FILE:LINE */
  readonly origin: string;
  /** where "Go to Where This Value Came From" leads from the name that is asked, as FILE:LINE, and the milliseconds it took */
  readonly came?: string;
  readonly goBack?: number;
  readonly validate: number;
  readonly verdict: string;
}

const LINES = 5000;
const VERSIONS = { vitest: '^4', jest: '^30', mocha: '^12' };

cleanUpAtExit();
process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'keep-screenshots': { type: 'string' }, 'no-build': { type: 'boolean' } },
  });
  findBrowser();
  process.env['HINDCAST_TEST_EXTENSIONS'] = await installPackage(makePackage(!values['no-build']));
  const screenshots = values['keep-screenshots'];
  if (screenshots) process.env['HINDCAST_TEST_SCREENSHOTS'] = path.resolve(screenshots);
  const wanted = PACKAGES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let fixed = 0;
  for (const each of wanted) {
    try {
      const way = await go(each);
      console.log(told(way));
      if (way.verdict === 'Fixed') fixed++;
    } catch (error) {
      console.log(`${each.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`\n${fixed} of ${wanted.length} packages: fixed`);
  return wanted.length > 0 && fixed === wanted.length ? 0 : 1;
}

function told({ name, record, again, sentence, origin, came, goBack = 0, validate, verdict }: Way): string {
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  return [
    `${name}: click to throw ${seconds(record)}, again ${seconds(again)}; validate ${seconds(validate)}: ${verdict}`,
    `  ${sentence}`,
    `  its link: ${origin}`,
    ...(came === undefined ? [] : [`  the value came from: ${came} (${seconds(goBack)})`]),
  ].join('\n');
}

async function go(each: PackageCase): Promise<Way> {
  const project = prepare(each);
  try {
    let way: Way | undefined;
    await withWorkbench(
      project,
      { packages: 'own', viewport: { width: 1440, height: 960 }, settings: { 'editor.autoClosingBrackets': 'never' } },
      async (workbench) => {
        way = await walk(workbench, each);
      },
    );
    return way!;
  } finally {
    removeFolder(path.dirname(project));
  }
}

/** The package as npm has it, with the mistake and the test. */
function prepare({ name, version, runner, testFile, test, file, right, wrong }: PackageCase): string {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'hindcast-way-'));
  run('npm', ['pack', `${name}@${version}`, '--silent'], folder);
  run('tar', ['xzf', readdirSync(folder).find((entry) => entry.endsWith('.tgz'))!], folder);
  const project = path.join(folder, name);
  renameSync(path.join(folder, 'package'), project);
  // what the package is published with says nothing of how its tests run
  const published = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as {
    readonly type?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const { dependencies } = published;
  const type = testFile.endsWith('.mjs') ? 'module' : (published.type ?? 'commonjs');
  const own = { name, version, type, ...(dependencies && { dependencies }) };
  const devDependencies = runner && { [runner]: VERSIONS[runner] };
  writeFileSync(path.join(project, 'package.json'), `${JSON.stringify({ ...own, devDependencies })}\n`);
  mkdirSync(path.join(project, 'node_modules'));
  run('npm', ['install', '--no-fund', '--no-audit', '--prefer-offline'], project);
  writeFileSync(path.join(project, testFile), test);
  const source = readFileSync(path.join(project, file), 'utf8');
  if (!source.includes(right)) throw new Error(`${name} ${version} has no line ${right}.`);
  writeFileSync(
    path.join(project, file),
    source.replace(right, () => wrong),
  );
  const lines = countLines(project);
  if (lines < LINES) throw new Error(`${name} has ${lines} lines only.`);
  return project;
}

function countLines(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((entry) => /\.[cm]?[jt]s$/.test(entry) && !/\.min\.|\.d\.[cm]?ts$|^node_modules/.test(entry))
    .reduce((sum, entry) => sum + readFileSync(path.join(folder, entry), 'utf8').split('\n').length, 0);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr.slice(-500)}`);
}

async function walk(workbench: Workbench, each: PackageCase): Promise<Way> {
  const { name, testFile, test, asked, file, right, wrong } = each;
  const { page } = workbench;
  const source = readFileSync(path.join(workbench.folder, file), 'utf8');
  const { thrown } = each;
  const lines = (thrown ? readFileSync(path.join(workbench.folder, thrown.file), 'utf8') : test).split('\n');
  const throwLine =
    lines.findIndex((line) => (thrown ? line === thrown.line : /^ +(?:assert\.|expect\()/.test(line))) + 1;
  await workbench.openFile(testFile);
  const link = page.locator('.codelens-decoration a', { hasText: 'Record' }).last();
  const record = async (): Promise<number> => {
    await link.waitFor();
    const before = performance.now();
    await link.click();
    await workbench.waitStopped(throwLine);
    return performance.now() - before;
  };
  const first = await record();
  await workbench.debugAction('Stop');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await workbench.openFile(testFile);
  const again = await record();
  const panel = await workbench.webview('why');
  const sentence = (await panel.locator('.why-sentence').innerText()).replaceAll(/\s+/g, ' ');
  await workbench.screenshot(`way-${name}-throw`);
  const origin = panel.locator('.why-sentence .why-link');
  const place = (await origin.innerText()).trim();
  await origin.click();
  const line = Number(/:(\d+)/.exec(place)?.[1]);
  if (line > 0) await workbench.statusBarItem(new RegExp(`^Ln ${line}, `)).waitFor();
  await workbench.screenshot(`way-${name}-origin`);

  const came = asked === undefined ? undefined : await askedBack(workbench, throwLine, lines[throwLine - 1]!, asked);
  await workbench.screenshot(`way-${name}-came`);

  await workbench.openFile(file);
  await workbench.goToLine(source.slice(0, source.indexOf(wrong)).split('\n').length);
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText(right);
  await page
    .locator('.monaco-editor .view-line', { hasText: right.trim().slice(0, 40) })
    .first()
    .waitFor();
  const before = performance.now();
  await panel.locator('button', { hasText: 'Validate Fix' }).click();
  const verdict = panel.locator('.why-verdict');
  await verdict.waitFor();
  const validate = performance.now() - before;
  await workbench.screenshot(`way-${name}-verdict`);
  const text = (await verdict.innerText()).split('\n', 1)[0]!.trim();
  return { name, record: first, again, sentence, origin: place, ...came, validate, verdict: text };
}

/** Back at the failure, asks in the editor where the value of a name came from. */
async function askedBack(
  workbench: Workbench,
  line: number,
  text: string,
  name: string,
): Promise<{ readonly came: string; readonly goBack: number }> {
  const { page } = workbench;
  const timeline = await workbench.webview('timeline');
  await timeline.locator('.failure-button').click();
  await workbench.waitStopped(line);
  await workbench.goToLine(line);
  await page.keyboard.press('Home');
  const column = new RegExp(String.raw`\b${name}\b`).exec(text)!.index - /^\s*/.exec(text)![0].length;
  for (let right = 0; right < column; right++) await page.keyboard.press('ArrowRight');
  const moment = workbench.statusBarItem(/\b\d+:\d+\b/);
  const before = await moment.innerText();
  const began = performance.now();
  await page.keyboard.press('Alt+F12');
  const deadline = began + 60_000;
  while ((await moment.innerText()) === before && performance.now() < deadline) await page.waitForTimeout(20);
  const goBack = performance.now() - began;
  // the cursor comes after the moment
  await page.waitForTimeout(1000);
  const tab = (await page.locator('.tabs-container .tab.active').first().innerText()).replaceAll(/\s+/g, '');
  return { came: `${tab}:${await workbench.line()}`, goBack };
}
