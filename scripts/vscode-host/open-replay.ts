/** Opens a recording in a real VS Code for a person: their desktop's, else this repository's in their browser. */
import { spawn } from 'node:child_process';
import { findDesktop, openDesktop } from './desktop.ts';
import { findOnPath } from './find-on-path.ts';
import { startServer } from './server.ts';

/** How to open: a desktop VS Code's `code`, or a browser; `noOpen` only prints the address. */
export type Opening =
  | { readonly kind: 'desktop'; readonly code: string }
  | { readonly kind: 'browser'; readonly command: string }
  | { readonly kind: 'noOpen' };

export interface ReplayToOpen {
  readonly opening: Opening;
  readonly folder: string;
  /** the recording's folder; the extension opens it when it starts */
  readonly recording: string;
  readonly vsix: string;
}

/** Undefined where there is nobody to open it for, or nothing to open it with. */
export function chooseOpening(asked: {
  readonly noOpen?: boolean | undefined;
  readonly browser?: string | undefined;
}): Opening | undefined {
  if (asked.noOpen) return { kind: 'noOpen' };
  if (asked.browser) return { kind: 'browser', command: asked.browser };
  if (!process.stdout.isTTY) return undefined;
  const code = hasDisplay() ? findDesktop() : undefined;
  if (code) return { kind: 'desktop', code };
  const command = hasDisplay() ? findOnPath(process.platform === 'darwin' ? 'open' : 'xdg-open') : undefined;
  if (command) return { kind: 'browser', command };
  console.log('There is no display to open VS Code on, so here is what it would show.');
  console.log('`npm start -- --no-open` starts it all the same, and prints its address.\n');
  return undefined;
}

/** Resolves when the person is done, and nothing is left. */
export async function openReplay({ opening, folder, recording, vsix }: ReplayToOpen): Promise<void> {
  const ended = untilInterrupted();
  const env = { HINDCAST_OPEN: recording };
  if (opening.kind === 'desktop') {
    console.log(`Opening ${folder} in VS Code (${opening.code}), with settings and extensions of its own.`);
    await openDesktop({ code: opening.code, folder, vsix, env, ended });
    return;
  }
  const server = await startServer({ folder, vsix: [vsix], env });
  try {
    console.log(`\nVS Code runs at ${server.url}\nCtrl-C ends it.`);
    if (opening.kind === 'browser') openInBrowser(opening.command, server.url);
    await ended;
  } finally {
    await server.close();
  }
}

/** The browser is the person's: it is not ended with VS Code. */
function openInBrowser(command: string, url: string): void {
  const run = spawn(command, [url], { stdio: 'ignore', detached: true });
  run.once('error', (error) => console.error(`${command} could not be started (${error.message}): open the address.`));
  run.unref();
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}
