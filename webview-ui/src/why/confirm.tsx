/** Whether a suspect, a value or a decision is the cause: the program is run again with a change there. */
import { Icon } from '../base/icons.tsx';
import type { WhyModel } from './why-model.ts';

interface ConfirmProps {
  readonly model: WhyModel;
  /** FILE:LINE of a suspect, STREAM:NUMBER of a value or a decision */
  readonly what: string;
  /** of the failing case; null outside of any */
  readonly name: string | null;
  /** what is changed, for people */
  readonly title: string;
}

export function Confirm({ model, what, name, title }: ConfirmProps) {
  const proof = model.replay.proof.value;
  if (!proof) return null;
  const known = proof.confirmations.find((each) => each.what === what);
  const { host } = model.replay;
  const ask = (): void => host.confirm(what, name);
  return (
    <div class="why-confirm" role="status">
      {known?.state === 'running' && (
        <>
          <div class="progress" />
          <span>Running it again…</span>
        </>
      )}
      {known && known.state !== 'running' && (
        <span class={`why-confirmed ${known.state}`}>
          <Icon name={known.state === 'confirmed' ? 'pass' : 'doubt'} />
          {known.text}
        </span>
      )}
      {known?.rerun && (
        <button type="button" class="button secondary" onClick={() => host.replay(known.rerun!)}>
          Replay the Rerun
        </button>
      )}
      {!known && (
        <button
          type="button"
          class="button secondary"
          disabled={!proof.isAllowed || proof.isRerun}
          title={proof.isAllowed ? title : 'Nothing is run in a workspace that is not trusted'}
          aria-label={`Confirm: ${title}`}
          onClick={ask}
        >
          Confirm
        </button>
      )}
    </div>
  );
}
