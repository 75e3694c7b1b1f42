import { expect, test } from 'vitest';
import type { WhyAnswer } from '../../../trace-runtime/src/model/why-answers.ts';
import { code, toMarkdown } from './why-markdown.ts';

const at = (name: string, line: number) => ({ path: `/p/${name}`, name, line });

const WHY: WhyAnswer = {
  title: 'TypeError: a is not a function',
  sentence: 'a was 3: a was set to b[1]',
  place: at('src/a.js', 4),
  hops: [
    {
      ...at('src/a.js', 9),
      moment: '1:9',
      at: '1:9',
      text: 'a',
      value: '3',
      what: 'a was set.',
      kind: 'copy',
      inputs: [],
      folded: 0,
    },
    {
      ...at('src/a.js', 4),
      moment: '1:4',
      at: '1:4',
      text: '1 + 2',
      value: '3',
      what: 'It was computed as 1 + 2.',
      kind: 'operation',
      inputs: [
        { text: 'x', value: '1' },
        { text: 'y', value: '2' },
      ],
      folded: 0,
    },
  ],
  decisions: [
    {
      ...at('src/a.js', 8),
      moment: '1:8',
      at: '1:8',
      isCondition: true,
      text: 'a > 2',
      sentence: 'a > 2 was true.',
      tests: [],
    },
  ],
  graph: null,
};

test('the answer reads from the origin to the failure, then what decided, then suspects', () => {
  const suspects = [
    { ...at('src/a.js', 4), moment: null, text: 'a = 1 + 2', sentence: 'With `1` instead of `2`, it *ends*.' },
  ];
  expect(toMarkdown(WHY, { suspects, failing: 1, passing: 0, tried: 0, left: 0, fault: 'No.' })).toBe(
    `## TypeError: a is not a function

a was 3: a was set to b\\[1\\] (\`src/a.js:4\`).

### Where it came from

1. \`1 + 2 = 3\` at \`src/a.js:4\`: It was computed as 1 + 2.
   - \`x = 1\`
   - \`y = 2\`
2. \`a = 3\` at \`src/a.js:9\`: a was set.

### What decided

- a \\> 2 was true. \`src/a.js:8\`

### Suspects

No rerun of the program has confirmed one.

1. \`src/a.js:4\` \`a = 1 + 2\`: With \`1\` instead of \`2\`, it \\*ends\\*.

Changes of the program were not tried: No.
`,
  );
});

test('code that has backticks stays code', () => {
  expect(code('`${a}`')).toBe('`` `${a}` ``');
  expect(code('a\n  b')).toBe('`a b`');
});

test('a value that is not known is not written', () => {
  const hop = { ...WHY.hops[1]!, value: '', inputs: [] };
  const markdown = toMarkdown({ ...WHY, hops: [hop] }, undefined);
  expect(markdown).toContain('1. `1 + 2` at `src/a.js:4`: It was computed as 1 + 2.');
});
