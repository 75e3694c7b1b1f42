/** Where the replay of a test begins: at its failure; else where its own code does, in it and not in its runner. */
import type { Installation } from '../installation.ts';
import type { RecordedTest } from './recorded-tests.ts';

interface EnterEvent {
  readonly moment: number;
  readonly place: { readonly path: string } | null;
}

const MOST = 20;

/** As STREAM:NUMBER. Never rejects. */
export async function beginOf(installation: Installation, test: RecordedTest, file: string): Promise<string> {
  const { recording, stream, first, last, failure } = test;
  if (failure !== undefined) return `${stream}:${failure}`;
  try {
    const range = ['--from', `${stream}:${first}`, '--to', `${stream}:${last}`, '--limit', String(MOST)];
    const found = await installation.json(['events', recording, '--kind', 'enter', ...range], undefined);
    const { events } = found as { readonly events: readonly EnterEvent[] };
    const enter = events.find(({ place }) => place?.path === file) ?? events[0];
    // The state before the next event has the test on the stack.
    if (enter) return `${stream}:${enter.moment + 1}`;
  } catch {
    // Its beginning is known without reading it.
  }
  return `${stream}:${first}`;
}
