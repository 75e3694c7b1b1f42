/** Rollouts: how far they are, what the judge knows, and the buttons that stop them. */
import type { OperationsState } from '../../../operational-loop/src/api/messages.ts';
import type { RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import type { OperationsModel } from './operations-model.ts';
import { Act, anchorOf, Exemplars, Fact, Outcome, Section, Tag } from './parts.tsx';
import { changeText } from './proposals.tsx';
import { exemplarsOf, isFinished, rolloutParts, statusText } from './selectors.ts';
import { formatDuration, formatTime } from './times.ts';
import { formatMoney, formatProbability } from './units.ts';
import { Verdict } from './verdict.tsx';

interface RolloutsProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
}

const MOST_FINISHED = 8;

export function Rollouts({ model, state }: RolloutsProps) {
  const running = state.rollouts.filter((each) => !isFinished(each));
  const finished = state.rollouts.filter(isFinished).slice(0, MOST_FINISHED);
  return (
    <Section id="rollouts" title="Rollouts" note={running.length === 0 ? 'none running' : `${running.length} running`}>
      {running.map((rollout) => (
        <RolloutCard key={rollout.id} model={model} state={state} rollout={rollout} />
      ))}
      {finished.map((rollout) => (
        <RolloutCard key={rollout.id} model={model} state={state} rollout={rollout} />
      ))}
    </Section>
  );
}

function RolloutCard({ model, state, rollout }: RolloutsProps & { readonly rollout: RolloutState }) {
  const { id, service, status, strategy, by, startedAt, finishedAt, reason, verdict, weight } = rollout;
  const risk = state.risks[id];
  const about = `${service}, ${changeText(rolloutParts(rollout, state))}`;
  const tag = status === 'rolled-back' || status === 'rolling-back' ? 'bad' : status === 'promoted' ? 'good' : 'warn';
  return (
    <article
      id={anchorOf({ kind: 'rollout', id })}
      class={`ops-card ops-rollout ${status}`}
      tabIndex={-1}
      aria-label={about}
    >
      <div class="ops-card-head">
        <h3>
          <Tag kind={tag}>{statusText(rollout)}</Tag> {service}: {changeText(rolloutParts(rollout, state))}
        </h3>
        <Buttons model={model} state={state} rollout={rollout} about={about} />
      </div>
      {reason !== undefined && <p class="ops-reason">{reason}</p>}
      {!isFinished(rollout) && <Steps rollout={rollout} />}
      <dl class="ops-facts">
        <Fact name="Way">{strategy === 'canary' ? 'Canary' : 'Blue/green'}</Fact>
        <Fact name="Canary gets">{`${weight} % of requests`}</Fact>
        {risk && (
          <>
            <Fact name="Objective missed by the next step">{formatProbability(risk.violationProbability)}</Fact>
            <Fact name="Expected cost of going on">{formatMoney(risk.expectedCost.acting, state.currency)}</Fact>
            <Fact name="Expected cost of stopping">{formatMoney(risk.expectedCost.notActing, state.currency)}</Fact>
          </>
        )}
        <Fact name="Asked for by">{by}</Fact>
        <Fact name="Began">{formatTime(startedAt, state.time)}</Fact>
        <Fact name={finishedAt === undefined ? 'For' : 'Took'}>
          {formatDuration((finishedAt ?? state.time) - startedAt)}
        </Fact>
      </dl>
      {verdict && <Verdict verdict={verdict} />}
      <Outcome model={model} at={`rollout ${id}`} />
    </article>
  );
}

function Steps({ rollout: { steps, step, status } }: { readonly rollout: RolloutState }) {
  return (
    <ol role="list" class="ops-steps" aria-label="Steps">
      {steps.map(({ weight }, i) => (
        <li
          key={i}
          class={i < step ? 'past' : i === step ? 'present' : 'coming'}
          aria-current={i === step ? 'step' : undefined}
        >
          {weight} %
          <span class="ops-quiet">
            {i < step ? ' passed' : i === step ? (status === 'paused' ? ' paused' : ' now') : ''}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Buttons({
  model,
  state,
  rollout,
  about,
}: RolloutsProps & { readonly rollout: RolloutState; readonly about: string }) {
  const { id, status } = rollout;
  const at = `rollout ${id}`;
  const exemplars = exemplarsOf(rollout, state);
  const canStop = status === 'starting' || status === 'running' || status === 'paused';
  return (
    <div class="ops-actions">
      <Exemplars model={model} exemplars={exemplars.slice(0, 1)} />
      {(status === 'running' || status === 'starting') && (
        <Act model={model} at={at} action={{ kind: 'pause', rollout: id }} about={about} title="Holds it at its step">
          Pause
        </Act>
      )}
      {status === 'paused' && (
        <Act model={model} at={at} action={{ kind: 'resume', rollout: id }} about={about}>
          Resume
        </Act>
      )}
      {canStop && (
        <Act
          model={model}
          at={at}
          action={{ kind: 'roll-back', rollout: id }}
          about={about}
          title="All requests go to what ran before"
        >
          Roll Back
        </Act>
      )}
    </div>
  );
}
