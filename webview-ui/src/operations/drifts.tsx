/** Drifts: how far, what says so, and what they look like that was seen before. */
import type { DriftState, OperationsState, Signatures } from '../../../operational-loop/src/api/messages.ts';
import type { DriftEvidence, SignatureMatch } from '../../../operational-loop/src/model/drift.ts';
import type { OperationsModel } from './operations-model.ts';
import { Act, anchorOf, Exemplars, Outcome, Section, Tag } from './parts.tsx';
import { driftTitle, driftWords, rarityText, saturationText, shiftText } from './selectors.ts';
import { formatDuration, formatTime } from './times.ts';
import { formatNumber, inUnit, isSignal, measureOfMetric } from './units.ts';

interface DriftsProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
}

const MOST_EVIDENCE = 5;
const MOST_MATCHES = 3;

export function Drifts({ model, state }: DriftsProps) {
  const open = state.drifts.filter(({ endedAt }) => endedAt === undefined);
  const ended = state.drifts.filter(({ endedAt }) => endedAt !== undefined);
  return (
    <Section
      id="drifts"
      title="Drift"
      note={open.length === 0 ? 'none: instances are like their peers and their past' : `${open.length} open`}
    >
      {open.map((drift) => (
        <DriftCard key={drift.id} model={model} state={state} drift={drift} />
      ))}
      {ended.length > 0 && (
        <details>
          <summary>{ended.length} ended</summary>
          {ended.map((drift) => (
            <DriftCard key={drift.id} model={model} state={state} drift={drift} />
          ))}
        </details>
      )}
    </Section>
  );
}

function DriftCard({ model, state, drift }: DriftsProps & { readonly drift: DriftState }) {
  const { id, since, endedAt, rarity, exemplars, nearest, evidence, heading, metric } = drift;
  const when =
    endedAt === undefined
      ? `since ${formatTime(since, state.time)}, for ${formatDuration(state.time - since)}`
      : `${formatTime(since, state.time)} to ${formatTime(endedAt, state.time)}`;
  return (
    <article id={anchorOf({ kind: 'drift', id })} class="ops-card" tabIndex={-1} aria-label={driftTitle(drift)}>
      <div class="ops-card-head">
        <h3>{driftTitle(drift)}</h3>
        <div class="ops-actions">
          <Exemplars model={model} exemplars={exemplars} />
          {isSignal(metric) && (
            <button
              type="button"
              class="button small secondary"
              aria-label={`Show Chart: ${driftTitle(drift)}`}
              onClick={() => model.chart(drift.service, metric)}
            >
              Show Chart
            </button>
          )}
        </div>
      </div>
      <p>
        {driftWords(drift)}, {when}; {rarityText(rarity)}.
      </p>
      {heading && <p>{saturationText(heading)} Its peers are not on their way there.</p>}
      <Evidence evidence={evidence} />
      <Shifts evidence={evidence} />
      <Matches model={model} matches={nearest} />
    </article>
  );
}

function Evidence({ evidence }: { readonly evidence: readonly DriftEvidence[] }) {
  if (evidence.length === 0) return null;
  return (
    <table class="ops-small">
      <caption class="hidden">What says so</caption>
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col" class="number">
            Is
          </th>
          <th scope="col" class="number">
            Expected
          </th>
          <th scope="col">Unit</th>
          <th scope="col" class="number" title="robust standard deviations away from what is usual">
            Deviation σ
          </th>
        </tr>
      </thead>
      <tbody>
        {evidence.slice(0, MOST_EVIDENCE).map(({ metric, value, expected, deviation }) => {
          const measure = measureOfMetric(metric);
          return (
            <tr key={metric}>
              <th scope="row">{measure.label}</th>
              <td class="number">{inUnit(measure, value)}</td>
              <td class="number">{inUnit(measure, expected)}</td>
              <td>{measure.unit}</td>
              <td class="number">
                {deviation > 0 ? '+' : ''}
                {formatNumber(deviation).replace('-', '−')}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** How distributions differ from those before, where they were compared. */
function Shifts({ evidence }: { readonly evidence: readonly DriftEvidence[] }) {
  const compared = evidence.filter(({ shift }) => shift !== undefined).slice(0, MOST_MATCHES);
  if (compared.length === 0) return null;
  return (
    <ul role="list" class="ops-list">
      {compared.map(({ metric, shift }) => (
        <li key={metric}>
          {measureOfMetric(metric).label}: {shiftText(shift!)}
        </li>
      ))}
    </ul>
  );
}

function Matches({ model, matches }: { readonly model: OperationsModel; readonly matches: readonly SignatureMatch[] }) {
  const known = model.signatures.answer.value?.signatures ?? [];
  if (matches.length === 0) return <p class="ops-quiet">Nothing like it has been seen before.</p>;
  return (
    <>
      <h4>It looks like</h4>
      <ul role="list" class="ops-list">
        {matches.slice(0, MOST_MATCHES).map((match) => (
          <Match
            key={match.signature}
            model={model}
            match={match}
            known={known.find(({ id }) => id === match.signature)}
          />
        ))}
      </ul>
    </>
  );
}

interface MatchProps {
  readonly model: OperationsModel;
  readonly match: SignatureMatch;
  readonly known: Signatures['signatures'][number] | undefined;
}

function Match({ model, match: { signature, name, similarity }, known }: MatchProps) {
  const at = `signature ${signature}`;
  const [outcome, fix] = [known?.outcome, known?.fix];
  return (
    <li class="ops-match">
      <Tag kind="plain">{`${Math.round(similarity * 100)} % alike`}</Tag>
      <div>
        <p>
          <strong>{name}</strong>
          {known && (
            <span class="ops-quiet">
              {' '}
              seen {known.seen} {known.seen === 1 ? 'time' : 'times'}, last on {formatTime(known.seenAt)}
            </span>
          )}
        </p>
        <p class="ops-quiet">
          Outcome: {outcome ?? 'not known'}. Fix: {fix ?? 'not known'}.
        </p>
        <div class="ops-actions">
          {(known?.recordings ?? []).slice(0, MOST_MATCHES).map((recording) => (
            <button key={recording} type="button" class="ops-link" onClick={() => model.host.openRecording(recording)}>
              Recording {recording}
            </button>
          ))}
          <Describe model={model} at={at} signature={signature} about={name} />
          <Outcome model={model} at={at} />
        </div>
      </div>
    </li>
  );
}

interface DescribeProps {
  readonly model: OperationsModel;
  readonly at: string;
  readonly signature: number;
  readonly about: string;
}

function Describe({ model, at, signature, about }: DescribeProps) {
  const labels = { name: 'Name…', outcome: 'Outcome…', fix: 'Fix…' } as const;
  return (
    <>
      {(['name', 'outcome', 'fix'] as const).map((what) => (
        <Act key={what} model={model} at={at} action={{ kind: 'describe', signature, what }} about={about}>
          {labels[what]}
        </Act>
      ))}
    </>
  );
}
