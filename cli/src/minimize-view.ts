/** Reductions as people and programs read them. */
import { failureTitle } from '../../trace-runtime/src/analysis/shown.ts';
import type { Minimization, MinimizedInput } from '../../trace-runtime/src/rerun/minimize/minimize.ts';
import { alignReduction, type AlignedLine } from '../../trace-runtime/src/rerun/minimize/reduction-lines.ts';
import { formatBytes, formatCount, plural, table } from './output.ts';

const LINES_SHOWN = 40;
const WIDTH = 160;
const EMPTIED_SHOWN = 6;

export function toLines(result: Minimization, failures: number): readonly string[] {
  const { failure, inputs, rerun } = result;
  const title = failure.case ? `${failure.case.name}: ${failureTitle(failure)}` : failureTitle(failure);
  const others = failures > 1 ? [`  the first of ${failures} failures; RECORDING#CASE names another`] : [];
  return [
    title.split('\n', 1)[0]!,
    ...others,
    ...table(sizesOf(inputs)).map((line) => `  ${line}`),
    ...conclusion(result),
    ...inputs.flatMap(shownInput),
    ...(rerun === undefined ? [] : ['', `recording: ${rerun}`]),
  ];
}

/** Those of which something is left, and the largest of the others. */
function sizesOf(inputs: readonly MinimizedInput[]): readonly (readonly string[])[] {
  const sizes = (before: number, after: number): string => `${formatBytes(before)} → ${formatBytes(after)}`;
  const emptied = inputs.filter(({ after }) => after === 0);
  const rest = emptied.slice(EMPTIED_SHOWN);
  const shown = inputs.filter((input) => !rest.includes(input));
  const all = rest.reduce((sum, { before }) => sum + before, 0);
  return [
    ...shown.map(({ name, before, after }) => [name, sizes(before, after)]),
    ...(rest.length > 0 ? [[`${formatCount(rest.length)} others`, sizes(all, 0)]] : []),
  ];
}

function conclusion({
  ended,
  before,
  after,
  trials,
  milliseconds,
  missingSecrets,
  failure,
}: Minimization): readonly string[] {
  const effort = `in ${plural(trials, 'trial')} and ${(milliseconds / 1000).toFixed(1)} s`;
  const factor = after === 0 ? '' : ` (${plural(Math.floor(before / after), 'time')} smaller)`;
  const what = `${formatBytes(before)} → ${formatBytes(after)}${factor} ${effort}`;
  switch (ended) {
    case 'minimal':
      return [`${what}. Nothing more can be left out.`];
    case 'timeout':
      return [`${what}. The time was up: more can perhaps be left out (--timeout).`];
    case 'interrupted':
      return [`${what}. It was told to end: more can perhaps be left out.`];
    case 'not-reproduced':
      return [
        'The recorded input does not fail that way again, so nothing could be tried. `hindcast validate` says why.',
        ...missingSecrets.map((name) => `  the secret ${name} is not in the environment`),
      ];
    case 'no-input':
      return [
        `There is no recorded input to make smaller${failure.case ? ': what the test works on stands in its own code' : ''}.`,
        '  Looked at: arguments, variables of the environment that the code names, stdin, files and folders that the program',
        '  read, requests that came in, answers from the network, output of child processes.',
      ];
  }
}

function shownInput({ name, before, after, textBefore, textAfter }: MinimizedInput): readonly string[] {
  if (after === 0 || after === before || textBefore === undefined || textAfter === undefined) return [];
  const lines = alignReduction(textBefore, textAfter).flatMap(shownLine);
  const more = lines.length - LINES_SHOWN;
  return ['', name, ...lines.slice(0, LINES_SHOWN), ...(more > 0 ? [`  … and ${plural(more, 'line')} more`] : [])];
}

function shownLine(line: AlignedLine): readonly string[] {
  switch (line.kind) {
    case 'kept':
      return [`  ${clipped(line.text)}`];
    case 'gone':
      return [`  … ${plural(line.count, 'line')} left out`];
    case 'shorter':
      return [...(line.before === undefined ? [] : [`- ${clipped(line.before)}`]), `+ ${clipped(line.text)}`];
  }
}

function clipped(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}

export function toJson(recording: string, result: Minimization): Readonly<Record<string, unknown>> {
  const { failure, ended, inputs, before, after, trials, milliseconds, rerun, unmatched, missingSecrets } = result;
  const { type, message, identity } = failure;
  return {
    recording,
    case: failure.case ? { id: failure.case.id, name: failure.case.name } : null,
    failure: { type, message, identity },
    ended,
    inputs: inputs.map((input) => ({
      kind: input.kind,
      name: input.name,
      before: input.before,
      after: input.after,
      text: input.textAfter ?? null,
    })),
    before,
    after,
    trials,
    milliseconds: Math.round(milliseconds),
    unmatched: unmatched.map(({ kind, what, file, line }) => ({ kind, what, path: file ?? null, line: line ?? null })),
    missingSecrets,
    rerun: rerun ?? null,
  };
}
