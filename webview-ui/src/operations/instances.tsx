/** The instances of a service beside each other: one that drifted is said to, and leads to its drift. */
import type { InstanceState, OperationsState, ServiceState } from '../../../operational-loop/src/api/messages.ts';
import type { OperationsModel } from './operations-model.ts';
import { Scroll } from './scroll.tsx';
import { deviations, driftWords, shortBuild } from './selectors.ts';
import { SignalCells, SignalHeadings } from './signal-columns.tsx';
import { formatDuration } from './times.ts';

interface InstancesProps {
  readonly model: OperationsModel;
  readonly state: OperationsState;
  readonly service: ServiceState;
}

export function Instances({ model, state, service }: InstancesProps) {
  if (service.instances.length === 0) return <p class="ops-note">No instance of {service.name} has reported lately.</p>;
  return (
    <>
      <h3>Instances of {service.name}</h3>
      <Scroll label={`Instances of ${service.name}`}>
        <table class="ops-signals">
          <thead>
            <tr>
              <th scope="col">Instance</th>
              <SignalHeadings />
              <th scope="col">Runs</th>
            </tr>
          </thead>
          <tbody>
            {service.instances.map((instance) => (
              <InstanceRow key={instance.id} model={model} state={state} service={service} instance={instance} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function InstanceRow({ model, state, service, instance }: InstancesProps & { readonly instance: InstanceState }) {
  const { id, signals, recording } = instance;
  const drift = state.drifts.find((each) => each.id === instance.drift);
  return (
    <tr class={instance.drift === undefined ? undefined : 'drifting'}>
      <th scope="row">
        {id}
        {instance.drift !== undefined && (
          <button
            type="button"
            class="ops-drift-link"
            onClick={() => model.show({ kind: 'drift', id: instance.drift! })}
          >
            Drifts{drift && `: ${driftWords(drift)}`}
          </button>
        )}
      </th>
      <SignalCells signals={signals} {...(drift ? { marked: drift.metric } : {})} />
      <td>
        <Image state={state} service={service} instance={instance} />
        {recording !== undefined && (
          <button
            type="button"
            class="ops-link"
            aria-label={`Open the recording of ${id}`}
            onClick={() => model.host.openRecording(recording)}
          >
            recording
          </button>
        )}
      </td>
    </tr>
  );
}

/** Its build, and the settings in which it is not what it shall be. */
function Image({ state, service, instance }: Omit<InstancesProps, 'model'> & { readonly instance: InstanceState }) {
  const { image, startedAt, id } = instance;
  const configuration = state.configurations.find((each) => each.service === service.name);
  const differs = configuration && image ? deviations(configuration, { instance: id, image }) : [];
  const settings = Object.entries(image?.configuration ?? {}).map(([name, value]) => `${name}=${value}`);
  return (
    <span title={settings.join('\n') || undefined}>
      {image ? shortBuild(image.build) : 'unknown build'}
      {startedAt !== undefined && (
        <span class="ops-quiet ops-age"> up {formatDuration(state.time - startedAt)}</span>
      )}{' '}
      {differs.length > 0 && <span class="ops-quiet">({differs.join('; ')}) </span>}
    </span>
  );
}
