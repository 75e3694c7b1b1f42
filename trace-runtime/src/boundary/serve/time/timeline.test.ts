import { expect, test } from 'vitest';
import { deliverAt } from './held.ts';
import { Timeline, type Due } from './timeline.ts';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** As soon as so much has come, and a little longer. */
async function until(seen: readonly string[], count: number): Promise<void> {
  for (let waited = 0; seen.length < count && waited < 5000; waited += 5) await pause(5);
  await pause(20);
}
/** The thread stands still. */
const stall = (milliseconds: number): unknown =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** What comes when it is due, its name and virtual now. */
function collect(): {
  readonly timeline: Timeline;
  readonly seen: string[];
  at(due: number, name: string, more?: () => void): Due;
} {
  const timeline = new Timeline();
  const seen: string[] = [];
  const at = (due: number, name: string, more?: () => void): Due =>
    deliverAt(timeline, due, () => {
      seen.push(`${name} ${timeline.now()}`);
      more?.();
    });
  return { timeline, seen, at };
}

test('what is due comes in the order of its time, and of its making where that is the same', async () => {
  const { seen, at } = collect();
  at(20, 'late');
  at(10, 'one');
  at(10, 'other');
  at(0, 'now');
  await until(seen, 4);
  expect(seen).toEqual(['now 0', 'one 10', 'other 10', 'late 20']);
});

test('what is expected holds back what is due after it, until it is there', async () => {
  const { timeline, seen, at } = collect();
  const expected = timeline.expect(5, 5000);
  at(10, 'timer');
  await pause(80);
  expect(seen).toEqual([]);
  timeline.here(expected, () => seen.push(`answer ${timeline.now()}`));
  await until(seen, 2);
  expect(seen).toEqual(['answer 5', 'timer 10']);
});

test('what is there before its time waits for it', async () => {
  const { timeline, seen, at } = collect();
  const expected = timeline.expect(30, 5000);
  timeline.here(expected, () => seen.push('answer'));
  at(20, 'timer');
  await until(seen, 2);
  expect(seen).toEqual(['timer 20', 'answer']);
});

test('what is expected and does not come is given up, and comes late when it comes', async () => {
  const { timeline, seen, at } = collect();
  const expected = timeline.expect(5, 20);
  at(10, 'timer');
  await until(seen, 1);
  expect(seen).toEqual(['timer 10']);
  timeline.here(expected, () => seen.push('answer'));
  await until(seen, 2);
  expect(seen).toEqual(['timer 10', 'answer']);
});

test('what is begun where something comes is due after its time, however long the thread took', async () => {
  const { timeline, seen, at } = collect();
  at(10, 'first', () => {
    stall(60);
    at(timeline.now() + 5, 'inner');
  });
  at(30, 'second');
  await until(seen, 3);
  expect(seen).toEqual(['first 10', 'inner 15', 'second 30']);
});

test('between two deliveries time goes on, and never past what is due next', async () => {
  const { timeline, seen, at } = collect();
  at(0, 'begin');
  at(300, 'end');
  await until(seen, 1);
  const now = timeline.now();
  expect(now).toBeGreaterThan(0);
  expect(now).toBeLessThanOrEqual(300);
  const expected = timeline.expect(200, 5000);
  stall(500);
  await pause(0);
  expect(timeline.now()).toBeLessThanOrEqual(200);
  timeline.here(expected, () => undefined);
  await until(seen, 2);
  expect(seen).toEqual(['begin 0', 'end 300']);
});

test('what is forgotten or gone neither comes nor holds back', async () => {
  const { timeline, seen, at } = collect();
  timeline.forget(at(5, 'forgotten'));
  timeline.forget(timeline.expect(6, 5000));
  timeline.add(
    7,
    () => seen.push('gone'),
    () => true,
    false,
  );
  at(10, 'timer');
  await until(seen, 1);
  expect(seen).toEqual(['timer 10']);
});

test('code that ran before it began something moves its time', async () => {
  const { timeline, seen, at } = collect();
  at(0, 'begin', () => {
    at(timeline.now() + 10, 'one');
    timeline.ran(3);
    at(timeline.now() + 8, 'other');
  });
  await until(seen, 3);
  expect(seen).toEqual(['begin 0', 'one 10', 'other 11']);
});
