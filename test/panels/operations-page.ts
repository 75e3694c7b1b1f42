/** The operations panel in a browser, without VS Code: the bundle that ships, and the extension's relay to a real daemon. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Question } from '../../extension/src/operations/actions.ts';
import { DaemonConnection } from '../../extension/src/operations/daemon-connection.ts';
import { OperationsRelay } from '../../extension/src/operations/relay.ts';
import { browserArguments, findBrowser } from '../../scripts/vscode-host/browser.ts';
import type { OperationsHostMessage, OperationsPanelMessage } from '../../webview-ui/src/operations/messages.ts';
import { openStream } from './event-stream.ts';
import { repository, THEME_SHIM, themes, type ThemeName } from './panel-page.ts';
import { Ran } from './ran.ts';

export interface OperationsPageOptions {
  /** whose daemon it follows */
  readonly folder: string;
  readonly theme?: ThemeName;
  readonly size?: { readonly width: number; readonly height: number };
  /** what a person answers to a question; undefined: they cancel */
  readonly answer?: (question: Question) => string | undefined;
  /** one that is there; it is left open */
  readonly browser?: Browser;
}

export class OperationsPage {
  private constructor(
    readonly page: Page,
    /** what the panel had the editor do */
    readonly ran: Ran,
    readonly asked: readonly Question[],
    private readonly ends: readonly (() => unknown)[],
  ) {}

  static async open(options: OperationsPageOptions): Promise<OperationsPage> {
    const { folder, theme = 'vscode-dark', size = { width: 1400, height: 1000 }, answer = () => '' } = options;
    const ran = new Ran();
    const asked: Question[] = [];
    const connection = new DaemonConnection(
      () => [folder],
      () => true,
      { look: 200, mostWait: 1000, silence: 30_000, answer: 30_000 },
    );
    const relay = new OperationsRelay(connection, {
      user: 'a person',
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answer(question));
      },
      run: (command) => void ran.push(command),
      openExemplar: (exemplar) => void ran.push(`${exemplar.recording}#${exemplar.case}`),
      openRecording: (recording) => void ran.push(recording),
    });
    connection.begin();
    const server = await serve(relay, theme);
    const browser =
      options.browser ?? (await chromium.launch({ executablePath: findBrowser(), args: [...browserArguments] }));
    const page = await browser.newPage({ viewport: size });
    page.on('pageerror', (error) => console.error(error));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const ends = [
      () => page.close(),
      ...(options.browser ? [] : [() => browser.close()]),
      () => server.closeAllConnections(),
      () => server.close(),
      () => connection.dispose(),
    ];
    return new OperationsPage(page, ran, asked, ends);
  }

  readonly setTheme = async (theme: ThemeName): Promise<void> => {
    await this.page.evaluate(`applyTheme(${JSON.stringify(theme)}, ${JSON.stringify(themes[theme])})`);
    await this.page.waitForTimeout(200);
  };

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }
}

/** What `acquireVsCodeApi` gives, over HTTP. */
const SHIM = `${THEME_SHIM}
window.state = undefined;
let told = Promise.resolve();
window.acquireVsCodeApi = () => ({
  postMessage(message) { told = told.then(() => fetch('/message', { method: 'POST', body: JSON.stringify(message) })); },
  getState: () => window.state,
  setState: (state) => { window.state = state; },
});
new EventSource('/events').onmessage = ({ data }) => window.postMessage(JSON.parse(data), '*');
`;

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'">
<link rel="stylesheet" href="/operations.css"><title>operations</title></head><body><main id="panel"></main>
<script src="/shim.js"></script><script type="module" src="/operations.js"></script></body></html>`;

async function serve(relay: OperationsRelay, theme: ThemeName): Promise<http.Server> {
  const events = openStream<OperationsHostMessage>();
  const following = relay.follow(events.send);
  const dist = path.join(repository, 'webview-ui/dist');
  const server = http.createServer((request, response) => {
    const { url = '/' } = request;
    const send = (type: string, content: string | Buffer): void =>
      void response.setHeader('content-type', type).end(content);
    if (url === '/') return send('text/html', PAGE);
    if (url === '/shim.js')
      return send('text/javascript', `${SHIM}applyTheme(${JSON.stringify(theme)}, ${JSON.stringify(themes[theme])});`);
    if (url === '/events') return events.attach(response);
    if (url === '/message') {
      response.end();
      return void messageOf(request).then((message) => relay.hear(message, events.send));
    }
    const name = path.basename(url);
    try {
      send(name.endsWith('.css') ? 'text/css' : 'text/javascript', readFileSync(path.join(dist, name)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.on('close', () => following.dispose());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function messageOf(request: http.IncomingMessage): Promise<OperationsPanelMessage> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as OperationsPanelMessage;
}
