/** What the timeline shows, as a list: for those who do not see the picture, and for whoever likes lists better. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { TimelineAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { formatCount } from '../base/format.ts';
import { oneLine } from './draw-items.ts';
import type { TimelineModel } from './timeline-model.ts';

interface Row {
  readonly moment: number;
  readonly kind: 'case' | 'failure' | 'exception' | 'output';
  readonly text: string;
}

/** Rows that are listed. */
const MOST = 500;
const NAMES = { case: 'Case', failure: 'Failure', exception: 'Exception', output: 'Output' } as const;

export function TimelineList({ model }: { readonly model: TimelineModel }) {
  const rows = useComputed(() => rowsOf(model));
  const chosen = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const place = model.place.value;
  const shown = rows.value;
  const index = Math.min(chosen.value, shown.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  const key = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
      Home: -MOST,
      End: MOST,
    };
    const step = steps[event.key];
    if (step !== undefined) chosen.value = Math.min(shown.length - 1, Math.max(0, index + step));
    else if (event.key === 'Enter' || event.key === ' ') {
      const row = shown[index];
      if (row !== undefined) model.jumpTo(row.moment);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={list}
      class="timeline-list"
      role="listbox"
      tabIndex={0}
      aria-label="Cases, failures, exceptions and output in view"
      aria-activedescendant={shown.length > 0 ? `row-${index}` : undefined}
      onKeyDown={key}
    >
      {shown.length === 0 && (
        <div class="timeline-list-empty" role="option" aria-selected="false">
          Nothing in view
        </div>
      )}
      {shown.map(({ moment, kind, text }, i) => (
        <div
          key={`${kind} ${moment} ${i}`}
          id={`row-${i}`}
          role="option"
          aria-selected={i === index}
          class={`timeline-row ${kind}${moment === place ? ' here' : ''}`}
          onClick={() => {
            chosen.value = i;
            model.jumpTo(moment);
          }}
        >
          <span class="timeline-row-kind">{NAMES[kind]}</span>
          <span class="timeline-row-text">{text}</span>
          <span class="timeline-row-moment">{formatCount(moment)}</span>
        </div>
      ))}
    </div>
  );
}

/** By moments, of those in view. */
function rowsOf(model: TimelineModel): readonly Row[] {
  void model.news.value;
  const view = model.view.value;
  const isIn = (moment: number): boolean => moment >= view.from && moment < view.to;
  const failures = model.failures.value.filter(({ moment }) => isIn(moment));
  const failing = new Set(failures.map(({ moment }) => moment));
  const rows: Row[] = [
    ...model.cases.value
      .filter(({ first, last }) => first < view.to && last >= view.from)
      .map(({ first, name, outcome }): Row => ({ moment: first, kind: 'case', text: `${name}: ${OUTCOMES[outcome]}` })),
    ...failures.map(({ moment, type, message }): Row => ({ moment, kind: 'failure', text: `${type}: ${message}` })),
    ...itemsOf(model, ({ throws }) => throws)
      .filter(({ moment, kind }) => kind !== 'caught' && !failing.has(moment))
      .map(({ moment, text }): Row => ({ moment, kind: 'exception', text })),
    ...itemsOf(model, ({ outputs }) => outputs).map(({ moment, text }): Row => ({
      moment,
      kind: 'output',
      text: oneLine(text),
    })),
  ];
  return rows.sort((a, b) => a.moment - b.moment).slice(0, MOST);
}

const OUTCOMES = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  timedOut: 'timed out',
  unfinished: 'not finished',
} as const;

function itemsOf<T extends { readonly moment: number }>(
  model: TimelineModel,
  list: (answer: TimelineAnswer) => readonly T[] | null,
): T[] {
  return model
    .partsInView()
    .flatMap(({ answer, from, to }) =>
      (list(answer) ?? []).filter(({ moment }) => moment >= Math.floor(from) && moment < to),
    );
}
