/** `hindcast events --log FILE:LINE EXPR`: what an expression was, each time that a line began. */
import path from 'node:path';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { Evaluator } from '../../trace-runtime/src/evaluate/evaluator.ts';
import { timeZoneOf } from '../../trace-runtime/src/store/time-zone.ts';
import { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import type { Activation, LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import { jsonValues } from '../../trace-runtime/src/query/json-value.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { statementsIn } from '../../debug-adapter/src/breakpoints.ts';
import { rangeOf } from './events.ts';
import { findInstallation } from './installation.ts';
import { flag, type Parsed } from './options.ts';
import { write } from './output.ts';
import { openSession, type Session } from './session.ts';

/** Prints as it goes; with `--json` an object a line. */
export async function log(parsed: Parsed, place: string): Promise<number> {
  const { positionals } = parsed;
  const expression = positionals.at(-1);
  const [, file, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(place) ?? [];
  if (file === undefined || expression === undefined)
    throw usage(
      '--log takes FILE:LINE or FILE:LINE:COLUMN, and then an expression: hindcast events --log cart.js:12 "total".',
    );
  const session = await openSession(positionals.length > 1 ? positionals[0] : undefined);
  const isAllowed = flag(parsed, 'allow-evaluate') || session.recording.manifest.imported !== true;
  const sandbox = isAllowed
    ? new Sandbox({ folder: findInstallation().runtime, timeZone: timeZoneOf(session.recording) })
    : undefined;
  const hits = logStreams(session, parsed, {
    file,
    line: Number(line),
    column: Number(column ?? 1),
    expression,
    sandbox,
  });
  sandbox?.end();
  if (hits === undefined)
    throw usage(
      `The recording has no statement at or below line ${line} of ${file}: \`hindcast info\` names its files.`,
    );
  return 0;
}

interface Wanted {
  readonly file: string;
  readonly line: number;
  /** from 1 */
  readonly column: number;
  readonly expression: string;
  readonly sandbox: Sandbox | undefined;
}

/** How often the line began; undefined where the recording has no such line. */
function logStreams(session: Session, parsed: Parsed, wanted: Wanted): number | undefined {
  const { recording } = session;
  const places = new Places(recording);
  const { from, to } = rangeOf(session, parsed);
  const isJson = flag(parsed, 'json');
  let hits: number | undefined;
  for (let stream = from.stream; stream <= to.stream; stream++) {
    const replay = session.open(stream);
    const reader = new StateReader(replay);
    const { startedAt } = recording.streams[stream - 1]?.hello ?? {};
    const evaluator = new Evaluator(replay, reader, recording.source, startedAt);
    const known = new Map<LoadedFile, { readonly ops: ReadonlySet<number>; readonly shown: string }>();
    const print = (call: Activation, shown: string): void => {
      const evaluated = evaluator.evaluate(call, wanted.expression, {
        sandbox: wanted.sandbox,
        forbidden: 'This recording was imported: --allow-evaluate lets its code run.',
        fresh: false,
      });
      const moment = `${stream}:${replay.moment}`;
      if (isJson) {
        const values = jsonValues('reader' in evaluated ? evaluated.reader : reader);
        const told =
          'fault' in evaluated
            ? { fault: evaluated.fault }
            : { value: values.value(evaluated.value), objects: values.objects() };
        write(`${JSON.stringify({ version: 1, moment, place: shown, ...told })}\n`);
      } else {
        const value = 'fault' in evaluated ? `‹${evaluated.fault}›` : printLine(evaluated.reader, 2, evaluated.value);
        write(`${moment.padEnd(10)} ${value}  ${shown}\n`);
      }
    };
    replay.onStatement((call, op) => {
      const { file } = call;
      let at = known.get(file);
      if (at === undefined) {
        const all = statementsIn(places, reader, file).filter((each) => isFile(each.path, wanted.file));
        const [first] = all
          .filter(({ line, column }) => line > wanted.line || (line === wanted.line && column >= wanted.column))
          .sort((a, b) => a.line - b.line || a.column - b.column);
        const ops = all
          .filter(({ line, column }) => line === first?.line && column === first.column)
          .map((each) => each.op);
        const shown = wanted.column > 1 ? `${first?.line}:${first?.column}` : String(first?.line);
        known.set(file, (at = { ops: new Set(ops), shown: `${wanted.file}:${shown}` }));
        if (ops.length > 0) hits ??= 0;
      }
      if (!at.ops.has(op) || (stream === from.stream && replay.moment < from.moment)) return;
      hits = (hits ?? 0) + 1;
      print(call, at.shown);
    });
    replay.runTo(stream === to.stream ? to.moment : Infinity);
  }
  return hits;
}

/** A path as people name it: whole, from the working folder, or its end. */
function isFile(file: string, named: string): boolean {
  return file === named || file === path.resolve(process.cwd(), named) || file.endsWith(`/${named}`);
}
