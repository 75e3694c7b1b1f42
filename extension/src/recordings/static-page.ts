/** Pages that only say something: no script runs in them, and their links are commands. */
import * as vscode from 'vscode';
import { escapeHtml } from './escape-html.ts';

/** A page with the style of recordings. `body` is HTML, `title` text. */
export function staticPage(extensionUri: vscode.Uri, webview: vscode.Webview, title: string, body: string): string {
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'extension', 'media', 'recording.css'));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource};">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${style.toString()}">
</head>
<body>${body}</body>
</html>`;
}

export function commandLink(command: string, ...args: readonly unknown[]): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
}
