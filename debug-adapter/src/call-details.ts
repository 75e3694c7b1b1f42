/** What calls were given and what they gave, as short text. */
import type { CallDetailsAnswer } from '../../trace-runtime/src/model/panel-answers.ts';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { Ending, lowerBound } from '../../trace-runtime/src/query/call-log.ts';
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import { Throw } from '../../trace-runtime/src/query/overview.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import type { Value } from '../../trace-runtime/src/query/values.ts';
import type { RecordedThread } from './recorded-thread.ts';
import type { Progress } from './work.ts';

type Detail = CallDetailsAnswer['calls'][number];

const LONGEST = 120;
const NO_SITES: ReadonlySet<number> = new Set();

/**
 * Goes over the events by which the calls began and ended; whoever asks stands elsewhere afterwards. Where nobody wants
 * it any more, it gives what it has found.
 */
export function* readCallDetails(
  thread: RecordedThread,
  wanted: readonly number[],
  isUnwanted: () => boolean,
): Progress<Detail[]> {
  const { timeline } = thread;
  const { calls } = timeline.overview;
  const details = new Map<number, { -readonly [P in keyof Detail]: Detail[P] }>();
  const moments = new Set<number>();
  for (const call of wanted) {
    const spans = calls.spansOf(call);
    const [first] = spans;
    const last = spans.at(-1);
    if (first === undefined || last === undefined) continue;
    const ending = calls.endingOf(last);
    details.set(call, {
      call,
      arguments: [],
      result: ending === Ending.threw ? thrownBy(thread, calls.enter[first]!, calls.exit[last]!) : null,
    });
    moments.add(calls.enter[first]!);
    if (ending === Ending.returned) moments.add(calls.exit[last]!);
  }
  const sorted = [...moments].sort((a, b) => a - b);
  const [start] = sorted;
  const end = sorted.at(-1);
  if (start === undefined || end === undefined) return [];
  /** calls that have begun, but whose parameters that are patterns have no values yet */
  const begun = new Set<number>();
  timeline.seekMoment(start);
  yield* timeline.forward({
    sites: NO_SITES,
    moments: sorted,
    statement: (activation) => {
      if (begun.size === 0 || !begun.delete(activation.serial)) return false;
      details.get(activation.serial)!.arguments = parametersOf(thread, activation);
      return false;
    },
    event: ({ code, activation, moment, value }) => {
      if (!moments.has(moment)) return false;
      if (isUnwanted()) return true;
      const detail = activation && details.get(activation.serial);
      if (detail !== undefined) {
        if (code === EventCode.enter) {
          detail.arguments = argumentsOf(thread, activation!);
          begun.add(detail.call);
        } else if (code === EventCode.exit) detail.result = print(thread, value);
      }
      return moment === end;
    },
  });
  return [...details.values()];
}

/** As it begins. */
function argumentsOf(thread: RecordedThread, { file, site, functionScope }: Activation): Detail['arguments'] {
  const op = file.table.ops[site.firstOp];
  if (op?.k !== 'enter') return [];
  const places = file.code.parameters[site.firstOp] ?? [];
  return op.parameters.map((variable, i) => {
    const { scope, slot } = places[i]!;
    const values = scope === functionScope.scope ? functionScope.values : functionScope.parent?.values;
    return { name: file.table.variables[variable]?.name ?? '', value: print(thread, values?.[slot]) };
  });
}

/** Before its first statement: all parameters, those in patterns and with defaults too. */
function parametersOf(thread: RecordedThread, { file, functionScope }: Activation): Detail['arguments'] {
  const { scopes, variables } = file.table;
  const found: { readonly name: string; readonly value: string }[] = [];
  scopes[functionScope.scope]?.variables.forEach((variable, slot) => {
    const { kind, name } = variables[variable]!;
    if (kind === 'parameter') found.push({ name, value: print(thread, functionScope.values[slot]) });
  });
  return found;
}

/**
 * The error by which a call was left: thrown in it last, or that of a failure that began in it, else the one that is caught
 * next.
 */
function thrownBy({ timeline }: RecordedThread, enter: number, exit: number): string | null {
  const { throws } = timeline.overview;
  const failure = timeline.replay.failures.list.findLast(({ moment }) => moment > enter && moment <= exit);
  if (failure !== undefined) return `${failure.type}: ${failure.message}`.replace(/\s*\n\s*/g, ' ').slice(0, LONGEST);
  const next = lowerBound(throws.moment, exit + 1, throws.count);
  const last = next - 1;
  const isOwn = last >= 0 && throws.moment[last]! >= enter && throws.kind[last] === Throw.thrown;
  return throws.texts[isOwn ? last : next] ?? null;
}

function print({ reader }: RecordedThread, value: Value): string {
  const text = printLine(reader, 1, value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
