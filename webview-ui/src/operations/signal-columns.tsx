/** Golden signals as columns of a table, each in a unit of its own. */
import type { GoldenSignals, SignalName } from '../../../operational-loop/src/model/signals.ts';
import { signalOf } from '../../../operational-loop/src/model/signals.ts';
import { inUnit, measureOf } from './units.ts';

const COLUMNS: readonly SignalName[] = [
  'traffic',
  'errorRatio',
  'latencyP50',
  'latencyP95',
  'latencyP99',
  'cpuCores',
  'memoryBytes',
  'eventLoopDelayP99',
];

export function SignalHeadings() {
  return (
    <>
      {COLUMNS.map((signal) => {
        const { label, unit } = measureOf(signal);
        return (
          <th key={signal} scope="col" class="number">
            {label.replace('Latency ', '').replace('loop p99', 'loop')} <span class="ops-unit">{unit}</span>
          </th>
        );
      })}
    </>
  );
}

/** `marked`: the one that stands out. */
export function SignalCells({ signals, marked }: { readonly signals: GoldenSignals; readonly marked?: string }) {
  return (
    <>
      {COLUMNS.map((signal) => (
        <td key={signal} class={signal === marked ? 'number ops-marked' : 'number'}>
          {inUnit(measureOf(signal), signalOf(signals, signal))}
        </td>
      ))}
    </>
  );
}
