/** What an analysis works on: a stream that was read, with its files and their sources as syntax trees. */
import type { ParsedSources } from '../evaluate/parsed-source.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import type { StateReader } from '../query/state.ts';
import type { Position, Timeline } from '../query/timeline.ts';
import { Syntax } from './syntax.ts';

export interface Traced {
  readonly timeline: Timeline;
  readonly reader: StateReader;
  /** files that the stream loaded, once it was read */
  readonly files: readonly LoadedFile[];
  readonly sources: ParsedSources;
  /** the other threads and processes of the recording, where they can be looked into */
  readonly others?: { readonly own: StreamOf; readonly all: readonly StreamOf[] } | undefined;
}

/** A stream of the recording. */
export interface StreamOf {
  /** from 1 */
  readonly number: number;
  /** as people call it */
  readonly name: string;
  readonly pid: number;
  readonly threadId: number;
  /** reads it, where nobody has */
  readonly traced: () => Traced;
}

/** Work under way: gives the moment that it has come to, from time to time; in the end its result. */
export type Work<T> = Generator<Moment, T, void>;

const trees = new WeakMap<object, Syntax>();

/** undefined where the recording lacks the source, or it is no plain JavaScript */
export function syntaxOf({ sources }: Traced, file: LoadedFile): Syntax | undefined {
  const parsed = sources.of(file);
  if (!parsed) return undefined;
  let syntax = trees.get(parsed);
  if (!syntax) trees.set(parsed, (syntax = new Syntax(parsed)));
  return syntax;
}

/** The call, where it runs or waits at the moment. */
export function callOf({ timeline: { replay } }: Traced, serial: number): Activation | undefined {
  const running = replay.stack.find((act) => act.serial === serial);
  if (running) return running;
  for (const act of replay.suspended.values()) if (act.serial === serial) return act;
  return undefined;
}

/** Stands there, and gives the place that searches backward begin at. */
export function standBefore({ timeline }: Traced, moment: Moment): Position {
  timeline.seekMoment(moment);
  return timeline.position;
}
