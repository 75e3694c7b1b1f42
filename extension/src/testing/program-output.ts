/** What a recorded command wrote in its terminal, from its recording. */
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import type { Recorded } from '../recording/record.ts';

/** Reading a recording takes a second for some million events. */
const MOST_EVENTS = 5_000_000;
const MOST_WRITES = 5000;
const LIMIT_MS = 20_000;

interface OutputEvent {
  readonly stream: number;
  readonly descriptor?: number;
  readonly text?: string;
}

/** With the terminal's own line ends and colours. undefined where it is not known, or would take long. */
export async function outputOf(installation: Installation, { path, info }: Recorded): Promise<string | undefined> {
  if (info.events > MOST_EVENTS) return undefined;
  const source = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => source.cancel(), LIMIT_MS);
  try {
    const args = ['events', path, '--kind', 'output', '--limit', String(MOST_WRITES)];
    const { events } = (await installation.json(args, undefined, source.token)) as { events: readonly OutputEvent[] };
    // What other processes wrote has come through the first that wrote at all, or was not for the terminal.
    const first = events[0]?.stream;
    const texts = events.filter(({ stream }) => stream === first).map(({ text }) => text ?? '');
    return texts.length > 0 ? texts.join('').replaceAll(/\r?\n/g, '\r\n') : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
