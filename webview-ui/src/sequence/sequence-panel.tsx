/** The sequence diagram: its choices, a page of it, and what differs from the run that it is compared with. */
import type { SequenceAnswer } from '../../../trace-runtime/src/model/sequence-answers.ts';
import { formatCount } from '../base/format.ts';
import { IconButton } from '../base/icons.tsx';
import { ExportButtons } from '../base/picture/export-buttons.tsx';
import { PictureView } from '../base/picture/picture-view.tsx';
import { toMermaid } from './mermaid.ts';
import { drawSequence, joined, sequenceNeighbour } from './sequence-layout.ts';
import { PAGE, type SequenceModel } from './sequence-model.ts';

export function SequencePanel({ model }: { readonly model: SequenceModel }) {
  const page = model.page.value;
  const answer = page.state === 'loaded' ? page.answer : page.state === 'loading' ? page.last : undefined;
  return (
    <div class="sequence">
      <Toolbar model={model} answer={answer} />
      <Path model={model} />
      {page.state === 'failed' && (
        <p class="sequence-note" role="alert">
          {page.error}
        </p>
      )}
      {page.state === 'loading' && (
        <div class="sequence-busy" role="status">
          <div class="progress" />
          <span class="hidden">Reading calls…</span>
        </div>
      )}
      {answer?.differences && <Legend model={model} differences={answer.differences} />}
      {answer && (answer.rows.length > 0 ? <Diagram model={model} answer={answer} /> : <Nothing model={model} />)}
    </div>
  );
}

interface AnswerProps {
  readonly model: SequenceModel;
  readonly answer: SequenceAnswer;
}

function Toolbar({ model, answer }: { readonly model: SequenceModel; readonly answer: SequenceAnswer | undefined }) {
  const cases = model.cases.value;
  const chosen = model.chosen.value;
  const compared = model.compared.value;
  const name = cases.find(({ id }) => id === chosen)?.name ?? 'the whole run';
  return (
    <div class="toolbar" role="toolbar" aria-label="Sequence diagram">
      <select aria-label="Show" value={chosen} onChange={({ currentTarget }) => model.choose(currentTarget.value)}>
        <option value="whole">Whole Run</option>
        {cases.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
      <select
        aria-label="Compare with"
        value={comparedValue(compared)}
        onChange={({ currentTarget }) => {
          const { value } = currentTarget;
          // until one is chosen it says what is so
          if (value === 'other') currentTarget.value = comparedValue(compared);
          void model.compare(value);
        }}
      >
        <option value="">Compare With…</option>
        {compared?.against.kind === 'recording' && <option value="recording">{compared.name}</option>}
        {chosen !== 'whole' &&
          cases
            .filter(({ id }) => id !== chosen)
            .map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
        <option value="other">Another Recording…</option>
      </select>
      <button
        type="button"
        class="button secondary sequence-inside"
        aria-pressed={model.inside.value}
        onClick={() => (model.inside.value = !model.inside.value)}
      >
        Calls Within Files
      </button>
      {answer && <Pages model={model} answer={answer} />}
      <div class="spring" />
      {answer && (
        <ExportButtons
          host={model.replay.host}
          title={`Calls of ${name}`}
          name="sequence"
          picture={() => joined(drawSequence(answer, undefined))}
          markdown={() => toMermaid(answer)}
        />
      )}
    </div>
  );
}

function comparedValue(compared: SequenceModel['compared']['value']): string {
  if (!compared) return '';
  const { against } = compared;
  return against.kind === 'case' ? `${against.threadId}:${against.id}` : 'recording';
}

function Pages({ model, answer: { start, rows, total } }: AnswerProps) {
  if (total <= PAGE) return null;
  const last = start + rows.length;
  return (
    <div class="group">
      <IconButton
        icon="previous"
        label="Earlier calls"
        isDisabled={start === 0}
        act={() => (model.start.value = Math.max(0, start - PAGE))}
      />
      <span class="group-name" role="status">
        {`${formatCount(start + 1)}–${formatCount(last)} of ${formatCount(total)}`}
      </span>
      <IconButton
        icon="next"
        label="Later calls"
        isDisabled={last >= total}
        act={() => (model.start.value = start + PAGE)}
      />
    </div>
  );
}

/** The calls that one looks into. */
function Path({ model }: { readonly model: SequenceModel }) {
  const inner = model.inner.value;
  if (inner.length === 0) return null;
  return (
    <nav class="sequence-path" aria-label="Calls that are looked into">
      <button type="button" class="sequence-step" onClick={() => model.goOut(0)}>
        All
      </button>
      {inner.map(({ name }, i) => (
        <span key={i}>
          {' › '}
          <button
            type="button"
            class="sequence-step"
            aria-current={i === inner.length - 1 ? 'true' : undefined}
            onClick={() => model.goOut(i + 1)}
          >
            {name}
          </button>
        </span>
      ))}
    </nav>
  );
}

interface LegendProps {
  readonly model: SequenceModel;
  readonly differences: NonNullable<SequenceAnswer['differences']>;
}

function Legend({ model, differences: { added, missing, changed } }: LegendProps) {
  const other = model.compared.value?.name ?? 'the other run';
  if (added + missing + changed === 0) return <p class="sequence-note">No call differs from {other}.</p>;
  return (
    <p class="sequence-note">
      Beside {other}: <span class="sequence-added">+ {formatCount(added)} only here</span>,{' '}
      <span class="sequence-missing">− {formatCount(missing)} only there</span>,{' '}
      <span class="sequence-changed">~ {formatCount(changed)} with other values</span>.
    </p>
  );
}

function Diagram({ model, answer }: AnswerProps) {
  const { head, body } = drawSequence(answer, model.here.value);
  const rows = answer.rows;
  const current = rows.findIndex(({ moment }) => moment !== null && moment === model.here.value);
  return (
    <div class="sequence-frame picture-frame">
      <div class="sequence-head" aria-hidden="true">
        <PictureView picture={head} label="Lifelines" neighbour={() => undefined} act={() => undefined} />
      </div>
      <PictureView
        picture={body}
        label={`Calls between ${answer.lifelines.map(({ name }) => name).join(', ')}`}
        first={current < 0 ? undefined : String(current)}
        neighbour={(id, key) => sequenceNeighbour(body, id, key)}
        act={(id) => {
          const row = rows[Number(id.replace('+', ''))];
          if (!row) return;
          if (id.endsWith('+')) model.lookInto(row);
          else model.goTo(row);
        }}
      />
      {answer.isCut && <p class="sequence-note">The run has more calls: look into one of these, or choose a case.</p>}
    </div>
  );
}

function Nothing({ model }: { readonly model: SequenceModel }) {
  return (
    <p class="sequence-note">
      No calls between files here.
      {!model.inside.value && ' Calls within files are left out.'}
    </p>
  );
}
