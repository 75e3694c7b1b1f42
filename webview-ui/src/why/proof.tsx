/** The proof of a fix: what failed is run again on the code as it is now, and what that shows. */
import type { Proof, ShownReason, ShownVerdict, VerdictName } from '../messages.ts';
import { Icon, type IconName } from '../base/icons.tsx';
import { Quoting } from '../base/quoting.tsx';
import type { WhyModel } from './why-model.ts';

interface ProofProps {
  readonly model: WhyModel;
  /** of the failing case; null outside of any; undefined: the first that there is */
  readonly name: string | null | undefined;
}

const ICONS: Readonly<Record<VerdictName, IconName>> = {
  fixed: 'pass',
  'still-failing': 'fail',
  'different-failure': 'fail',
  inconclusive: 'doubt',
};

export function ValidateButton({ model, name }: ProofProps) {
  const proof = model.replay.proof.value;
  if (!proof) return null;
  return (
    <button
      type="button"
      class="button"
      disabled={proof.isRunning || !proof.isAllowed}
      title={
        proof.isAllowed
          ? 'Saves all files, and runs what failed again on the code as it is now, with the recorded input'
          : 'Nothing is run in a workspace that is not trusted'
      }
      onClick={() => model.replay.host.run('hindcast.validate', name)}
    >
      Validate Fix
    </button>
  );
}

/** Nothing before the first validation. */
export function Proven({ model, name }: ProofProps) {
  const proof = model.replay.proof.value;
  if (!proof) return null;
  const verdict = proof.verdicts.find((each) => name === undefined || each.case === name);
  return (
    <div class={proof.isRunning || verdict ? 'why-proof' : ''} role="status">
      {proof.isRunning ? (
        <Running model={model} name={name} />
      ) : (
        verdict && <Verdict model={model} proof={proof} verdict={verdict} />
      )}
    </div>
  );
}

function Running({ model, name }: ProofProps) {
  return (
    <div class="why-busy">
      <div class="progress" />
      <span>Running it again on the recorded input…</span>
      <button
        type="button"
        class="button secondary"
        onClick={() => model.replay.host.run('hindcast.cancelValidation', name ?? null)}
      >
        Cancel
      </button>
    </div>
  );
}

interface VerdictProps {
  readonly model: WhyModel;
  readonly proof: Proof;
  readonly verdict: ShownVerdict;
}

function Verdict({ model, proof, verdict }: VerdictProps) {
  const { at, isOld, isRerun, difference } = proof;
  return (
    <>
      <p class={`why-verdict ${verdict.verdict}`}>
        <Icon name={ICONS[verdict.verdict]} />
        <strong>{verdict.title}</strong>
        <span class="why-when">
          {at}
          {isOld && ', before the last edit'}
          {isRerun && '; this is the rerun'}
        </span>
      </p>
      <ul role="list" class="why-list">
        {verdict.reasons.map((reason, i) => (
          <Reason key={i} model={model} reason={reason} />
        ))}
        {difference !== null && verdict.verdict !== 'fixed' && (
          <li class="why-plain">
            The rerun (B) first differs from the failing run (A): <Quoting text={difference} />.
          </li>
        )}
      </ul>
      <Actions model={model} proof={proof} verdict={verdict} />
    </>
  );
}

function Reason({ model, reason: { text, place } }: { readonly model: WhyModel; readonly reason: ShownReason }) {
  if (!place)
    return (
      <li class="why-plain">
        <Quoting text={text} />
      </li>
    );
  return (
    <li>
      <button
        type="button"
        role="link"
        class="why-link"
        title={place.path}
        onClick={() => model.replay.host.open(place.path, place.line)}
      >
        <span class="why-place">{place.name}</span>
        <Quoting text={text} />
      </button>
    </li>
  );
}

function Actions({ model, proof, verdict }: VerdictProps) {
  const { host } = model.replay;
  const { case: name, isKept } = verdict;
  return (
    <p class="why-actions">
      {proof.hasRerun && (
        <>
          {!proof.isRerun && (
            <button type="button" class="button secondary" onClick={() => host.run('hindcast.replayRerun', name)}>
              Replay the Rerun
            </button>
          )}
          <button type="button" class="button secondary" onClick={() => host.run('hindcast.showDifference', name)}>
            Show What Differs
          </button>
        </>
      )}
      {isKept ? (
        <span class="why-when">In the corpus</span>
      ) : (
        <button type="button" class="button secondary" onClick={() => host.run('hindcast.keepFailure', name)}>
          Keep in Corpus
        </button>
      )}
    </p>
  );
}
