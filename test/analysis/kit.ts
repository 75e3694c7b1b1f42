/** Programs recorded in this process, and questions about them. */
import { origin, asked, type Chain } from '../../trace-runtime/src/analysis/provenance.ts';
import type { Traced, Work } from '../../trace-runtime/src/analysis/traced.ts';
import { ParsedSources } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { valuePrinter } from '../../trace-runtime/src/query/print-value.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { finish, Timeline } from '../../trace-runtime/src/query/timeline.ts';
import { recordInProcess } from '../support/record-in-process.ts';

export async function trace(source: string): Promise<Traced> {
  const program = await recordInProcess(source);
  const replay = program.replay();
  const timeline = new Timeline(replay, { steps: 200 }).readAll();
  return {
    timeline,
    reader: new StateReader(replay),
    files: replay.files.slice(),
    sources: new ParsedSources(() => source),
  };
}

export function done<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Stands before the last run of the statement that begins on the line. */
export function standAtLine({ timeline, reader }: Traced, line: number): void {
  const { end } = timeline;
  const found = finish(
    timeline.backward(end!, {
      statement: ({ file }, op) => reader.place(file, file.code.start[op]!)?.line === line,
    }),
  );
  if (!found) throw new Error(`No statement of line ${line} ran.`);
}

/** Where the text first stands in the source, from 1. */
export function lineOf(source: string, text: string): number {
  const at = source.indexOf(text);
  if (at < 0) throw new Error(`The program has no ${text}.`);
  return source.slice(0, at).split('\n').length;
}

/** Why the expression has its value where the statement with `// ask` begins. */
export function ask(traced: Traced, source: string, expression: string, mark = '// ask'): Chain {
  standAtLine(traced, lineOf(source, mark));
  const call = traced.timeline.replay.stack.at(-1)!;
  return done(origin(traced, asked(traced, call, expression)!));
}

export function describe({ reader, timeline }: Traced, { hops }: Chain): string[] {
  return hops.map(({ file, start, text, kind, value, what, moment }) => {
    timeline.seekMoment(moment + 1);
    const print = valuePrinter(reader, 1).print(value, 0);
    return `${reader.place(file, start)?.line ?? '?'} ${kind} ${text} = ${print} · ${what}`;
  });
}

/** Lines of the hops, each once where several follow each other. */
export function linesOf({ reader }: Traced, { hops }: Chain): number[] {
  const lines = hops.map(({ file, start }) => reader.place(file, start)?.line ?? 0);
  return lines.filter((line, i) => line !== lines[i - 1]);
}
