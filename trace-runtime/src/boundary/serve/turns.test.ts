import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const KEY = 'message.in child 1';

/** Two messages of which Node reads both at once now. What happens, in its order. */
async function heard(readAtOnce: readonly number[]): Promise<readonly string[]> {
  const order: string[] = [];
  let ticks = 0;
  const allArrived = new Promise<void>((arrived) => {
    const turns = createTurns([KEY, KEY], [0, 1], readAtOnce, {
      gaveUp: () => order.push('gave up'),
      arrived,
      late: () => undefined,
      comes: () => undefined,
      jump: () => undefined,
      currentTick: () => ticks,
    });
    for (const name of ['one', 'two'])
      process.nextTick(() =>
        turns.arrive(KEY, () => {
          ticks++;
          order.push(name);
          void Promise.resolve().then(() => order.push(`behind ${name}`));
        }),
      );
  });
  await allArrived;
  await new Promise(setImmediate);
  return order;
}

test('messages that were read one by one come one by one, although they are read at once now', async () => {
  expect(await heard([])).toEqual(['one', 'behind one', 'two', 'behind two']);
});

test('messages that were read at once come together', async () => {
  expect(await heard([1])).toEqual(['one', 'two', 'behind one', 'behind two']);
});
