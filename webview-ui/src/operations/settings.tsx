/** What runs beside what shall run: builds, settings and the share of requests that each slot has; and the knobs. */
import type { OperationsState } from '../../../operational-loop/src/api/messages.ts';
import type { KnobBounds } from '../../../operational-loop/src/model/knob.ts';
import type { KnobState, ServiceConfiguration } from '../../../operational-loop/src/model/rollout.ts';
import type { OperationsModel } from './operations-model.ts';
import { Act, Outcome, Section, Tag } from './parts.tsx';
import { Scroll } from './scroll.tsx';
import { deviations, shortBuild } from './selectors.ts';

interface SettingsProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
}

export function Settings({ model, state }: SettingsProps) {
  const { configurations, knobs } = state;
  if (configurations.length === 0 && knobs.length === 0) return null;
  return (
    <Section id="settings" title="Configuration" note="what runs, beside what shall run">
      {configurations.length > 0 && <Configurations configurations={configurations} />}
      {knobs.length > 0 && <Knobs model={model} knobs={knobs} />}
    </Section>
  );
}

function Configurations({ configurations }: { readonly configurations: readonly ServiceConfiguration[] }) {
  return (
    <Scroll label="Configurations">
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Shall run</th>
            <th scope="col">Runs</th>
            <th scope="col">Requests by slot</th>
          </tr>
        </thead>
        <tbody>
          {configurations.map((configuration) => (
            <ConfigurationRow key={configuration.service} configuration={configuration} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function ConfigurationRow({ configuration }: { readonly configuration: ServiceConfiguration }) {
  const { service, slot, desired, observed, weights } = configuration;
  const settings = Object.entries(desired.configuration);
  return (
    <tr>
      <th scope="row">{service}</th>
      <td>
        {shortBuild(desired.build)}
        {settings.map(([name, value]) => (
          <div key={name} class="ops-quiet">
            {name}={value}
          </div>
        ))}
      </td>
      <td>
        {observed.map((each) => {
          const found = deviations(configuration, each);
          return (
            <div key={each.instance}>
              {each.instance}:{' '}
              {found.length === 0 ? <span class="ops-quiet">as it shall be</span> : <strong>{found.join('; ')}</strong>}
            </div>
          );
        })}
        {observed.length === 0 && <span class="ops-quiet">not seen yet</span>}
      </td>
      <td>
        {Object.entries(weights).map(([name, weight]) => (
          <div key={name}>
            {name} {weight} %{name === slot && <span class="ops-quiet"> last good</span>}
          </div>
        ))}
      </td>
    </tr>
  );
}

function Knobs({ model, knobs }: { readonly model: OperationsModel; readonly knobs: readonly KnobState[] }) {
  return (
    <>
      <h3>Knobs</h3>
      <Scroll label="Knobs">
        <table>
          <thead>
            <tr>
              <th scope="col">Knob</th>
              <th scope="col" class="number">
                Shall be
              </th>
              <th scope="col" class="number">
                Is
              </th>
              <th scope="col">Unit</th>
              <th scope="col">Bounds</th>
              <th scope="col">Takes effect</th>
              <th scope="col">The loop</th>
              <th scope="col">
                <span class="hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {knobs.map((knob) => (
              <KnobRow key={knob.definition.id} model={model} knob={knob} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function KnobRow({ model, knob }: { readonly model: OperationsModel; readonly knob: KnobState }) {
  const { definition, desired, observed, pinnedBy } = knob;
  const { id, service, name, unit, bounds, applied, allowed, changesSemantics, description } = definition;
  const at = `knob ${id}`;
  const differs = desired !== undefined && observed !== undefined && desired !== observed;
  return (
    <tr>
      <th scope="row" title={description}>
        {name} <span class="ops-quiet">of {service}</span>
        {changesSemantics && <Tag kind="warn">changes results</Tag>}
      </th>
      <td class="number">{desired ?? '–'}</td>
      <td class={differs ? 'number ops-marked' : 'number'}>{observed ?? '–'}</td>
      <td>{unit}</td>
      <td>{boundsText(bounds)}</td>
      <td>{applied === 'live' ? 'at once' : 'at a restart'}</td>
      <td>
        {pinnedBy === undefined
          ? allowed
            ? 'may set it'
            : 'recommends only'
          : `leaves it alone: pinned by ${pinnedBy}`}
      </td>
      <td>
        <div class="ops-actions">
          <Act
            model={model}
            at={at}
            action={{ kind: pinnedBy === undefined ? 'pin' : 'unpin', knob: id }}
            about={id}
            title={
              pinnedBy === undefined ? 'Keeps the present value: the loop leaves it alone' : 'Lets it be tuned again'
            }
          >
            {pinnedBy === undefined ? 'Pin' : 'Unpin'}
          </Act>
          <Outcome model={model} at={at} />
        </div>
      </td>
    </tr>
  );
}

function boundsText(bounds: KnobBounds): string {
  return bounds.kind === 'choices' ? bounds.values.join(', ') : `${bounds.least} to ${bounds.most}`;
}
