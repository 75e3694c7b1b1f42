/** What is recommended, what it is expected to do, and what it costs to do it or not. */
import type { Advice, OperationsState, ProposalState } from '../../../operational-loop/src/api/messages.ts';
import type { Estimate, PredictedEffect } from '../../../operational-loop/src/model/prediction.ts';
import type { OperationsModel } from './operations-model.ts';
import { Act, anchorOf, Fact, Outcome, Section, Tag } from './parts.tsx';
import {
  changeParts,
  changesSemantics,
  decidedProposals,
  knobOf,
  oddsOf,
  oddsOfRecommendation,
  actionText,
  openProposals,
  type ChangeParts,
  type Odds as OddsFacts,
} from './selectors.ts';
import { formatTime } from './times.ts';
import { formatChange, formatMoney, formatProbability, inUnit, measureOfRole, UNKNOWN, type Measure } from './units.ts';

interface ProposalsProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
}

const DECIDED = {
  applied: 'Applied',
  rejected: 'Dismissed',
  overridden: 'Applied with another value',
  open: 'Open',
} as const;

export function Proposals({ model, state }: ProposalsProps) {
  const open = openProposals(state);
  const decided = decidedProposals(state);
  const note = state.daemon.acts ? 'the loop acts on knobs that are allowed' : 'nothing is done without you';
  return (
    <Section id="proposals" title="Recommendations" note={open.length === 0 ? `none open; ${note}` : note}>
      {open.map((proposal) => (
        <ProposalCard key={proposal.id} model={model} state={state} proposal={proposal} />
      ))}
      {state.advice.map((advice) => (
        <AdviceCard key={`${advice.service} ${advice.recommendation.proposal.id}`} state={state} advice={advice} />
      ))}
      {decided.length > 0 && (
        <details>
          <summary>{decided.length} decided</summary>
          <ul role="list" class="ops-list">
            {decided.map((proposal) => (
              <li key={proposal.id} id={anchorOf({ kind: 'proposal', id: proposal.id })} tabIndex={-1}>
                {DECIDED[proposal.state]}: {proposal.service}:{' '}
                {changeText(changeParts(proposal.change, proposal.service, state))}{' '}
                <span class="ops-quiet">proposed {formatTime(proposal.proposedAt, state.time)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

/** `maxCacheEntries from 100 to 400 entries` */
export function changeText({ what, from, to, unit }: ChangeParts): string {
  return `${what}${from === undefined ? '' : ` from ${from}`} to ${to}${unit && ` ${unit}`}`;
}

function ProposalCard({ model, state, proposal }: ProposalsProps & { readonly proposal: ProposalState }) {
  const { id, service, change, reason, effects, recommendation } = proposal;
  const parts = changeParts(change, service, state);
  const about = `${service}, ${changeText(parts)}`;
  return (
    <article id={anchorOf({ kind: 'proposal', id })} class="ops-card" tabIndex={-1} aria-label={about}>
      <div class="ops-card-head">
        <h3>
          {service}: {parts.what}{' '}
          <span class="ops-change">
            {parts.from !== undefined && (
              <>
                {parts.from} <span aria-label="to">→</span>{' '}
              </>
            )}
            {parts.to} {parts.unit}
          </span>
        </h3>
        <Buttons model={model} state={state} proposal={proposal} about={about} />
      </div>
      <p>{reason}</p>
      {changesSemantics(proposal, state) && (
        <p class="ops-problem">
          This changes what requests can answer, and not only how fast. Apply it only if that is meant.
        </p>
      )}
      {recommendation?.feasible === false && <Obstacle text={recommendation.obstacle} />}
      <Odds currency={state.currency} odds={oddsOf(proposal)} />
      <Effects effects={effects} />
      <Outcome model={model} at={`proposal ${id}`} />
    </article>
  );
}

/** What has to be done by people: there are no buttons for it. */
function AdviceCard({ state, advice }: { readonly state: OperationsState; readonly advice: Advice }) {
  const { service, recommendation } = advice;
  const { proposal, effects, feasible, obstacle } = recommendation;
  const title = `${service}: ${actionText(proposal.action)}`;
  return (
    <article class="ops-card" aria-label={title}>
      <div class="ops-card-head">
        <h3>{title}</h3>
        <Tag kind="plain">for people to do</Tag>
      </div>
      <p>{proposal.reason}</p>
      {!feasible && <Obstacle text={obstacle} />}
      <Odds currency={state.currency} odds={oddsOfRecommendation(recommendation)} />
      <Effects effects={effects} />
    </article>
  );
}

function Obstacle({ text }: { readonly text: string | undefined }) {
  return <p class="ops-problem">It cannot be done as it is: {text ?? 'a constraint forbids it.'}</p>;
}

/** Apply is a canary; the menu has the other way. */
function Buttons({
  model,
  state,
  proposal,
  about,
}: ProposalsProps & { readonly proposal: ProposalState; readonly about: string }) {
  const { id, change } = proposal;
  const at = `proposal ${id}`;
  const knob = knobOf(proposal, state);
  const pinnedBy = knob?.pinnedBy;
  return (
    <div class="ops-actions">
      {pinnedBy !== undefined && <Tag kind="plain">{`Pinned by ${pinnedBy}`}</Tag>}
      <Act
        model={model}
        at={at}
        action={{ kind: 'apply', proposal: id, strategy: 'canary' }}
        about={about}
        isSecondary={false}
        title="Tries it on a canary first, which is rolled back where it is worse"
      >
        Apply
      </Act>
      <Act
        model={model}
        at={at}
        action={{ kind: 'apply', proposal: id, strategy: 'blue-green' }}
        about={about}
        title="A second set of instances takes all requests at once"
      >
        Apply Blue/Green
      </Act>
      {change.kind === 'knob' && (
        <>
          <Act
            model={model}
            at={at}
            action={{ kind: 'override', proposal: id }}
            about={about}
            title="Applies another value"
          >
            Override…
          </Act>
          <Act
            model={model}
            at={at}
            action={{ kind: pinnedBy === undefined ? 'pin' : 'unpin', knob: change.knob }}
            about={about}
            title={
              pinnedBy === undefined ? 'Keeps the present value: the loop leaves it alone' : 'Lets it be tuned again'
            }
          >
            {pinnedBy === undefined ? 'Pin' : 'Unpin'}
          </Act>
        </>
      )}
      <Act model={model} at={at} action={{ kind: 'dismiss', proposal: id }} about={about}>
        Dismiss
      </Act>
    </div>
  );
}

function Odds({ currency, odds }: { readonly currency: string | undefined; readonly odds: OddsFacts }) {
  const { ifDone, ifNot, costOfActing, costOfNotActing, confidence } = odds;
  const facts: readonly (readonly [name: string, text: string])[] = [
    ['Objective missed, if done', formatProbability(ifDone)],
    ['Objective missed, if not', formatProbability(ifNot)],
    ['Expected cost of acting', formatMoney(costOfActing, currency)],
    ['Expected cost of not acting', formatMoney(costOfNotActing, currency)],
    ['Confidence', formatProbability(confidence)],
  ];
  return (
    <dl class="ops-facts">
      {facts
        .filter(([, text]) => text !== UNKNOWN)
        .map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
    </dl>
  );
}

function Effects({ effects }: { readonly effects: readonly PredictedEffect[] }) {
  const [moved, still] = [effects.filter(isMoved), effects.filter((effect) => !isMoved(effect))];
  return (
    <>
      {moved.length > 0 && <EffectTable effects={moved} />}
      {still.length > 0 && (
        <p class="ops-quiet">
          No change is expected of {still.map(({ metric }) => measureOfRole(metric).label).join(', ')}.
        </p>
      )}
    </>
  );
}

/** Whether a change can be expected at all. */
function isMoved({ change }: PredictedEffect): boolean {
  return [change.value, change.lower, change.upper].some((each) => Math.abs(each) >= 0.0005);
}

function EffectTable({ effects }: { readonly effects: readonly PredictedEffect[] }) {
  return (
    <table class="ops-small">
      <caption class="hidden">Predicted effect, at the worst moment of what is forecast, with 95 % intervals</caption>
      <thead>
        <tr>
          <th scope="col">Predicted</th>
          <th scope="col" class="number">
            As it is
          </th>
          <th scope="col" class="number">
            With the change
          </th>
          <th scope="col">Unit</th>
          <th scope="col" class="number">
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {effects.map(({ metric, before, after, change }) => {
          const measure = measureOfRole(metric);
          return (
            <tr key={metric}>
              <th scope="row">{measure.label}</th>
              <td class="number">{interval(measure, before)}</td>
              <td class="number">{interval(measure, after)}</td>
              <td>{measure.unit}</td>
              <td class="number">
                {formatChange(change.value)}{' '}
                <span class="ops-quiet">
                  ({formatChange(change.lower)} to {formatChange(change.upper)})
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A value with its 95 % interval. */
function interval(measure: Measure, { value, lower, upper }: Estimate) {
  return (
    <>
      {inUnit(measure, value)}{' '}
      <span class="ops-quiet">
        ({inUnit(measure, lower)} to {inUnit(measure, upper)})
      </span>
    </>
  );
}
