import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

suite('the installed extension', () => {
  test('is there, from its package and not from the repository', () => {
    const extension = vscode.extensions.getExtension('hindcast.hindcast-debugger');
    assert.ok(extension, 'it is installed');
    const folder = path.basename(extension.extensionPath);
    assert.ok(folder.startsWith('hindcast.hindcast-debugger-'), folder);
  });

  test('activates', async () => {
    const extension = vscode.extensions.getExtension('hindcast.hindcast-debugger');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
