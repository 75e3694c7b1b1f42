/** The panels: being written. */
import type * as vscode from 'vscode';

export function registerPanels(_context: vscode.ExtensionContext): void {}
