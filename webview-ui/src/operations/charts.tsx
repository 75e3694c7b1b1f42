/** Charts of one signal of a service: what its instances did, and what is expected of it. */
import type { ServiceState } from '../../../operational-loop/src/api/messages.ts';
import { signalNames, type SignalName } from '../../../operational-loop/src/model/signals.ts';
import { FanChart } from './fan-chart.tsx';
import type { Fetched } from './fetched.ts';
import { SPANS, type OperationsModel, type SpanName } from './operations-model.ts';
import { anchorOf } from './parts.tsx';
import { driftedInstances } from './selectors.ts';
import { SignalChart } from './signal-chart.tsx';
import { measureOf } from './units.ts';

interface ChartsProps {
  readonly model: OperationsModel;
  readonly service: ServiceState;
}

export function Charts({ model, service }: ChartsProps) {
  const { label, unit } = measureOf(model.signalName.value);
  const what = unit === '' ? label : `${label}, ${unit}`;
  const [history, forecast] = [model.lines.answer.value, model.forecast.answer.value];
  const isShown = (answer: { readonly service: string; readonly signal: SignalName } | undefined): boolean =>
    answer?.service === service.name && answer.signal === model.signalName.value;
  return (
    <>
      <ChartBar model={model} service={service} />
      <div class="ops-charts">
        <figure>
          <figcaption>{what}: each instance</figcaption>
          {history && isShown(history) ? (
            <SignalChart history={history} drifted={driftedInstances(service.instances)} />
          ) : (
            <Waiting fetched={model.lines} />
          )}
        </figure>
        <figure>
          <figcaption>{what}: forecast of the service</figcaption>
          {forecast && isShown(forecast) ? (
            <FanChart forecast={forecast} currency={model.state.value?.currency} />
          ) : (
            <Waiting fetched={model.forecast} />
          )}
        </figure>
      </div>
    </>
  );
}

function ChartBar({ model, service }: ChartsProps) {
  return (
    <div class="ops-chart-bar" id={anchorOf({ kind: 'service', id: service.name })} tabIndex={-1}>
      <label>
        Signal{' '}
        <select
          value={model.signalName.value}
          onChange={({ currentTarget }) => (model.chosenSignal.value = currentTarget.value as SignalName)}
        >
          {signalNames.map((name) => (
            <option key={name} value={name}>
              {measureOf(name).label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Last{' '}
        <select
          value={model.span.value}
          onChange={({ currentTarget }) => (model.span.value = currentTarget.value as SpanName)}
        >
          {Object.keys(SPANS).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** What is said while there is nothing to draw: that it is asked for, or why there is none. */
function Waiting<T>({ fetched }: { readonly fetched: Fetched<T> }) {
  const fault = fetched.fault.value;
  return (
    <div class="ops-waiting" role="status">
      {fault === undefined ? <div class="progress" /> : <span class="ops-quiet">{fault}</span>}
    </div>
  );
}
