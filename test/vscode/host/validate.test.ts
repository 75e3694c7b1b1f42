/** Tests in the extension host: validation on save, what a cancelled one leaves, what reruns are to the list. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { endAll, extensionId, file, hindcast, until } from './replays.ts';

interface Listed {
  readonly id: string;
  readonly path: string;
  readonly rerunOf: string | null;
}

function recordings(): readonly Listed[] {
  return (JSON.parse(hindcast('list', '--json')) as { readonly recordings: readonly Listed[] }).recordings;
}

/** Writes a program into a folder of its own, and records it as it fails. */
function recordFailing(name: string, text: string): string {
  const program = file(`proofs/${name}`).fsPath;
  mkdirSync(path.dirname(program), { recursive: true });
  writeFileSync(program, text);
  const extension = vscode.extensions.getExtension(extensionId)!;
  const cli = path.join(extension.extensionPath, 'cli', 'dist', 'hindcast.cjs');
  const args = [cli, 'record', '--out', file('.hindcast/recordings').fsPath, '--', 'node', name];
  const run = spawnSync(process.execPath, args, { cwd: path.dirname(program), encoding: 'utf8' });
  assert.equal(run.status, 1, run.stderr);
  return /^recording: (.+)$/m.exec(run.stderr)![1]!;
}

/** Whether a process whose command line holds this lives. */
function runs(text: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}

async function edit(name: string, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file(`proofs/${name}`));
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(change));
  await until('the edit', () => document.isDirty);
}

suite('the proof of a fix', () => {
  const settings = vscode.workspace.getConfiguration('hindcast');

  suiteSetup(async () => {
    await vscode.extensions.getExtension(extensionId)!.activate();
  });
  suiteTeardown(() => vscode.workspace.fs.delete(file('proofs'), { recursive: true }));
  teardown(endAll);

  test('files are saved, and the rerun is one of the recording', async () => {
    const recording = recordFailing('sum.js', 'if (1 + 1 !== 3) throw new RangeError(`no sum`);\n');
    await edit('sum.js', 'if (1 + 1 !== 2) throw new RangeError(`no sum`);\n');
    await vscode.commands.executeCommand('hindcast.validate', recording);
    assert.match(readFileSync(file('proofs/sum.js').fsPath, 'utf8'), /!== 2/);
    const [rerun] = recordings();
    assert.equal(rerun?.rerunOf, path.basename(recording));
    assert.deepEqual(JSON.parse(hindcast('info', rerun!.path, '--json')).failures, []);
  });

  test('what is proven to be fixed is no problem any more', async () => {
    const uri = file('proofs/once.js');
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('const n = 1;\nif (n + 1 !== 3) throw new RangeError(`no`);\n'),
    );
    const problems = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Hindcast');
    void vscode.commands.executeCommand('hindcast.recordFile', uri);
    await until('a problem', () => problems().length > 0);
    assert.equal(problems()[0]?.message, 'RangeError: no');
    const recording = recordings()[0]!.path;
    await until('its replay', () => vscode.debug.activeDebugSession !== undefined);
    await endAll();
    await vscode.commands.executeCommand('hindcast.validate', recording);
    assert.equal(problems().length, 1);
    await edit('once.js', 'const n = 2;\nif (n + 1 !== 3) throw new RangeError(`no`);\n');
    await vscode.commands.executeCommand('hindcast.validate', recording);
    await until('an empty list of problems', () => problems().length === 0);
  });

  test('what a cancelled validation runs ends with it', async () => {
    const recording = recordFailing('hangs-for-ever.js', 'throw new RangeError(`no end`);\n');
    await edit('hangs-for-ever.js', 'setInterval(() => undefined, 1000);\n');
    const validated = vscode.commands.executeCommand('hindcast.validate', recording);
    await until('the rerun', () => runs('hangs-for-ever.js'));
    await vscode.commands.executeCommand('hindcast.cancelValidations');
    await validated;
    await until('the end of what ran', () => !runs('hangs-for-ever.js'));
  });

  test('nothing is run on save, unless the setting is on; then what the latest failing recording knows is', async () => {
    const recording = recordFailing('saved.js', 'throw new TypeError(`at once`);\n');
    const reruns = (): number => recordings().filter(({ rerunOf }) => rerunOf === path.basename(recording)).length;
    await edit('saved.js', 'console.log(`no more`);\n');
    await vscode.workspace.saveAll();
    await settings.update('validateOnSave', true, vscode.ConfigurationTarget.Workspace);
    try {
      assert.equal(reruns(), 0);
      await edit('saved.js', 'console.log(`any more`);\n');
      await vscode.workspace.saveAll();
      await until('a rerun', () => reruns() === 1);
      await until('its end', () => !runs('saved.js'));
    } finally {
      await settings.update('validateOnSave', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
