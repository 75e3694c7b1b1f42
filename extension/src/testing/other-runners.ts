/**
 * Extensions that run tests in the Testing view themselves. Where there is one for a runner, Hindcast leaves the Run buttons
 * to it, and has Record beside them.
 */
import * as vscode from 'vscode';
import type { RunnerName } from './workspace/test-model.ts';

const EXTENSIONS: Readonly<Record<RunnerName, readonly string[]>> = {
  vitest: ['vitest.explorer', 'zixuanchen.vitest-explorer'],
  jest: ['orta.vscode-jest', 'kavod-io.vscode-jest-test-adapter'],
  mocha: ['hbenl.vscode-mocha-test-adapter', 'coderline.mocha-vscode', 'ms-vscode.extension-test-runner'],
  node: ['connor4312.nodejs-testing'],
};

/** What can be recorded by the Run button has it. */
export const RUN_TAG = new vscode.TestTag('hindcast.run');

export function tagsOf(runner: RunnerName): readonly vscode.TestTag[] {
  return EXTENSIONS[runner].some((id) => vscode.extensions.getExtension(id)) ? [] : [RUN_TAG];
}
