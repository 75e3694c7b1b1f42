/** Services with their golden signals; of the one that is chosen, its instances and charts. */
import type { ObjectiveState, OperationsState, ServiceState } from '../../../operational-loop/src/api/messages.ts';
import { Charts } from './charts.tsx';
import { Instances } from './instances.tsx';
import type { OperationsModel } from './operations-model.ts';
import { Section } from './parts.tsx';
import { Scroll } from './scroll.tsx';
import { SignalCells, SignalHeadings } from './signal-columns.tsx';
import { formatProbability } from './units.ts';

interface ServicesProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
}

export function Services({ model, state }: ServicesProps) {
  const shown = model.service.value;
  return (
    <Section id="services" title="Services" note="last minute">
      <Scroll label="Services">
        <table class="ops-signals">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <SignalHeadings />
              <th scope="col">Objectives</th>
            </tr>
          </thead>
          <tbody>
            {state.services.map((service) => (
              <ServiceRow key={service.name} model={model} service={service} isShown={service === shown} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown && <Shown model={model} state={state} service={shown} />}
    </Section>
  );
}

interface RowProps {
  readonly model: OperationsModel;
  readonly service: ServiceState;
  readonly isShown: boolean;
}

function ServiceRow({ model, service, isShown }: RowProps) {
  const { name, environment, signals, instances, objectives } = service;
  const drifting = instances.filter(({ drift }) => drift !== undefined).length;
  return (
    <tr class={isShown ? 'chosen' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="ops-choice"
          aria-pressed={isShown}
          onClick={() => (model.chosenService.value = name)}
        >
          {name}
        </button>
        <span class="ops-quiet">
          {environment} · {instances.length} {instances.length === 1 ? 'instance' : 'instances'}
          {drifting > 0 && <strong class="ops-drifts">, {drifting} drifting</strong>}
        </span>
      </th>
      <SignalCells signals={signals} />
      <td>{objectives.length === 0 ? <span class="ops-quiet">none</span> : objectives.map(objective)}</td>
    </tr>
  );
}

/** `availability 99.92 % of 99.9 %, budget left 20 %` */
function objective({ name, target, sli, remaining }: ObjectiveState) {
  return (
    <div key={name} class={remaining < 0 ? 'ops-objective ops-bad' : 'ops-objective'}>
      {name} {exact(sli)} of {exact(target)},{' '}
      {remaining < 0 ? 'missed: budget overspent' : `budget left ${formatProbability(remaining)}`}
    </div>
  );
}

function exact(share: number): string {
  return `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: 3 })} %`;
}

function Shown({ model, state, service }: ServicesProps & { readonly service: ServiceState }) {
  return (
    <>
      {service.problems.map((problem) => (
        <p key={problem} class="ops-problem">
          {problem}
        </p>
      ))}
      <Instances model={model} state={state} service={service} />
      <Charts model={model} service={service} />
    </>
  );
}
