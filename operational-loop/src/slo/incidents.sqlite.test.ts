import { expect, test } from 'vitest';
import { Database } from '../store/sqlite.ts';
import { IncidentStore } from './incident-store.ts';
import { postmortemDraft } from './postmortem.ts';

const NOON = Date.UTC(2026, 4, 4, 12);
const minute = (n: number): number => NOON + n * 60_000;

test('an incident is what its timeline says, and survives in the database', () => {
  using database = new Database(':memory:');
  const store = new IncidentStore(database);
  const incident = store.open(
    { service: 'shop', title: 'Orders fail', severity: 'page', objective: 'availability' },
    { time: NOON, text: 'The budget burns 15 times as fast as allowed.', by: 'burn-rate alert' },
  );
  expect(incident).toMatchObject({ state: 'open', openedAt: NOON });
  expect(store.openFor('availability')?.id).toBe(incident.id);
  store.add(incident.id, {
    time: minute(3),
    kind: 'recording',
    text: 'A failing order.',
    by: 'exemplars',
    link: 'a.hindcast',
  });
  store.add(incident.id, { time: minute(5), kind: 'mitigated', text: 'Rolled back.', by: 'judge' });
  expect(store.get(incident.id)).toMatchObject({ state: 'mitigated', mitigatedAt: minute(5) });
  store.add(incident.id, { time: minute(20), kind: 'resolved', text: 'Fixed.', by: 'on call' });
  expect(store.openFor('availability')).toBeUndefined();
  store.add(incident.id, { time: minute(30), kind: 'reopened', text: 'Again.', by: 'burn-rate alert' });
  expect(store.get(incident.id)?.state).toBe('open');
  expect(new IncidentStore(database).list('shop').map(({ timeline }) => timeline.length)).toEqual([5]);
  expect(store.list('other')).toEqual([]);
});

test('a postmortem draft tells the times and the timeline, and asks for the rest', () => {
  using database = new Database(':memory:');
  const store = new IncidentStore(database);
  const { id } = store.open(
    { service: 'shop', title: 'Orders fail', severity: 'page' },
    { time: NOON, text: 'Errors | 3 %', by: 'alert' },
  );
  store.add(id, { time: minute(3), kind: 'recording', text: 'A failing order.', by: 'exemplars', link: 'a.hindcast' });
  store.add(id, { time: minute(90), kind: 'mitigated', text: 'Rolled back.', by: 'judge' });
  const draft = postmortemDraft(store.get(id)!);
  expect(draft).toMatch('# Orders fail\n');
  expect(draft).toMatch('- until mitigated: 1.5 h');
  expect(draft).toMatch('- until resolved: not yet');
  expect(draft).toMatch('| 2026-05-04 12:00:00 | opened: Errors \\| 3 % | alert |');
  expect(draft).toMatch('- `a.hindcast`: A failing order.');
});
