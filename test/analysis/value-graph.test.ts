/** The way of a value as a graph: all operands, ways that come together, and what decided. */
import { expect, test } from 'vitest';
import { decision } from '../../trace-runtime/src/analysis/control.ts';
import { valueGraph } from '../../trace-runtime/src/analysis/value-graph.ts';
import { ask, done, standAtLine, lineOf, trace } from './kit.ts';

/** Nodes by their texts, and edges as `from > to label`. */
async function graphOf(source: string, expression: string) {
  const traced = await trace(source);
  const chain = ask(traced, source, expression);
  standAtLine(traced, lineOf(source, '// ask'));
  const decisions = done(decision(traced, traced.timeline.replay.stack.at(-1)!.serial));
  const { nodes, edges } = done(valueGraph(traced, chain, decisions));
  const name = (at: number): string => {
    const node = nodes[at]!;
    return node.kind === 'value' ? node.hop.text : `? ${node.decision.text}`;
  };
  return {
    nodes,
    edges: edges.map(({ from, to, label, kind }) =>
      `${name(from)} ${kind === 'control' ? '~>' : '>'} ${name(to)} ${label}`.trim(),
    ),
  };
}

test('each operand is followed to where it was made', async () => {
  const { edges } = await graphOf(
    `function area(width, height) {
  return width * height;
}
const wide = 2 + 1;
const found = area(wide, JSON.parse('4'));
report(found); // ask`,
    'found',
  );
  expect(edges).toContain('2 + 1 > width * height width');
  expect(edges.some((edge) => /^JSON\.parse\('4'\) > width \* height height$/.test(edge))).toBe(true);
});

test('operands of the same origin come from one node', async () => {
  const { nodes, edges } = await graphOf(
    `const base = Number('3');
const twice = base + base;
const both = twice * base;
report(both); // ask`,
    'both',
  );
  const origins = nodes.filter((node) => node.kind === 'value' && node.hop.text === "Number('3')");
  expect(origins).toHaveLength(1);
  expect(edges).toContain("Number('3') > base + base base");
  expect(edges).toContain("Number('3') > twice * base base");
  expect(edges).toContain('base + base > twice * base twice');
});

test('what decided stands beside it, and what it tested of the same origin leads there', async () => {
  const { edges } = await graphOf(
    `function check(n) {
  const next = n + 1;
  if (next > 2) {
    report(next); // ask
  }
}
check(4);`,
    'next',
  );
  expect(edges).toContain('n + 1 > ? next > 2 next');
  expect(edges.some((edge) => edge.startsWith('? next > 2 ~> '))).toBe(true);
  expect(edges.some((edge) => edge.startsWith('? check(4) ~> ? next > 2'))).toBe(true);
});

test('a graph that would be too large is cut, and says where', async () => {
  const { nodes } = await graphOf(
    `let sum = 0;
for (let i = 0; i < 200; i++) sum = sum + Math.sqrt(i);
report(sum); // ask`,
    'sum',
  );
  expect(nodes.length).toBeLessThanOrEqual(45);
  expect(nodes.some((node) => node.kind === 'value' && node.isCut)).toBe(true);
});

test('a long way is drawn by its beginning and its end', async () => {
  const { nodes, edges } = await graphOf(
    `function down(n) {
  if (n === 0) return Number('7');
  return down(n - 1);
}
const found = down(100);
report(found); // ask`,
    'found',
  );
  expect(nodes.filter(({ kind }) => kind === 'value')).toHaveLength(26);
  expect(edges.filter((edge) => /… \d+ more$/.test(edge))).toHaveLength(1);
  expect(nodes.some((node) => node.kind === 'value' && node.hop.text === "Number('7')")).toBe(true);
});
