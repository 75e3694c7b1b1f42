import { expect, test } from 'vitest';
import { describeDifference, type DiffAnswer, type Links } from './difference.ts';

const LINKS: Links = {
  replay: (recording, moment) => `replay:${recording}@${moment}`,
  place: (path, line) => `open:${path}:${line}`,
  shown: (path) => path.slice(1),
  title: (verdict) => verdict,
};
const OF = { failing: 'A', rerun: 'B', case: 'adds up', title: 'adds up' };

function sideAt(moment: number) {
  const place = { path: '/cart.js', line: 7 };
  return { stream: 2, moment, functionName: 'total', place, stack: [{ functionName: 'total', place }] };
}

const ANSWER: DiffAnswer = {
  alike: false,
  sentence: 'Both runs are alike for 1,204 events; then `name` at cart.js:7:9 differs.',
  streams: [
    {
      control: null,
      value: {
        kind: 'value',
        events: 37,
        what: '`name`',
        valueA: "'<b>'",
        valueB: "'b'",
        isIdentity: false,
        a: sideAt(38),
        b: sideAt(40),
        variables: [{ name: 'name', a: "'<b>'", b: null }],
      },
      edits: [],
      inputs: [],
      exitCodes: [null, null],
    },
  ],
};

function check(answer: DiffAnswer, ...parts: readonly string[]): void {
  const page = describeDifference('What differs', OF, answer, LINKS);
  for (const part of parts) expect(page).toContain(part);
}

test('both values are named, and a link leads to each run where they differ', () => {
  check(
    ANSWER,
    '<p>Both runs are alike for 1,204 events.</p>',
    '<code>name</code> is <code>&#39;&#60;b&#62;&#39;</code> in the failing run and <code>&#39;b&#39;</code> in the rerun',
    'href="replay:A@2:38"',
    'href="replay:B@2:40"',
    '<a title="/cart.js" href="open:/cart.js:7">cart.js:7</a>',
    '<em>not there</em>',
  );
});

test('what comes first is told first: here the way', () => {
  const [stream] = ANSWER.streams;
  const { a, b, variables } = stream!.value!;
  const control = {
    kind: 'control',
    events: 12,
    a,
    b,
    variables,
    goesA: 'takes `if (a < b)`',
    goesB: 'does not',
  } as const;
  const page = describeDifference('What differs', OF, { ...ANSWER, streams: [{ ...stream!, control }] }, LINKS);
  expect(page).toContain('The failing run takes <code>if (a &#60; b)</code>, the rerun does not');
  expect(page.indexOf('go different ways')).toBeLessThan(page.indexOf('first value that differs'));
});

test('runs that are alike say so', () => {
  check(
    { alike: true, sentence: 'Both runs are alike in 4 calls.', streams: [] },
    '<p>Both runs are alike in 4 calls.</p>',
  );
});

test('a page about a rerun begins with its verdict', () => {
  const outcome = { verdict: 'fixed', reasons: [{ text: 'it passes', place: null }] } as const;
  const page = describeDifference('What if', { ...OF, outcome }, ANSWER, LINKS);
  expect(page).toContain('<p class="outcome fixed">fixed</p><ul><li>it passes</li></ul>');
});
