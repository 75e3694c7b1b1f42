/** The page of a webview: one bundle, under a policy that lets in nothing else. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** `folder`: where `BUNDLE.js` and `BUNDLE.css` are. */
export function webviewPage(webview: vscode.Webview, folder: vscode.Uri, bundle: string): string {
  const nonce = randomBytes(16).toString('base64');
  const at = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at(`${bundle}.css`)}">
<title>Hindcast</title>
</head>
<body>
<main id="panel"></main>
<script type="module" nonce="${nonce}" src="${at(`${bundle}.js`)}"></script>
</body>
</html>`;
}
