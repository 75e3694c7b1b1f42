/** `hindcast minimize`: the smallest input that fails as the recorded one did, and a recording of its run. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { minimize as search, type Progress } from '../../trace-runtime/src/rerun/minimize/minimize.ts';
import { isHang } from '../../trace-runtime/src/rerun/verdict.ts';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';
import { keep } from './corpus.ts';
import { displayPath } from './display-place.ts';
import { toJson, toLines } from './minimize-view.ts';
import { flag, parse } from './options.ts';
import { formatBytes, plural, printJson, printLines } from './output.ts';
import {
  checkMayRun,
  endedBySignals,
  failuresOf,
  latestRecorded,
  RERUN_OPTIONS,
  rerunOptions,
  teller,
  timeoutOf,
} from './prove.ts';
import { openSession, Session } from './session.ts';

const OPTIONS = { keep: 'flag', expect: 'text', json: 'flag', ...RERUN_OPTIONS } as const;
const DEFAULT_TIMEOUT = 60_000;
const NOT_REPRODUCED = 3;

export async function minimize(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const session = await openSession(latestRecorded(parsed.positionals[0]));
  checkMayRun(session, parsed);
  const failures = failuresOf(session);
  if (failures.length === 0) throw session.nothingFailed();
  if (failures.every(isHang))
    throw usage('What did not end by itself cannot be minimized: every trial would have to wait for it.');
  const { recording } = session;
  const signal = endedBySignals();
  const timeout = timeoutOf(parsed) ?? DEFAULT_TIMEOUT;
  const say = teller();
  const result = await search(
    { recording, failures },
    { ...rerunOptions(session, parsed, signal), timeout },
    (progress) => say(told(progress)),
  );
  if (flag(parsed, 'json')) printJson(toJson(recording.folder, result));
  else printLines(toLines(result, failures.length));
  if (flag(parsed, 'keep') && result.rerun !== undefined) {
    const rerun = openRecording(result.rerun);
    if (!rerun.ok) throw rerun.error;
    const { folder } = keep(new Session(rerun.value, result.failure.case?.name), parsed);
    process.stderr.write(`kept: ${displayPath(folder)}\n`);
  }
  if (result.ended === 'not-reproduced') return NOT_REPRODUCED;
  return signal.aborted ? 130 : 0;
}

function told({ before, after, trials }: Progress): string {
  return `minimizing: ${formatBytes(before)} → ${formatBytes(after)}, ${plural(trials, 'trial')} (Ctrl+C keeps what was found)`;
}
