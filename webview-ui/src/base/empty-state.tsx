/** What a panel says while there is nothing to draw. */
import type { ComponentChildren } from 'preact';
import type { Replay } from './replay.ts';

interface EmptyStateProps {
  readonly title: string;
  readonly replay: Replay;
  /** what the panel would show */
  readonly shows?: string;
  /** said in its place where nothing is replayed */
  readonly invitation?: string;
  readonly children: ComponentChildren;
}

/** The panel's name for those who do not see it, and what is in it. */
export function WhenReplaying(props: EmptyStateProps) {
  return (
    <>
      <h1 class="hidden">{props.title}</h1>
      <Contents {...props} />
    </>
  );
}

/** The children, where there is a recording to show. */
function Contents({ replay, shows, invitation, children }: EmptyStateProps) {
  const { state } = replay.session.value;
  const fault = replay.fault.value;
  if (state === 'none')
    return (
      <div class="empty">
        <p>{invitation ?? `Record a failing test or program, or open a recording: ${shows ?? ''}`}</p>
        <div class="empty-actions">
          <button type="button" class="button" onClick={() => replay.host.run('hindcast.record')}>
            Record…
          </button>
          <button type="button" class="button secondary" onClick={() => replay.host.run('hindcast.replay')}>
            Replay a Recording…
          </button>
        </div>
      </div>
    );
  if (fault !== undefined)
    return (
      <div class="empty" role="alert">
        <p>The recording cannot be shown. {fault}</p>
      </div>
    );
  if (replay.overview.value === undefined)
    return (
      <div class="empty" role="status">
        <div class="progress" />
        <p>{state === 'opening' ? 'The recording is being read…' : 'Looking at the recording…'}</p>
      </div>
    );
  if (replay.overview.value.threads.length === 0)
    return (
      <div class="empty">
        <p>The recording holds no thread: the program ended before any of its code ran.</p>
      </div>
    );
  return <>{children}</>;
}
