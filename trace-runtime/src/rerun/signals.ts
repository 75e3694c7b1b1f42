/** Signals that a program's main threads heard from others than the program itself. */
import type { OutsideSignal } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import { startOf } from './recorded-turns.ts';

/** One that comes among what comes to a server. */
export interface IncomingSignal {
  /** of its thread, from 0 */
  readonly stream: number;
  readonly name: string;
  /** its place in the records of its thread */
  readonly order: number;
  /** answers of its thread that had been given before it came */
  readonly answered: number;
  /** milliseconds after what came before it */
  readonly after: number;
}

interface Heard {
  readonly name: string;
  readonly order: number;
  readonly time: number | undefined;
}

/** Of each thread, those that it is sent on its own timeline: see `boundary/serve/signals.ts`. `served`: threads that others come to. */
export function outsideSignals(
  streams: readonly ReadStream[],
  served: ReadonlySet<number>,
): readonly (readonly OutsideSignal[])[] {
  const sent = sentWithin(streams);
  return streams.map((stream, index) => {
    if (served.has(index)) return [];
    const start = startOf(stream.entries) ?? 0;
    return heardBy(stream, sent).map(({ name, time = start }) => ({ name, at: Math.max(0, time - start) }));
  });
}

/** Of threads that others come to. */
export function incomingSignals(
  streams: readonly ReadStream[],
  served: ReadonlySet<number>,
): readonly IncomingSignal[] {
  const sent = sentWithin(streams);
  return streams.flatMap((stream, index) => {
    if (!served.has(index)) return [];
    return heardBy(stream, sent).map(({ name, order, time }) => {
      const before = stream.entries.slice(0, order);
      const last = before.findLast(({ detail }) => typeof detail['time'] === 'number')?.detail['time'];
      const after = time === undefined || typeof last !== 'number' ? 0 : Math.max(0, time - last);
      return { stream: index, name, order, answered: answersIn(before), after };
    });
  });
}

function answersIn(entries: readonly BoundaryEntry[]): number {
  const asked = new Set(entries.flatMap(({ kind, detail }) => (kind === 'http.request' ? [detail['id']] : [])));
  return entries.filter(
    ({ kind, detail }) => kind === 'http.send' && detail['last'] === true && asked.has(detail['id']),
  ).length;
}

/** How often recorded code sent each signal to each process: `PID NAME`. */
function sentWithin(streams: readonly ReadStream[]): Map<string, number> {
  const sent = new Map<string, number>();
  for (const { entries } of streams)
    for (const { kind, detail } of entries) {
      if (kind !== 'signal.sent') continue;
      const key = `${String(detail['pid'])} ${String(detail['signal'])}`;
      sent.set(key, (sent.get(key) ?? 0) + 1);
    }
  return sent;
}

function heardBy({ entries }: ReadStream, sent: Map<string, number>): readonly Heard[] {
  const pid = entries.find(({ kind }) => kind === 'environment')?.detail['pid'];
  return entries.flatMap(({ kind, detail }, order) => {
    if (kind !== 'signal') return [];
    const name = String(detail['name']);
    const own = sent.get(`${String(pid)} ${name}`) ?? 0;
    if (own > 0) {
      sent.set(`${String(pid)} ${name}`, own - 1);
      return [];
    }
    const { time } = detail;
    return [{ name, order, time: typeof time === 'number' ? time : undefined }];
  });
}
