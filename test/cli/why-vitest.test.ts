/** What vitest's assertions compared: its errors have texts in the places of both values. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { json, project, recordingOf, run } from './kit.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

const TESTS = `import { expect, test } from 'vitest';

const pushed = (...all) => {
  const found = [];
  for (const each of all) found.push(each);
  return found;
};
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const settings = { get limit() { return sum([1, 2]); } };

test('one of several', () => {
  const found = pushed('a', 'b', 'c');
  const wanted = 'x';
  expect(found).toEqual(['a', wanted, 'c']);
});
test('within', () => {
  const user = { name: 'ann', roles: pushed({ name: 'reader' }, { name: 'writer' }) };
  expect(user).toStrictEqual({ name: 'ann', roles: [{ name: 'reader' }, { name: 'owner' }] });
});
test('one more', () => {
  const found = pushed('a', 'b');
  expect(found).toEqual(['a']);
});
test('what only matches', () => {
  const found = { id: 7, name: pushed('a')[0] };
  expect(found).toEqual({ id: expect.any(Number), name: 'b' });
});
test('what a call makes', () => {
  const made = (cents) => ({ cents, currency: 'EUR' });
  expect(made(sum([1, 2]))).toEqual(made(4));
});
test('a number', () => {
  expect(settings.limit).toBe(4);
});
`;

const SENTENCES: readonly string[] = [
  "found[1] was not what ['a', wanted, 'c'] has there",
  'user.roles[1].name was not what {',
  "found[1] was not what ['a'] has there",
  'found.name was not what {',
  'made(sum([1, 2])).cents was not what made(4) has there',
  'settings.limit was not 4',
];

let folder: string;
let recording: string;

beforeAll(() => {
  folder = project({ 'compared.test.js': TESTS });
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  const recorded = run(folder, 'record', '--', process.execPath, 'node_modules/vitest/vitest.mjs', 'run');
  expect(recorded.status, recorded.stdout + recorded.stderr).toBe(1);
  recording = recordingOf(recorded);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(SENTENCES.map((sentence, i) => ({ sentence, number: i + 1 })))('$sentence', ({ sentence, number }) => {
  const answer = run(folder, 'why', `${recording}#${number}`, '--json');
  expect(json<{ readonly sentence: string }>(answer).sentence, answer.stdout).toContain(sentence);
  // texts of vitest's are no values of the program's
  expect(answer.stdout).not.toContain("'3'");
});

test('a failure stands in its own test, whatever the lines of the text are that ran', () => {
  const own = project({
    'package.json': '{ "type": "module" }',
    'calendar.ts': `export interface Event { id: string; title: string; start: string; minutes: number; tags: string[] }
export const first = (events: Event[]): string[] => events.slice(1).map(({ id }) => id);
export const withTag = (events: Event[], tag: string): void => events.forEach((event) => event.tags.push(tag));
`,
    // the second test's assertion stands in the line that the first one's has once types and space are taken away
    'calendar.test.ts': `import { expect, test } from 'vitest';
import { first, withTag, type Event } from './calendar.ts';

const events: Event[] = [
  { id: 'a', title: 'Dinner', start: '2024-03-09T20:30:00', minutes: 90, tags: ['home'] },
  { id: 'b', title: 'Standup', start: '2024-03-10T09:00:00', minutes: 15, tags: [] },
];

test('the first', () => {
  expect(first(events)).toEqual(['a']);
});

test('a day', () => {
  expect(events.length).toBe(2);
});

test('tags are added to copies', () => {
  withTag(events, 'work');
  expect(events[1]!.tags).toEqual([]);
});
`,
  });
  try {
    symlinkSync(path.resolve('node_modules'), path.join(own, 'node_modules'));
    const recorded = run(own, 'record', '--', process.execPath, 'node_modules/vitest/vitest.mjs', 'run');
    const { failures } = json<{ readonly failures: readonly { readonly place: { readonly line: number } }[] }>(
      run(own, 'info', recordingOf(recorded), '--json'),
    );
    expect(failures.map(({ place }) => place.line)).toEqual([10, 19]);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});
