/** `hindcast ops decisions`, `replay`, `calibration`: what the daemon decided and said, held against itself and what came. */
import type {
  CalibrationState,
  KeptPrediction,
  PredictionReplay,
  Predictions,
} from '../../../operational-loop/src/api/messages.ts';
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import { flag, parse, text, type Parsed } from '../options.ts';
import { formatTime, printJson, printLines, table } from '../output.ts';
import { daemonOf } from './ops.ts';

const OPTIONS = { data: 'text', json: 'flag', limit: 'text' } as const;

export async function decisions(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const [service] = parsed.positionals;
  const about = service === undefined ? '' : `&service=${encodeURIComponent(service)}`;
  const path = `/v1/predictions?limit=${text(parsed, 'limit') ?? '20'}${about}`;
  const found = await daemonOf(parsed).get<Predictions>(path);
  return say(parsed, found, found.predictions.length > 0 ? found.predictions.map(decisionLine) : ['No decisions yet.']);
}

/** Exit code 0: the decision comes out the same; 1: it differs, or cannot be read. */
export async function replay(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const [id] = parsed.positionals;
  if (id === undefined) throw usage('ops replay needs the number of a decision, or a recommendation that it led to.');
  const found = await daemonOf(parsed).get<PredictionReplay>(`/v1/predictions/${encodeURIComponent(id)}/replay`);
  say(parsed, found, replayLines(id, found));
  return found.state === 'same' ? 0 : 1;
}

export async function calibration(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 0);
  const found = await daemonOf(parsed).get<CalibrationState>('/v1/calibration');
  return say(parsed, found, calibrationLines(found));
}

function say(parsed: Parsed, content: object, lines: readonly string[]): number {
  if (flag(parsed, 'json')) printJson(content as Readonly<Record<string, unknown>>);
  else printLines(lines);
  return 0;
}

function decisionLine({ id, service, madeAt, proposal, chosen, reason }: KeptPrediction): string {
  return [String(id), formatTime(madeAt), service, chosen, proposal ?? '', reason].filter(Boolean).join('  ');
}

function replayLines(id: string, replayed: PredictionReplay): readonly string[] {
  switch (replayed.state) {
    case 'same':
      return [`Decision ${id} comes out the same: ${replayed.chosen}.`];
    case 'different':
      return [
        `Decision ${id} comes out otherwise: ${replayed.chosen}. These differ:`,
        ...replayed.differences.map((place) => `  ${place}`),
      ];
    case 'unreadable':
      return [`Decision ${id} cannot be made again. ${replayed.message}`];
  }
}

function calibrationLines({ kinds }: CalibrationState): readonly string[] {
  if (kinds.length === 0) return ['No probability has been given yet.'];
  return kinds.flatMap(({ kind, pending, calibration: known }) => {
    if (!known) return [`${kind}: ${pending} given; of none is it known yet whether it comes true`];
    const head = ['  given', 'count', 'mean given', 'came true', '95 % interval'];
    const rows = known.bins.map(({ from, to, count, given, happened, lower, upper }) => [
      `  ${share(from)} to ${share(to)}`,
      String(count),
      share(given),
      share(happened),
      `${share(lower)} to ${share(upper)}`,
    ]);
    return [
      `${kind}: ${known.count} came true or not, ${pending} wait; Brier score ${known.brier.toFixed(3)} (always the mean: ${known.brierOfBaseRate.toFixed(3)})`,
      ...table([head, ...rows]),
    ];
  });
}

function share(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}
