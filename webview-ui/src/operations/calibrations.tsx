/** Do the probabilities that were given come true? A table for each kind of them. */
import type { CalibrationState } from '../../../operational-loop/src/api/messages.ts';
import type { OperationsModel } from './operations-model.ts';
import { Section } from './parts.tsx';
import { Scroll } from './scroll.tsx';

type Kind = CalibrationState['kinds'][number];
type Known = NonNullable<Kind['calibration']>;

const TITLES: Readonly<Record<string, string>> = {
  forecast: 'A limit is passed if nothing is done',
  recommendation: 'A limit is passed after acting',
  canary: 'A canary is found worse',
};

export function Calibrations({ model }: { readonly model: OperationsModel }) {
  const kinds = model.calibration.answer.value?.kinds ?? [];
  const fault = model.calibration.fault.value;
  return (
    <Section id="calibration" title="Probabilities" note={kinds.length === 0 ? 'none was given yet' : 'and what came'}>
      {fault !== undefined && <p class="ops-problem">{fault}</p>}
      {kinds.map((each) => (
        <KindOfProbability key={each.kind} {...each} />
      ))}
    </Section>
  );
}

function KindOfProbability({ kind, pending, calibration }: Kind) {
  const title = TITLES[kind] ?? kind;
  if (!calibration) {
    return (
      <p>
        {title}: <span class="ops-quiet">{pending} given; what came is not known yet of any.</span>
      </p>
    );
  }
  return (
    <>
      <p>
        {title}: <span class="ops-quiet">{inWords(calibration, pending)}</span>
      </p>
      <Scroll label={title}>
        <BinsTable {...calibration} />
      </Scroll>
    </>
  );
}

function BinsTable({ bins }: Known) {
  return (
    <table>
      <thead>
        <tr>
          {['Given', 'How often', 'Mean given', 'Came true', '95 % interval', 'As given?'].map((each) => (
            <th key={each} scope="col">
              {each}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bins.map(({ from, to, count, given, happened, lower, upper }) => (
          <tr key={from}>
            <th scope="row">{`${percent(from)} to ${percent(to)}`}</th>
            <td>{count}</td>
            <td>{percent(given)}</td>
            <td>{percent(happened)}</td>
            <td>{`${percent(lower)} to ${percent(upper)}`}</td>
            <td>{given < lower ? 'no, too low' : given > upper ? 'no, too high' : 'yes'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inWords({ count, brier, brierOfBaseRate }: Known, pending: number): string {
  const waiting = pending > 0 ? `, ${pending} not known yet` : '';
  return `${count} known${waiting}. Brier score ${brier.toFixed(3)}; always saying the mean would have ${brierOfBaseRate.toFixed(3)}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
