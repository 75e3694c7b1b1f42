/** The journal: what was done, by whom, and what came of it. */
import type { JournalEntry } from '../../../operational-loop/src/model/rollout.ts';
import type { OperationsModel } from './operations-model.ts';
import { Section } from './parts.tsx';
import { Scroll } from './scroll.tsx';
import { shortBuild } from './selectors.ts';
import { formatTime } from './times.ts';

const RESULTS = { done: 'Done', failed: 'Failed', interrupted: 'Interrupted' } as const;

export function Journal({ model, now }: { readonly model: OperationsModel; readonly now: number }) {
  const entries = model.journal.answer.value?.entries ?? [];
  const fault = model.journal.fault.value;
  return (
    <Section id="history" title="History" note={entries.length === 0 ? 'nothing was done yet' : 'the latest first'}>
      {fault !== undefined && <p class="ops-problem">{fault}</p>}
      {entries.length > 0 && (
        <Scroll label="History" isTall>
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Result</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <EntryRow key={entry.id} entry={entry} now={now} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Section>
  );
}

function EntryRow({ entry, now }: { readonly entry: JournalEntry; readonly now: number }) {
  const { action, by, intendedAt, result, message, detail } = entry;
  return (
    <tr>
      <th scope="row" class="ops-time">
        {formatTime(intendedAt, now)}
      </th>
      <td>{by}</td>
      <td>
        {action} <span class="ops-quiet">{detailText(detail)}</span>
      </td>
      <td>
        {result === undefined ? 'Under way' : RESULTS[result]}
        {message !== undefined && <span class="ops-quiet"> {message}</span>}
      </td>
    </tr>
  );
}

/** `slot blue, weights blue 90, green 10` */
export function detailText(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(', ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null) return detailText(value as Readonly<Record<string, unknown>>);
  return shortBuild(String(value));
}
