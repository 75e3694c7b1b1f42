/** Recording and replaying in the extension host. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { removeFolder } from '../../../scripts/remove-folder.ts';
import {
  children,
  endAll,
  extensionId,
  file,
  hindcast,
  newestRecording,
  place,
  shown,
  Stops,
  until,
} from './replays.ts';

const launch = (more: object) => ({ type: 'hindcast', request: 'launch', name: 'A replay', ...more });
const start = (more: object = {}) => vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], launch(more));

const VARIABLES = `# what the program needs
PLAIN=a # not this
  SPACED = b
export EXPORTED=c
QUOTED="d # this"
SINGLE='e "f"'
LINES="first
second"
ESCAPED="g\\nh"
EMPTY=
SAID=by the file
`;
const WANTED = {
  PLAIN: 'a',
  SPACED: 'b',
  EXPORTED: 'c',
  QUOTED: 'd # this',
  SINGLE: 'e "f"',
  LINES: 'first\nsecond',
  ESCAPED: 'g\nh',
  EMPTY: '',
  SAID: 'by the configuration',
};
const READS_VARIABLES = `
for (const [name, value] of Object.entries(require('./wanted.json')))
  if (process.env[name] !== value) throw new Error(name + ' is ' + JSON.stringify(process.env[name]));
throw new Error('the variables are there');
`;

const ADDER = `module.exports = (a, b) => {
  return a + b.count();
};
`;

suite('replays', () => {
  let stops: Stops;

  suiteSetup(async () => {
    stops = new Stops();
    await vscode.extensions.getExtension(extensionId)!.activate();
  });
  suiteTeardown(() => stops.dispose());
  teardown(endAll);

  test('every command of the manifest is there', async () => {
    const { contributes } = vscode.extensions.getExtension(extensionId)!.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  test('a configuration with a program records it and stands at its throw', async () => {
    const stop = await stops.after(() => start({ program: file('shop/checkout.js').fsPath, cwd: file('shop').fsPath }));
    assert.equal(stop.reason, 'exception');
    assert.equal(stop.text, 'RangeError: order A-2 has no valid total: NaN');
    assert.equal(await place(stop.session), 'checkout.js:12');
  });

  test('a configuration without attributes replays the newest recording', async () => {
    const { session } = await stops.after(() => start());
    assert.equal(session.configuration['recording'], newestRecording());
    assert.equal(await place(session), 'checkout.js:12');
  });

  test('a configuration that says where to start begins there', async () => {
    const { session, reason } = await stops.after(() => start({ startAt: 'entry' }));
    assert.equal(reason, 'entry');
    assert.equal(await place(session), 'checkout.js:2');
  });

  test('a configuration with a file of variables gives them to the program, after those that it says itself', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-variables-'));
    try {
      writeFileSync(path.join(folder, '.env'), VARIABLES);
      writeFileSync(path.join(folder, 'wanted.json'), JSON.stringify(WANTED));
      writeFileSync(path.join(folder, 'variables.js'), READS_VARIABLES);
      const program = path.join(folder, 'variables.js');
      const env = { SAID: 'by the configuration' };
      const stop = await stops.after(() => start({ program, cwd: folder, envFile: '.env', env }));
      assert.equal(stop.text, 'Error: the variables are there');
      assert.equal(await place(stop.session), 'variables.js:4');
    } finally {
      removeFolder(folder);
    }
  });

  test('a configuration says how much is recorded: at another level, and the steps of a package', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-options-'));
    try {
      mkdirSync(path.join(folder, 'node_modules/adder'), { recursive: true });
      writeFileSync(path.join(folder, 'node_modules/adder/index.js'), ADDER);
      const program = path.join(folder, 'adds.js');
      writeFileSync(program, `const add = require('adder');\nadd(1, add);\n`);
      for (const [options, at] of [
        [{}, 'adds.js:2'],
        [{ level: 'light' }, 'adds.js:2'],
        [{ include: ['**/node_modules/adder/**'] }, 'index.js:2'],
        [{ dependencies: 'steps' }, 'index.js:2'],
      ] as const) {
        const stop = await stops.after(() => start({ program, cwd: folder, ...options }));
        assert.equal(stop.text, 'TypeError: b.count is not a function', JSON.stringify(options));
        assert.equal(await place(stop.session), at, JSON.stringify(options));
        await endAll();
      }
    } finally {
      removeFolder(folder);
    }
  });

  test('a file of variables that is not there starts nothing', async () => {
    const before = newestRecording();
    assert.equal(await start({ program: file('shop/checkout.js').fsPath, envFile: 'nothing.env' }), false);
    assert.equal(newestRecording(), before);
    assert.equal(vscode.debug.activeDebugSession, undefined);
  });

  test('a recording that is not there is refused in a sentence', async () => {
    // VS Code shows the sentence in a dialog, which it does not do in tests: it says so, with the sentence
    const error = await Promise.resolve(start({ recording: file('nothing.hindcast').fsPath })).then(
      () => '',
      (reason: unknown) => String(reason),
    );
    assert.match(error, /There is no recording .*nothing\.hindcast/);
  });

  test('steps backward, into calls backward, and out of them', async () => {
    const { session } = await stops.after(() => start());
    await shown();
    const go = async (command: string) => {
      const before = vscode.debug.activeStackItem;
      await stops.after(() => vscode.commands.executeCommand(command));
      await shown(before);
      return place(session);
    };
    assert.equal(await go('workbench.action.debug.stepBack'), 'checkout.js:12');
    assert.equal(await go('workbench.action.debug.stepBack'), 'checkout.js:11');
    assert.equal(await go('hindcast.reverseInto'), 'discounts.js:17');
    assert.equal(await go('hindcast.reverseOut'), 'checkout.js:10');
    assert.equal(await go('workbench.action.debug.stepOver'), 'checkout.js:11');
    // before the first line, where no frame is
    const { reason } = await stops.after(() =>
      vscode.commands.executeCommand('workbench.action.debug.reverseContinue'),
    );
    assert.equal(reason, 'entry');
  });

  test('goes to where a value came from, and to its changes', async () => {
    const { session } = await stops.after(() => start());
    await vscode.window.showTextDocument(file('shop/checkout.js'));
    const editor = await until('the editor', () => vscode.window.activeTextEditor);
    const stand = (line: number, text: string): void => {
      const column = editor.document.lineAt(line - 1).text.indexOf(text);
      editor.selection = new vscode.Selection(line - 1, column + 1, line - 1, column + 1);
    };
    await shown();
    stand(11, 'off;');
    await stops.after(() => vscode.commands.executeCommand('hindcast.goToOrigin'));
    assert.equal(await place(session), 'checkout.js:10');
    await stops.after(() => vscode.commands.executeCommand('hindcast.goToMoment', '1:end'));
    assert.equal(stops.all.at(-1)?.reason, 'goto');
  });

  test('two sessions at once move by themselves', async () => {
    const first = await stops.after(() => start());
    const second = await stops.after(() => start({ startAt: 'entry' }));
    assert.notEqual(first.session.id, second.session.id);
    await stops.after(() => Promise.resolve(first.session.customRequest('stepBack', { threadId: 1 })));
    await stops.after(() => Promise.resolve(first.session.customRequest('stepBack', { threadId: 1 })));
    assert.equal(await place(first.session), 'checkout.js:11');
    assert.equal(await place(second.session), 'checkout.js:2');
    await vscode.debug.stopDebugging(first.session);
    assert.equal(await place(second.session), 'checkout.js:2');
    await vscode.debug.stopDebugging(second.session);
  });

  test('a portable file opens in its editor, and replays', async () => {
    const portable = file('run.hindcast');
    rmSync(portable.fsPath, { force: true });
    hindcast('export', newestRecording(), portable.fsPath);
    const stop = await stops.after(() => vscode.commands.executeCommand('vscode.open', portable));
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ input }) => input);
    assert.ok(
      tabs.some((input) => input instanceof vscode.TabInputCustom && input.viewType === 'hindcast.recording'),
      String(activeTab?.label),
    );
    assert.equal(await place(stop.session), 'checkout.js:12');
  });

  test('a failure that was recorded is a problem at its throw', async () => {
    await stops.after(() => vscode.commands.executeCommand('hindcast.recordFile', file('shop/checkout.js')));
    const [problem] = vscode.languages
      .getDiagnostics(file('shop/checkout.js'))
      .filter(({ source }) => source === 'Hindcast');
    assert.equal(problem?.message, 'RangeError: order A-2 has no valid total: NaN');
    assert.equal(problem.range.start.line, 11);
  });

  test('a problem has a quick fix that replays to its failure', async () => {
    const uri = file('shop/checkout.js');
    await stops.after(() => vscode.commands.executeCommand('hindcast.recordFile', uri));
    await endAll();
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      new vscode.Range(11, 0, 11, 0),
      vscode.CodeActionKind.QuickFix.value,
    );
    const action = actions.find(({ title }) => title === 'Replay to This Failure');
    const { command, arguments: given = [] } = action?.command ?? {};
    assert.ok(command, actions.map(({ title }) => title).join());
    const stop = await stops.after(() => vscode.commands.executeCommand(command, ...given));
    assert.equal(await place(stop.session), 'checkout.js:12');
  });

  test('a link over a test records it and stands at its throw', async () => {
    const uri = file('cart/src/cart.test.ts');
    await vscode.window.showTextDocument(uri);
    const link = await until('a link over the failing test', async () => {
      const links = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
      return links.find(({ range, command }) => range.start.line === 8 && command?.command === 'hindcast.recordTest')
        ?.command;
    });
    const stop = await stops.after(() => vscode.commands.executeCommand(link.command, ...(link.arguments ?? [])));
    assert.match(stop.text, /expected 4000 to be 3400/);
    assert.equal(await place(stop.session), 'cart.test.ts:13');
  });

  test('the extension host goes on while a long recording is opened and a watch loops for ever', async () => {
    const long = file('long.js').fsPath;
    writeFileSync(
      long,
      'let seen = {};\nfor (let i = 0; i < 400_000; i++) seen = { i, last: seen.i };\nthrow new Error(String(seen.i));\n',
    );
    hindcastRecord(long);
    const lags: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      lags.push(now - last - 10);
      last = now;
    }, 10);
    const { session } = await stops.after(() => start());
    const endless = session.customRequest('evaluate', { expression: '(() => { for (;;); })()', context: 'watch' });
    await assert.rejects(Promise.resolve(endless), /2 s|time|limit/i);
    clearInterval(timer);
    const sorted = lags.sort((a, b) => a - b);
    console.log(
      `      lag of the extension host: p95 ${Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0)} ms of ${lags.length} looks`,
    );
    assert.ok((sorted[Math.floor(sorted.length * 0.95)] ?? 0) < 50);
  });

  test('nothing is left of sessions that ended', async () => {
    await stops.after(() => start());
    assert.ok(children().some((line) => line.includes(' dap')));
    await endAll();
    await until('the end of the adapters', () => !children().some((line) => / dap$|sandbox/.test(line)));
  });
});

function hindcastRecord(program: string): void {
  try {
    hindcast('record', '--', process.execPath, program);
  } catch {
    // it throws, and so does the command that records it
  }
}
