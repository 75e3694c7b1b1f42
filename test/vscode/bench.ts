/**
 * `npm run bench:vscode [-- --json] [--vsix FILE] [--no-build]`: what the extension costs in the editor: its size, how long
 * it takes to activate, a step backward in a replay (at once after it has stopped, and beside the open panels) beside a step of
 * a debug adapter that computes nothing and one in VS Code's own JavaScript debugger, and from the click on Record to the throw of a failing test. With `--json` the last line is one object.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureActivation } from './bench/activation.ts';
import { installEmptyAdapter, startEmptyAdapter, startOwnDebugger } from './bench/own-debugger.ts';
import { measureRecord } from './bench/record.ts';
import { quantile, rounded } from './bench/statistics.ts';
import { measureSteps } from './bench/steps.ts';
import { open } from './e2e/workbench.ts';
import { cleanUpAtExit, installPackage, makePackage } from './package.ts';

const STARTS = 3;
const STEPS = 60;
const RECORDS = 5;
/** Until panels that have opened have drawn what they show. */
const SETTLE_MS = 3_000;
const THROW_LINE = 12;

cleanUpAtExit();
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, vsix: { type: 'string' }, 'no-build': { type: 'boolean' } },
});
const vsix = flags.vsix ? path.resolve(flags.vsix) : makePackage(!flags['no-build']);
process.env['HINDCAST_TEST_EXTENSIONS'] = await installPackage(vsix);

const vsixMb = rounded(statSync(vsix).size / 1024 / 1024, 2);
const { panels: withPanels, ...inEditor } = await measureInEditor();
const figures = {
  vsixMb,
  ...inEditor,
  panelStepP50Ms: withPanels.p50,
  panelStepP95Ms: withPanels.p95,
  ...(await measureEmptyAdapter()),
  ...(await measureOwnDebugger()),
  ...(await measureRecording()),
};
console.log('');
print('size of the package', figures.vsixMb, 'MB');
print(`loading, median of ${STARTS}`, figures.loadMs, 'ms');
print(`activating, median of ${STARTS}`, figures.activateMs, 'ms');
print(`a step back, median of ${STEPS}`, figures.stepP50Ms, 'ms');
print('a step back, 95 of 100 within', figures.stepP95Ms, 'ms');
print('beside the open panels, median', figures.panelStepP50Ms, 'ms');
print('beside them, 95 of 100 within', figures.panelStepP95Ms, 'ms');
print('an empty adapter, median', figures.emptyStepP50Ms, 'ms');
print('an empty one, 95 of 100 within', figures.emptyStepP95Ms, 'ms');
print("VS Code's own debugger, median", figures.ownStepP50Ms, 'ms');
print("VS Code's own, 95 of 100 within", figures.ownStepP95Ms, 'ms');
print('Record to the throw', figures.recordMs, 'ms');
print("the test's own time", figures.plainMs, 'ms');
if (flags.json) console.log(JSON.stringify(figures));

async function measureInEditor() {
  const workbench = await open('test/vscode/fixtures/steps');
  try {
    const activation = await measureActivation(workbench, STARTS);
    await workbench.openFile('steps.js');
    await workbench.palette('Hindcast: Record This File');
    await workbench.waitStopped(THROW_LINE);
    const atOnce = quantiles(await measureSteps(workbench, 'Step Back', STEPS));
    for (const panel of ['timeline', 'calls', 'why']) await workbench.webview(panel);
    await workbench.page.waitForTimeout(SETTLE_MS);
    const panels = quantiles(await measureSteps(workbench, 'Step Back', STEPS));
    return { ...activation, stepP50Ms: atOnce.p50, stepP95Ms: atOnce.p95, panels };
  } finally {
    await workbench.close();
  }
}

/** What a step costs the editor alone. */
async function measureEmptyAdapter() {
  const workbench = await open('test/vscode/fixtures/steps', { extensions: await installEmptyAdapter() });
  try {
    await startEmptyAdapter(workbench);
    const { p50, p95 } = quantiles(await measureSteps(workbench, 'Step Back', STEPS));
    return { emptyStepP50Ms: p50, emptyStepP95Ms: p95 };
  } finally {
    await workbench.close();
  }
}

/** The same steps, forward, without the extension. */
async function measureOwnDebugger() {
  const workbench = await open('test/vscode/fixtures/steps', { installed: false });
  try {
    await startOwnDebugger(workbench);
    const { p50, p95 } = quantiles(await measureSteps(workbench, 'Step Into', STEPS));
    return { ownStepP50Ms: p50, ownStepP95Ms: p95 };
  } finally {
    await workbench.close();
  }
}

async function measureRecording() {
  const workbench = await open('test/vscode/fixtures/cart', { packages: true });
  try {
    return await measureRecord(workbench, RECORDS);
  } finally {
    await workbench.close();
  }
}

function quantiles(times: readonly number[]): { readonly p50: number; readonly p95: number } {
  return { p50: rounded(quantile(times, 0.5)), p95: rounded(quantile(times, 0.95)) };
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(32)}${String(value).padStart(8)} ${unit}`);
}
