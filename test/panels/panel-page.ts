/**
 * A panel in a browser, without VS Code: the bundle that ships, on a page with the editor's colours, connected to a real
 * debug adapter on a real recording.
 */
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findBrowser } from '../../scripts/vscode-host/browser.ts';
import type { ObjectRootAnswer } from '../../trace-runtime/src/model/object-answers.ts';
import type { OverviewAnswer } from '../../trace-runtime/src/model/panel-answers.ts';
import type { HostMessage, PanelMessage, PickedRecording, Place, Proof } from '../../webview-ui/src/messages.ts';
import { openStream, type Listener } from './event-stream.ts';
import { Ran } from './ran.ts';

export const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();

export type PanelName = 'timeline' | 'calls' | 'why' | 'sequence' | 'objects';

export const themes = JSON.parse(readFileSync(path.join(repository, 'test/panels/themes.json'), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;
/** Class names of the body, as VS Code has them. */
export const THEMES = ['vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light'] as const;
export type ThemeName = (typeof THEMES)[number];

export interface PanelOptions {
  /** undefined: nothing is replayed */
  readonly recording: string | undefined;
  readonly panel: PanelName;
  readonly theme?: ThemeName;
  readonly size?: { readonly width: number; readonly height: number };
  readonly scale?: number;
  readonly startAt?: string;
  /** what the user chooses where a panel asks for a recording */
  readonly picked?: PickedRecording;
  /** an expression where the debugger stands: the object whose graph is asked for */
  readonly object?: string;
  /** what a rerun showed */
  readonly proof?: Proof;
}

/** A debug adapter that the pages of a recording share. */
export class Adapter {
  readonly #client: DebugClient;
  readonly #listeners = new Set<Listener>();
  place: Place | undefined;

  private constructor(cwd: string) {
    this.#client = new DebugClient(path.join(repository, 'cli/bin/hindcast.cjs'), 'dap', 'hindcast', { cwd });
    this.#client.defaultTimeout = 120_000;
  }

  static async open(recording: string, startAt = 'failure'): Promise<Adapter> {
    const adapter = new Adapter(path.dirname(recording));
    const client = adapter.#client;
    await client.start();
    await client.initializeRequest({
      adapterID: 'hindcast',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
    });
    const stopped = client.waitForEvent('stopped');
    await Promise.all([client.waitForEvent('initialized'), client.launchRequest({ recording, startAt } as never)]);
    await client.configurationDoneRequest();
    await stopped;
    await adapter.#stopped();
    client.on('stopped', () => void adapter.#stopped());
    return adapter;
  }

  async #stopped(): Promise<void> {
    this.place = await this.ask<Place>('where', {});
    for (const listener of this.#listeners) listener({ kind: 'stopped', ...this.place });
  }

  async ask<T>(command: string, args: object): Promise<T> {
    return (await this.#client.customRequest(command, args)).body as T;
  }

  async setBreakpoints(file: string, lines: readonly number[]): Promise<void> {
    await this.#client.setBreakpointsRequest({ source: { path: file }, breakpoints: lines.map((line) => ({ line })) });
    for (const listener of this.#listeners) listener({ kind: 'breakpoints' });
  }

  /** Stands where the first failure begins. */
  async goToFailure(): Promise<void> {
    const { failures } = await this.ask<OverviewAnswer>('overview', {});
    const [failure] = failures;
    if (failure === undefined) return;
    const stopped = this.#client.waitForEvent('stopped');
    await this.ask('goToMoment', { moment: `${failure.threadId}:${failure.moment}` });
    await stopped;
    this.place = await this.ask<Place>('where', {});
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#client.stop();
  }
}

export class PanelPage {
  private constructor(
    readonly page: Page,
    /** undefined: nothing is replayed */
    readonly adapter: Adapter | undefined,
    /** commands that the panel had run */
    readonly ran: Ran,
    private readonly ends: readonly (() => Promise<unknown>)[],
  ) {}

  /** `adapter`: one that is there; it is left open. */
  static async open(
    options: PanelOptions,
    given: { readonly browser?: Browser; readonly adapter?: Adapter } = {},
  ): Promise<PanelPage> {
    const { recording, panel, theme = 'vscode-dark', size = { width: 1400, height: 250 }, scale = 1 } = options;
    const adapter =
      given.adapter ?? (recording === undefined ? undefined : await Adapter.open(recording, options.startAt));
    const browser =
      given.browser ?? (await chromium.launch({ executablePath: findBrowser(), args: [...browserArguments] }));
    const context = await browser.newContext({ viewport: size, deviceScaleFactor: scale });
    const page = await context.newPage();
    const ran = new Ran();
    const server = await serve(panel, theme, adapter, ran, options);
    const ends = [
      () => context.close(),
      async () => server.close(),
      ...(given.browser ? [] : [() => browser.close()]),
      ...(given.adapter || !adapter ? [] : [() => adapter.close()]),
    ];
    page.on('pageerror', (error) => console.error(error));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return new PanelPage(page, adapter, ran, ends);
  }

  readonly setTheme = async (theme: ThemeName): Promise<void> => {
    await this.page.evaluate(`applyTheme(${JSON.stringify(theme)}, ${JSON.stringify(themes[theme])})`);
    await this.settle();
  };

  /** Waits until everything was asked for and drawn. */
  async settle(): Promise<void> {
    await this.page.waitForTimeout(60);
    await this.page.waitForFunction(() => (window as unknown as { pending: number }).pending === 0);
    await this.page.waitForTimeout(60);
    await this.page.waitForFunction(() => (window as unknown as { pending: number }).pending === 0);
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }
}

/** Puts the editor's colours on the page. */
export const THEME_SHIM = `
window.applyTheme = (name, variables) => {
  const { style } = document.documentElement;
  for (const each of [...style]) style.removeProperty(each);
  for (const [each, value] of Object.entries(variables)) style.setProperty(each, value);
  document.body.className = name;
};
`;

/** What `acquireVsCodeApi` gives, over HTTP. */
const SHIM = `${THEME_SHIM}
window.pending = 0;
// what wants no answer arrives in its order
let told = Promise.resolve();
window.state = undefined;
window.acquireVsCodeApi = () => ({
  postMessage(message) {
    const isRequest = message.kind === 'request' || message.kind === 'pickRecording';
    const send = () => fetch('/message', { method: 'POST', body: JSON.stringify(message) });
    if (!isRequest) return void (told = told.then(send));
    window.pending++;
    send()
      .then((response) => response.json())
      .then((answer) => answer && window.postMessage(answer, '*'))
      .finally(() => window.pending--);
  },
  getState: () => window.state,
  setState: (state) => { window.state = state; },
});
new EventSource('/events').onmessage = ({ data }) => window.postMessage(JSON.parse(data), '*');
`;

async function serve(
  panel: PanelName,
  theme: ThemeName,
  adapter: Adapter | undefined,
  ran: Ran,
  { picked, object, proof }: Pick<PanelOptions, 'picked' | 'object' | 'proof'>,
): Promise<http.Server> {
  const events = openStream();
  const unlisten = adapter?.listen(events.send);
  const session: HostMessage = {
    kind: 'session',
    state: adapter === undefined ? 'none' : 'ready',
    id: 'one',
    name: 'Replay',
  };
  const dist = path.join(repository, 'webview-ui/dist');
  const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'">
<link rel="stylesheet" href="/${panel}.css"><title>${panel}</title></head><body><main id="panel"></main>
<script src="/shim.js"></script><script type="module" src="/${panel}.js"></script></body></html>`;
  const server = http.createServer((request, response) => {
    const { url = '/' } = request;
    const send = (type: string, content: string | Buffer): void =>
      void response.setHeader('content-type', type).end(content);
    if (url === '/') return send('text/html', page);
    if (url === '/shim.js')
      return send('text/javascript', `${SHIM}applyTheme(${JSON.stringify(theme)}, ${JSON.stringify(themes[theme])});`);
    if (url === '/events') return events.attach(response);
    if (url === '/message') return void answer(request).then((body) => send('application/json', body));
    const name = path.basename(url);
    try {
      send(name.endsWith('.css') ? 'text/css' : 'text/javascript', readFileSync(path.join(dist, name)));
    } catch {
      response.writeHead(404).end();
    }
  });

  async function answer(request: http.IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString()) as PanelMessage;
    if (message.kind === 'ready') {
      events.send(session);
      if (adapter?.place) events.send({ kind: 'stopped', ...adapter.place });
      if (proof) events.send({ kind: 'proof', proof });
      if (object !== undefined && adapter)
        events.send({
          kind: 'object',
          root: await adapter.ask<ObjectRootAnswer>('objectRoot', { expression: object }),
        });
    } else if (message.kind === 'goTo')
      void adapter?.ask('goToMoment', { moment: message.moment }).catch(() => undefined);
    else if (message.kind === 'run') ran.push(message.command);
    else if (message.kind === 'pickRecording')
      return JSON.stringify({ kind: 'response', id: message.id, body: picked ?? null });
    else if (message.kind === 'copy' || message.kind === 'save') ran.push(message.text);
    else if (message.kind === 'confirm') ran.push(`confirm ${message.what}`);
    else if (message.kind === 'replay') ran.push(`replay ${message.recording}`);
    else if (message.kind === 'open') ran.push(`${message.path}:${message.line}`);
    else {
      const { id, command, args } = message;
      try {
        return JSON.stringify({ kind: 'response', id, body: await adapter?.ask(command, args) });
      } catch (error) {
        return JSON.stringify({ kind: 'response', id, error: error instanceof Error ? error.message : String(error) });
      }
    }
    return 'null';
  }

  server.on('close', () => unlisten?.());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
