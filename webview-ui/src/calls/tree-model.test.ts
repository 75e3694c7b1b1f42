import { expect, test } from 'vitest';
import type { CallAnswer, CallPathAnswer, CallTreeAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { TreeModel } from './tree-model.ts';

/** Everybody calls 250 others: the children of n are 1000n + 1 and up; those beyond 10⁹ call nobody. */
const CHILDREN = 250;

function call(serial: number): CallAnswer {
  const common = { name: '', path: '', line: 0, first: 0, last: 0, ending: 'returned', inside: 0 } as const;
  return { ...common, call: serial, hasChildren: serial < 1e9 };
}

function pathOf(serial: number): CallPathAnswer {
  const path: { call: CallAnswer; index: number }[] = [];
  for (let at = serial; at > 0; at = Math.floor(at / 1000)) path.unshift({ call: call(at), index: (at % 1000) - 1 });
  return { path };
}

function make() {
  const asked: string[] = [];
  const tree = new TreeModel(
    (parent, start, count): Promise<CallTreeAnswer> => {
      asked.push(`${parent} ${start}`);
      const length = Math.min(count, CHILDREN - start);
      const calls = Array.from({ length }, (_, i) => call(parent * 1000 + start + i + 1));
      return Promise.resolve({ threadId: 1, parent, total: CHILDREN, start, calls });
    },
    (serial) => Promise.resolve(pathOf(serial)),
  );
  const chosen = () => tree.rows.row(tree.chosen.value)?.call?.call;
  return { tree, asked, chosen };
}

test('a call far down is revealed with its callers, and what it takes is asked for once', async () => {
  const { tree, asked, chosen } = make();
  expect(await tree.reveal(2_150_003)).toBe(3);
  expect(chosen()).toBe(2_150_003);
  expect(tree.revealed.value).toBe(tree.chosen.value);
  expect(asked).toEqual(['0 0', '2 100', '2150 0']);
  await tree.reveal(2_150_004);
  expect(asked).toHaveLength(3);
  expect(chosen()).toBe(2_150_004);
});

test('keys open, go in, close and go out', async () => {
  const { tree, chosen } = make();
  await tree.reveal(3);
  const row = () => tree.rows.row(tree.chosen.value)!;
  tree.right(row());
  expect([chosen(), row().isOpen, tree.rows.count]).toEqual([3, true, CHILDREN + 1]);
  tree.visible(0, 10);
  await Promise.resolve();
  await Promise.resolve();
  tree.right(row());
  expect(chosen()).toBe(3001);
  tree.left(row());
  expect(chosen()).toBe(3);
  tree.left(row());
  expect([row().isOpen, tree.rows.count]).toEqual([false, CHILDREN]);
});

test('of two calls to be revealed the later one is chosen, whatever comes first', async () => {
  const { tree, chosen } = make();
  const [first] = await Promise.all([tree.reveal(2_150_003), tree.reveal(5)]);
  expect([first, chosen()]).toEqual([undefined, 5]);
});

test('what was asked for about another recording is not shown', async () => {
  const { tree } = make();
  const revealed = tree.reveal(7);
  tree.clear();
  expect(await revealed).toBeUndefined();
  expect(tree.rows.row(0)?.call).toBeUndefined();
});
