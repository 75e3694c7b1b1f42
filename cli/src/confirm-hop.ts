/** `hindcast why --confirm`: reruns with a value of the answer changed, or with a decision turned round. */
import type { Decision } from '../../trace-runtime/src/analysis/control.ts';
import { comparedBy, literalOf } from '../../trace-runtime/src/analysis/evidence.ts';
import type { Hop } from '../../trace-runtime/src/analysis/hops.ts';
import { syntaxOf, type Traced } from '../../trace-runtime/src/analysis/traced.ts';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import type { Failure } from '../../trace-runtime/src/query/failures.ts';
import { changedSource, giveInstead, isOfRounds, isValue } from '../../trace-runtime/src/rerun/what-if.ts';
import { text, type Parsed } from './options.ts';
import { confirmationOf, proveSession, type Confirmation } from './prove.ts';
import type { Session } from './session.ts';
import { runsUntil, statementAround } from './what-if.ts';

export interface Confirmable {
  readonly traced: Traced;
  readonly stream: number;
  readonly failure: Failure;
  readonly hops: readonly Hop[];
  readonly decisions: readonly Decision[];
}

export interface HopConfirmation extends Confirmation {
  /** one sentence: what was another in the rerun */
  readonly tried: string;
}

/** `moment`: of the hop or the decision, as `why` prints it. */
export async function confirmHop(
  session: Session,
  parsed: Parsed,
  { traced, stream, failure, hops, decisions }: Confirmable,
  moment: string,
  signal: AbortSignal,
): Promise<HopConfirmation> {
  const number = Number(/^(?:\d+:)?(\d+)$/.exec(moment)?.[1] ?? Number.NaN);
  const decision = decisions.find((each) => each.moment === number && each.outcome !== undefined);
  const asked = decision ?? hops.find((each) => each.moment === number);
  if (!asked) throw usage(`--confirm takes the moment of a line of the answer; none has ${moment}.`);
  const { file } = asked;
  const syntax = syntaxOf(traced, file);
  const source = session.recording.source(file.hash);
  const node = syntax?.within(asked.start, asked.end);
  const op = node && statementAround(file, node);
  const isPart = !decision && (asked as Hop).isPart;
  const statement = op === undefined ? undefined : syntax?.within(file.code.start[op]!, file.code.end[op]!);
  if (isPart || !syntax || !node || op === undefined || !statement || source === undefined || !isValue(syntax, node))
    throw usage(`${asked.text} cannot be given another value. Try one somewhere else with \`hindcast what-if\`.`);
  if (isOfRounds(node, statement))
    throw usage(`${asked.text} decides about the rounds of a loop: no single one can be turned round.`);
  const given = decision ? `!(${syntax.text(node)})` : valueFor(traced, failure, asked as Hop, text(parsed, 'value'));
  const run = runsUntil(session, stream, file, op, asked.moment);
  const changes = [changedSource(file, source, giveInstead(syntax, node, given, { statement, run }))];
  const proved = await proveSession(session, parsed, { signal, failures: [failure], changes });
  const tried = decision ? `${asked.text} turned round` : `${given} instead of ${asked.text}`;
  return { ...confirmationOf(proved, { turns: decision !== undefined }), tried };
}

/** What the failure says that it should have been, where nobody says it. */
function valueFor(traced: Traced, { value }: Failure, hop: Hop, given: string | undefined): string {
  if (given !== undefined) return given;
  const compared = comparedBy(traced, value);
  if (compared) {
    const { exact, printed } = literalOf(compared.expected);
    if (Object.is(compared.actual, hop.value)) return exact;
    if (printed !== undefined && String(hop.value) === compared.actual) return printed;
  }
  throw usage(`The failure does not say what ${hop.text} should have been: give it with --value.`);
}
