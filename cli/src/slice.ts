/** `hindcast slice`: the statements that what happens at a moment depends on. */
import { sliceAt, type Slice, type SlicedStatement } from '../../trace-runtime/src/analysis/slice/slice.ts';
import { Places, type SourcePlace } from '../../trace-runtime/src/query/source-places.ts';
import { displayPath } from './display-place.ts';
import { failureJson, failureLines, failureView, placeJson, type FailureView } from './failure-view.ts';
import { flag, parse, text } from './options.ts';
import { printJson, printLines } from './output.ts';
import { openSession } from './session.ts';
import { finished, trace } from './trace.ts';

interface Line {
  readonly place: SourcePlace;
  readonly count: number;
  readonly of: number;
  readonly isEarlier: boolean;
}

export async function slice(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { json: 'flag', runs: 'flag', at: 'text' }, 1);
  const session = await openSession(parsed.positionals[0]);
  const place = session.place(text(parsed, 'at') ?? (session.failures().length > 0 ? 'failure' : 'end'));
  const traced = trace(session, place.stream);
  const { timeline, reader } = traced;
  timeline.seekMoment(Math.min(place.moment, timeline.end!.moment));
  const { moment } = timeline.position;
  const found = finished(sliceAt(traced, timeline.position));
  const places = new Places(session.recording);
  const failure = place.failure && failureView(place.failure, places);
  const lines = linesOf(found.statements, ({ file, start }) => places.of(reader, file, start));
  if (flag(parsed, 'json')) {
    const { ran, different, isOpen, from, runs } = found;
    printJson({
      recording: session.recording.folder,
      moment: { stream: place.stream, number: moment },
      failure: failure ? failureJson(failure) : null,
      from,
      complete: !isOpen,
      runs: runs.length,
      ran,
      statements: lines.map(({ place: at, count, of, isEarlier }) => ({
        place: placeJson(at),
        text: at.text?.trim() ?? null,
        count,
        of,
        earlier: isEarlier,
      })),
      different,
      ...(flag(parsed, 'runs')
        ? {
            order: runs.map(({ file, op, moment: number }) => ({
              place: placeJson(places.of(reader, file, file.code.start[op]!)),
              moment: { stream: place.stream, number },
            })),
          }
        : {}),
    });
  } else printLines(toLines(found, failure, lines));
  return 0;
}

/** By file and line: what stands on one line is one. */
function linesOf(
  statements: readonly SlicedStatement[],
  placeOf: (statement: SlicedStatement) => SourcePlace,
): readonly Line[] {
  const lines = new Map<string, Line>();
  for (const statement of statements) {
    const place = placeOf(statement);
    const key = `${place.path}:${place.line ?? 0}`;
    const known = lines.get(key);
    lines.set(key, {
      place: known?.place ?? place,
      count: Math.max(known?.count ?? 0, statement.count),
      of: Math.max(known?.of ?? 0, statement.of),
      isEarlier: statement.isEarlier && known?.isEarlier !== false,
    });
  }
  return [...lines.values()].sort(
    (a, b) => a.place.path.localeCompare(b.place.path) || (a.place.line ?? 0) - (b.place.line ?? 0),
  );
}

function toLines(found: Slice, failure: FailureView | undefined, lines: readonly Line[]): readonly string[] {
  const { runs, ran, isOpen, from } = found;
  const share = ran === 0 ? 0 : (100 * runs.length) / ran;
  const printed: string[] = [];
  let file = '';
  for (const { place, count, of, isEarlier } of lines) {
    if (place.path !== file) printed.push('', displayPath(place.path));
    file = place.path;
    const times = isEarlier ? '  (before, by its text)' : of === 1 ? '' : `  (${count} of ${of} times)`;
    printed.push(`  ${String(place.line ?? '?').padStart(5)} | ${place.text?.trim() ?? ''}${times}`);
  }
  return [
    ...(failure ? [...failureLines(failure), ''] : []),
    `${runs.length.toLocaleString('en')} of ${ran.toLocaleString('en')} statements that ran (${share.toFixed(0)} %) have a part in it:`,
    ...printed,
    ...(isOpen ? ['', `Before moment ${from.toLocaleString('en')}: all that may have set it, by its text.`] : []),
  ];
}
