/** Tests in the extension host: the links over them, recording them, replaying what they did. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { endAll, extensionId, file, hindcast, newestRecording, place, Stops, until } from './replays.ts';

interface Link {
  readonly line: number;
  readonly title: string;
  readonly command: vscode.Command;
}

/** The links over a file, without their icons; lines from 1. */
async function links(name: string): Promise<readonly Link[]> {
  await vscode.workspace.openTextDocument(file(name));
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    file(name),
    50,
  );
  return lenses.flatMap(({ command, range }) =>
    command?.command.startsWith('hindcast.')
      ? [{ line: range.start.line + 1, title: command.title.replace(/^\$\([\w-]+\)\s*/u, ''), command }]
      : [],
  );
}

async function shown(name: string): Promise<readonly string[]> {
  return (await links(name)).map(({ line, title }) => `${line} ${title}`);
}

/** The first ones come when the file is read, which may take longer than the editor waits. */
async function untilShown(name: string, expected: readonly string[]): Promise<void> {
  await until(`links over ${name}`, async () => isDeepStrictEqual(await shown(name), expected));
}

/** Clicks on a link, once it is there. */
async function click(name: string, wanted: string): Promise<void> {
  const found = await until(wanted, async () =>
    (await links(name)).find(({ line, title }) => `${line} ${title}` === wanted),
  );
  const { command, arguments: args = [] } = found.command;
  await vscode.commands.executeCommand(command, ...(args as unknown[]));
}

interface Case {
  readonly name: string;
  readonly file: string;
  readonly outcome: string;
}

interface Made {
  readonly command: readonly string[];
  readonly exitCode: number | null;
}

/** Those of the workspace that are complete. */
function recordings(): readonly Made[] {
  const store = file('.hindcast/recordings').fsPath;
  return (existsSync(store) ? readdirSync(store) : [])
    .map((name) => path.join(store, name))
    .filter((folder) => existsSync(path.join(folder, 'manifest.json')) && isComplete(folder))
    .map((folder) => JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Made);
}

/** The cases of the newest recording that ran. */
function ran(): readonly string[] {
  const { cases } = JSON.parse(hindcast('info', newestRecording(), '--json')) as { readonly cases: readonly Case[] };
  return cases
    .filter(({ outcome }) => outcome !== 'skipped')
    .map(({ name, file: of, outcome }) => `${path.basename(of)} ${name} ${outcome}`);
}

function isComplete(recording: string): boolean {
  const manifest = JSON.parse(readFileSync(path.join(recording, 'manifest.json'), 'utf8')) as {
    readonly state: string;
  };
  return manifest.state === 'complete';
}

suite('tests', () => {
  let stops: Stops;

  suiteSetup(async () => {
    stops = new Stops();
    await vscode.extensions.getExtension(extensionId)!.activate();
  });
  suiteTeardown(() => stops.dispose());
  teardown(endAll);

  test('Record stands over tests and suites, entry points, and the scripts of a package.json', async () => {
    await vscode.window.showTextDocument(file('runners/bill.test.js'));
    await untilShown('runners/bill.test.js', ['7 Record', '8 Record', '13 Record']);
    await untilShown('shop/checkout.js', ['1 Record this file']);
    await untilShown('shop/package.json', ['7 Record', '8 Record']);
    assert.deepEqual(await shown('shop/discounts.js'), []);
  });

  test('a program that only launch configurations start has a link for each, which records it as they start it', async () => {
    const settings = vscode.workspace.getConfiguration('launch');
    const program = '${workspaceFolder}/shop/discounts.js';
    const nightly = { type: 'node', request: 'launch', name: 'Nightly', program, args: ['two words'], env: { A: 'b' } };
    await settings.update(
      'configurations',
      // what cannot be read takes no links away
      [
        { ...nightly, name: 'Broken', program: 5 },
        nightly,
        { ...nightly, name: 'Attach', request: 'attach' },
        { ...nightly, name: 'This', program: '${file}' },
      ],
      vscode.ConfigurationTarget.Workspace,
    );
    try {
      await untilShown('shop/discounts.js', ['1 Record “Nightly”']);
      // nothing fails: it asks what to do with the recording, and waits
      void click('shop/discounts.js', '1 Record “Nightly”');
      const words = ['node', file('shop/discounts.js').fsPath, 'two words'];
      const made = await until('its recording', () =>
        recordings().find(({ command }) => isDeepStrictEqual(command, words)),
      );
      assert.equal(made.exitCode, 0);
    } finally {
      await settings.update('configurations', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await untilShown('shop/discounts.js', []);
  });

  test('the setting takes them away', async () => {
    const settings = vscode.workspace.getConfiguration('hindcast');
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await shown('runners/bill.test.js'), []);
    await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
    assert.equal((await shown('runners/bill.test.js')).length, 3);
  });

  test('a test of node:test is recorded alone, and its replay begins in it', async () => {
    await click('shop/discounts.test.js', '6 Record');
    assert.deepEqual(ran(), ['discounts.test.js a coupon takes its part off the price passed']);
    const { session } = await stops.after(() => click('shop/discounts.test.js', '6 Replay (passed)'));
    assert.equal(await place(session), 'discounts.test.js:7');
  });

  test('a test of mocha is recorded without the other files of its configuration', async () => {
    await click('runners/bill.test.js', '8 Record');
    assert.deepEqual(ran(), ['bill.test.js bill adds passed']);
  });

  test('when one of several tests of a name fails, the replay stands at its throw', async () => {
    const { session, reason } = await stops.after(() => click('runners/bill.test.js', '13 Record'));
    assert.deepEqual(ran(), ['bill.test.js bill multiplies by 1 passed', 'bill.test.js bill multiplies by 2 failed']);
    assert.equal(reason, 'exception');
    assert.equal(await place(session), 'bill.test.js:14');
    await until('its outcome', async () => (await shown('runners/bill.test.js')).includes('13 Replay (failed)'));
  });

  test('the test around the cursor is recorded and replayed by commands of the palette', async () => {
    const selection = new vscode.Range(8, 0, 8, 0);
    await vscode.window.showTextDocument(file('runners/bill.test.js'), { selection });
    await vscode.commands.executeCommand('hindcast.recordTest');
    assert.deepEqual(ran(), ['bill.test.js bill adds passed']);
    const { session } = await stops.after(() => vscode.commands.executeCommand('hindcast.replayTest'));
    assert.equal(await place(session), 'bill.test.js:9');
  });

  test('the Run button of the Testing view records, too', async () => {
    await vscode.window.showTextDocument(file('shop/discounts.test.js'));
    const before = newestRecording();
    await vscode.commands.executeCommand('testing.runCurrentFile');
    await until('the recording', () => newestRecording() !== before && isComplete(newestRecording()));
    assert.deepEqual(ran(), [
      'discounts.test.js a coupon takes its part off the price passed',
      'discounts.test.js it does not matter how a coupon is written failed',
    ]);
  });

  test('what is typed and not saved has its links; it is saved before it is recorded', async () => {
    const editor = await vscode.window.showTextDocument(file('shop/discounts.test.js'));
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, `\ntest('typed', () => {});\n`));
    const { line } = await until('a link', async () =>
      (await links('shop/discounts.test.js')).find((link) => link.line === editor.document.lineCount - 1),
    );
    await click('shop/discounts.test.js', `${line} Record`);
    assert.deepEqual(ran(), ['discounts.test.js typed passed']);
    assert.match(readFileSync(file('shop/discounts.test.js').fsPath, 'utf8'), /'typed'/);
  });
});
