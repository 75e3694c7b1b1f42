/** What the sections of the operations panel are made of. */
import type { ComponentChildren } from 'preact';
import type { Exemplar } from '../../../operational-loop/src/api/messages.ts';
import type { OperationsAction, Subject } from './messages.ts';
import type { OperationsModel } from './operations-model.ts';

interface SectionProps {
  /** by which it is linked to */
  readonly id: string;
  readonly title: string;
  /** said beside the title */
  readonly note?: string;
  readonly children: ComponentChildren;
}

export function Section({ id, title, note, children }: SectionProps) {
  return (
    <section id={id} class="ops-section" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <h2 id={`${id}-title`}>
        {title}
        {note !== undefined && <span class="ops-quiet"> {note}</span>}
      </h2>
      {children}
    </section>
  );
}

/** The element's id of what an alert can lead to. */
export function anchorOf({ kind, id }: Subject): string {
  return `${kind}-${id}`;
}

interface ActProps {
  readonly model: OperationsModel;
  /** where it is said what becomes of it */
  readonly at: string;
  readonly action: OperationsAction;
  /** what it is about, for those who hear the button alone */
  readonly about: string;
  readonly isSecondary?: boolean;
  readonly title?: string;
  readonly children: string;
}

/** A button that has something done. It rests while the daemon is away or the last wish is not answered. */
export function Act({ model, at, action, about, isSecondary = true, title, children }: ActProps) {
  const isBusy = model.doing.value.get(at)?.state === 'running';
  return (
    <button
      type="button"
      class={isSecondary ? 'button small secondary' : 'button small'}
      disabled={isBusy || !model.isConnected.value}
      title={title}
      aria-label={`${children}: ${about}`}
      onClick={() => void model.act(at, action)}
    >
      {children}
    </button>
  );
}

/** What becomes of what was done there. */
export function Outcome({ model, at }: { readonly model: OperationsModel; readonly at: string }) {
  const doing = model.doing.value.get(at);
  return (
    <span class={doing?.state === 'failed' ? 'ops-fault' : 'ops-quiet'} role="status">
      {doing?.text ?? ''}
    </span>
  );
}

interface ExemplarsProps {
  readonly model: OperationsModel;
  readonly exemplars: readonly Exemplar[];
}

const MOST = 3;

/** Failing and slow requests that can be replayed; the first few. */
export function Exemplars({ model, exemplars }: ExemplarsProps) {
  return (
    <>
      {exemplars.slice(0, MOST).map((exemplar) => {
        const what = exemplarText(exemplar);
        return (
          <button
            key={`${exemplar.recording}#${exemplar.case}`}
            type="button"
            class="button small secondary"
            title={`Replays ${what}`}
            aria-label={`Open Recording: ${what}`}
            onClick={() => model.host.openExemplar(exemplar)}
          >
            Open Recording
          </button>
        );
      })}
    </>
  );
}

/** `the failed request GET /pay on checkout-2: TypeError: …` */
export function exemplarText({ case: name, symptom, instance, message, milliseconds }: Exemplar): string {
  const took = milliseconds === undefined ? '' : ` in ${Math.round(milliseconds)} ms`;
  return `the ${symptom} request ${name} on ${instance}${took}${message === '' ? '' : `: ${message.split('\n', 1)[0]}`}`;
}

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

/** A name and what is known of it; in a `dl`. */
export function Fact({ name, children }: FactProps) {
  return (
    <div class="ops-fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Moves to what is shown of a subject. */
export function ShowButton({
  model,
  subject,
  about,
}: {
  readonly model: OperationsModel;
  readonly subject: Subject;
  readonly about: string;
}) {
  return (
    <button
      type="button"
      class="button small secondary"
      aria-label={`Show: ${about}`}
      onClick={() => model.show(subject)}
    >
      Show
    </button>
  );
}

/** Said in words and by a border: `page`, `drifts`. */
export function Tag({
  kind,
  children,
}: {
  readonly kind: 'bad' | 'warn' | 'good' | 'plain';
  readonly children: string;
}) {
  return <span class={`ops-tag ${kind}`}>{children}</span>;
}
