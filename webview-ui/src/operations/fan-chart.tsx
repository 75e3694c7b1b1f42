/** What is expected of a signal: its past, the mean of what comes, and bands that hold it at a probability. */
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ForecastState } from '../../../operational-loop/src/api/messages.ts';
import { mix, parseColour, toCss } from '../base/colour.ts';
import { theme, type Theme } from '../base/theme.ts';
import { Chart, type ChartBand, type ChartLine } from './chart.tsx';
import { fanColumns, spreadRows, type Fan } from './chart-data.ts';
import { drawLimit, drawMoment } from './line-labels.ts';
import { Scroll } from './scroll.tsx';
import { riskText, saturationText, unusualText } from './selectors.ts';
import { formatTime } from './times.ts';
import { formatNumber, inUnit, measureOf, withUnit } from './units.ts';

const HEIGHT = 190;
const ROWS = 12;

interface FanChartProps {
  readonly forecast: ForecastState;
  readonly currency: string | undefined;
}

export function FanChart({ forecast, currency }: FanChartProps) {
  const fan = useMemo(() => fanColumns(forecast), [forecast]);
  const look = theme.value;
  const point = useSignal<number | null>(null);
  const { signal, limit, saturation, risk, method, past, future } = forecast;
  const measure = measureOf(signal);
  const shownLimit = limit === undefined ? undefined : limit * measure.factor;
  if (future.times.length === 0 || past.values.every((value) => value === null))
    return <p class="ops-note">There is no forecast yet: too little has been measured for one.</p>;
  return (
    <>
      <Chart
        columns={fan}
        lines={linesOf(fan, look)}
        bands={bandsOf(fan, look)}
        height={HEIGHT}
        {...(shownLimit === undefined ? {} : { within: [shownLimit] })}
        draw={(chart, colours) => {
          drawMoment(chart, colours, fan.now, 'now');
          if (shownLimit !== undefined)
            drawLimit(chart, colours, shownLimit, `limit ${withUnit(measure, limit)}`, colours.error);
        }}
        onPoint={(index) => (point.value = index)}
      />
      <Readout fan={fan} unit={measure.unit} index={point.value} />
      <p class="ops-sentence">
        {saturationText(saturation) ?? (limit === undefined ? 'This signal has no limit.' : '')}{' '}
        {risk && riskText(risk, currency)} {unusualText(forecast)}{' '}
        <span class="ops-quiet">
          Solid: measured; dashed: mean; bands: {fan.bands.map(({ level }) => `${percent(level)}`).join(' and ')}.
          Method: {method}.
        </span>
      </p>
      <ForecastTable forecast={forecast} />
    </>
  );
}

function linesOf({ bands }: Fan, look: Theme): readonly ChartLine[] {
  const edge = { label: '', colour: look.output, width: 0, isEdge: true } as const;
  return [
    ...bands.flatMap(() => [edge, edge]),
    { label: 'measured', colour: look.foreground, width: 1.5 },
    { label: 'mean', colour: look.output, width: 1.5, dash: [6, 3] },
  ];
}

/** Opaque, the wider the fainter: they lie one in front of the other. */
function bandsOf({ bands }: Fan, { output, background, isContrast }: Theme): readonly ChartBand[] {
  const shares = isContrast ? [0.35, 0.6] : [0.2, 0.38];
  const [front, back] = [output, background].map((colour) => {
    const [red, green, blue] = parseColour(colour) ?? [128, 128, 128, 1];
    return [red, green, blue] as const;
  });
  return bands.map(({ lower, upper }, i) => ({
    lower,
    upper,
    colour: toCss(mix(front!, back!, shares[Math.min(i, shares.length - 1)]!)),
  }));
}

function percent(level: number): string {
  return `${Math.round(level * 100)} %`;
}

function Readout({ fan, unit, index }: { readonly fan: Fan; readonly unit: string; readonly index: number | null }) {
  const time = index === null ? undefined : fan.times[index];
  const at = (column: number): number | null => (index === null ? null : (fan.values[column]?.[index] ?? null));
  const isPast = time !== undefined && time <= fan.now;
  return (
    <p class="ops-readout" aria-hidden="true">
      {time !== undefined && (
        <>
          {formatTime(time * 1000)}
          <span>
            {formatNumber(at(isPast ? fan.past : fan.mean))} {unit}
          </span>
          {!isPast &&
            fan.bands.map(({ level, lower, upper }) => (
              <span key={level}>
                {percent(level)}: {formatNumber(at(lower))} to {formatNumber(at(upper))} {unit}
              </span>
            ))}
        </>
      )}
    </p>
  );
}

function ForecastTable({ forecast }: { readonly forecast: ForecastState }) {
  const { signal, service, future } = forecast;
  const measure = measureOf(signal);
  return (
    <details class="ops-table-of">
      <summary>Forecast as a table</summary>
      <Scroll label={`Forecast of ${measure.label}`}>
        <table>
          <caption class="hidden">
            {measure.label}
            {measure.unit && `, ${measure.unit}`} that is expected of {service}
          </caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col" class="number">
                Mean {measure.unit}
              </th>
              {future.intervals.map(({ level }) => (
                <th key={level} scope="col" class="number">
                  {percent(level)} interval
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {spreadRows(future.times.length, ROWS).map((row) => (
              <tr key={row}>
                <th scope="row">{formatTime(future.times[row]!)}</th>
                <td class="number">{inUnit(measure, future.mean[row])}</td>
                {future.intervals.map(({ level, lower, upper }) => (
                  <td key={level} class="number">
                    {inUnit(measure, lower[row])} to {inUnit(measure, upper[row])}
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
