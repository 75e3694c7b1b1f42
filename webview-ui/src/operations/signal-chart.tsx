/** One signal of all instances of a service over time: those that drifted stand out. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { SignalHistory } from '../../../operational-loop/src/api/messages.ts';
import { theme, type Theme } from '../base/theme.ts';
import { Chart, type ChartLine } from './chart.tsx';
import { lineColumns, spreadRows, type LineColumns } from './chart-data.ts';
import { drawLabels, roomFor, type LineLabel } from './line-labels.ts';
import { Scroll } from './scroll.tsx';
import { formatTime } from './times.ts';
import { formatNumber, measureOf } from './units.ts';

interface SignalChartProps {
  readonly history: SignalHistory;
  readonly drifted: ReadonlySet<string>;
}

const HEIGHT = 190;
/** More lines than this are not named: only those that drifted. */
const MOST_NAMED = 8;
const ROWS = 15;
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [10, 3, 2, 3]];

export function SignalChart({ history, drifted }: SignalChartProps) {
  const columns = useMemo(() => lineColumns(history, drifted), [history, [...drifted].join()]);
  const look = theme.value;
  const point = useSignal<number | null>(null);
  const { names } = columns;
  const lines = names.map((name, i) => lineOf(name, i, drifted, look));
  const labels = lines
    .map(({ label, colour }, column): LineLabel => ({ column, text: label, colour, isStrong: drifted.has(label) }))
    .filter(({ isStrong }) => isStrong || names.length <= MOST_NAMED);
  const right = roomFor(labels.map(({ text }) => text));
  if (columns.times.length === 0) return <p class="ops-note">Nothing was measured in this time.</p>;
  return (
    <>
      <Chart
        columns={columns}
        lines={lines}
        height={HEIGHT}
        right={right}
        draw={(chart, colours) => drawLabels(chart, colours, labels)}
        onPoint={(index) => (point.value = index)}
      />
      <Readout columns={columns} history={history} index={point.value} />
      <SignalTable columns={columns} history={history} drifted={drifted} />
    </>
  );
}

/** A drifted one is thick and in a colour of its own; its peers are thin, and grey beside it. */
function lineOf(label: string, i: number, drifted: ReadonlySet<string>, look: Theme): ChartLine {
  if (drifted.has(label)) return { label, colour: look.caught, width: 2.5 };
  const colour = drifted.size > 0 ? look.muted : look.lines[i % look.lines.length]!;
  return { label, colour, width: 1.25, dash: DASHES[i % DASHES.length]! };
}

interface Shown {
  readonly columns: LineColumns;
  readonly history: SignalHistory;
}

/** What is where the pointer is, for those who point. */
function Readout({ columns: { times, names, values }, history, index }: Shown & { readonly index: number | null }) {
  const { unit } = measureOf(history.signal);
  const time = index === null ? undefined : times[index];
  return (
    <p class="ops-readout" aria-hidden="true">
      {index !== null && time !== undefined && (
        <>
          {formatTime(time * 1000)}
          {names.map((name, i) => (
            <span key={name}>
              {name} {formatNumber(values[i]?.[index])} {unit}
            </span>
          ))}
        </>
      )}
    </p>
  );
}

function SignalTable({
  columns: { times, names, values },
  history,
  drifted,
}: Shown & Pick<SignalChartProps, 'drifted'>) {
  const { label, unit } = measureOf(history.signal);
  return (
    <details class="ops-table-of">
      <summary>Values as a table</summary>
      <Scroll label={`${label} over time`}>
        <table>
          <caption class="hidden">
            {label}
            {unit && `, ${unit}`} of each instance of {history.service}
          </caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {names.map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                  {drifted.has(name) && ' (drifts)'}
                  {unit && ` ${unit}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {spreadRows(times.length, ROWS).map((row) => (
              <tr key={row}>
                <th scope="row">{formatTime(times[row]! * 1000)}</th>
                {names.map((name, i) => (
                  <td key={name} class="number">
                    {formatNumber(values[i]?.[row])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
