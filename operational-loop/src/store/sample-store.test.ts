import { appendFileSync, mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import type { SeriesKey } from '../model/series.ts';
import { SampleStore, type Resolution } from './sample-store.ts';

const retention = { raw: 1e12, s10: 1e12, m1: 1e12 };
const start = 1_700_000_000_000;
const folderOf = (): string => mkdtempSync(path.join(tmpdir(), 'hindcast-samples-'));
const open = (folder: string, now = (): number => start + 1e9): Promise<SampleStore> =>
  SampleStore.open({ folder, clock: { now }, retention });
const key = (name: string, labels: Record<string, string> = {}, kind: 'gauge' | 'counter' = 'gauge'): SeriesKey => ({
  name,
  kind,
  labels,
});
const rows = (store: SampleStore, resolution: Resolution = 'raw', id = 0): (readonly [number, number])[] => {
  const { times, values } = store.read(id, -Infinity, Infinity, resolution);
  return Array.from(times, (time, at) => [time - start, values[at] as number]);
};

test('samples are read back from memory, from the log and from segments alike', async () => {
  const folder = folderOf();
  const expected = Array.from({ length: 500 }, (_, at) => [at * 1000, Math.sin(at)]);
  {
    await using store = await open(folder);
    for (const [at = 0, value = 0] of expected.slice(0, 200)) store.append(key('a'), start + at, value);
    await store.seal();
    for (const [at = 0, value = 0] of expected.slice(200)) store.append(key('a'), start + at, value);
    expect(rows(store)).toEqual(expected);
  }
  await using again = await open(folder);
  expect(again.problems).toEqual([]);
  expect(rows(again)).toEqual(expected);
  await again.seal();
  expect(rows(again)).toEqual(expected);
  expect(readdirSync(folder).filter((file) => file.endsWith('.seg'))).toHaveLength(6);
});

test('a stretch of time is read without its end', async () => {
  await using store = await open(folderOf());
  for (let at = 0; at < 10; at++) store.append(key('a'), start + at * 1000, at);
  expect([...store.read(0, start + 2000, start + 5000, 'raw').values]).toEqual([2, 3, 4]);
});

test('rows of a second, ten seconds and a minute are those of a plain computation, whatever segments they are cut into', async () => {
  const random = new Random(7);
  await using store = await open(folderOf());
  const samples: [number, number][] = [];
  for (let at = 0; at < 200_000; at += random.between(50, 900)) samples.push([at, random.between(-500, 500) / 4]);
  for (const [index, [at, value]] of samples.entries()) {
    store.append(key('a'), start + at, value);
    if (index % 97 === 96) await store.seal();
  }
  for (const [resolution, ms] of [
    ['1s', 1000],
    ['10s', 10_000],
    ['1m', 60_000],
  ] as const) {
    const groups = grouped(samples, ms);
    const columns = store.read(0, -Infinity, Infinity, resolution);
    expect([...columns.times].map((time) => time - (start - (start % ms)))).toEqual([...groups.keys()]);
    expect([...columns.values]).toEqual([...groups.values()].map((group) => group.at(-1)));
    expect([...columns.min]).toEqual([...groups.values()].map((group) => Math.min(...group)));
    expect([...columns.max]).toEqual([...groups.values()].map((group) => Math.max(...group)));
    expect([...columns.sum]).toEqual([...groups.values()].map((group) => group.reduce((one, other) => one + other, 0)));
    expect([...columns.count]).toEqual([...groups.values()].map((group) => group.length));
  }
});

function grouped(samples: readonly (readonly [number, number])[], ms: number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [at, value] of samples) {
    const row = Math.floor((at + (start % ms)) / ms) * ms;
    groups.set(row, [...(groups.get(row) ?? []), value]);
  }
  return groups;
}

test('late, double, endless and far future samples are counted and dropped', async () => {
  await using store = await open(folderOf(), () => start);
  for (const [at, value] of [
    [0, 1],
    [0, 2],
    [-5, 3],
    [1, Number.NaN],
    [2, Infinity],
    [700_000, 4],
    [3, 5],
  ] as const) {
    store.append(key('a'), start + at, value);
  }
  expect(rows(store)).toEqual([
    [0, 1],
    [3, 5],
  ]);
  expect(store.counts).toMatchObject({ samples: 2, late: 2, refused: 3 });
});

test('series are told apart by name and labels in whatever order, and found by some of them', async () => {
  await using store = await open(folderOf());
  store.append(key('a', { service: 's', instance: '1' }), start, 1);
  store.append(key('a', { instance: '1', service: 's' }), start + 1, 2);
  store.append(key('a', { service: 's', instance: '2' }), start, 3);
  store.append(key('b', { service: 's', instance: '1' }), start, 4);
  expect(store.series({ name: 'a' }).map(({ labels }) => labels['instance'])).toEqual(['1', '2']);
  expect(store.series({ labels: { instance: '1' } }).map(({ name }) => name)).toEqual(['a', 'b']);
  expect(rows(store)).toHaveLength(2);
});

test('what is older than its retention goes, and rollups stay longer', async () => {
  const folder = folderOf();
  let now = start;
  await using store = await SampleStore.open({
    folder,
    clock: { now: () => now },
    retention: { raw: 60_000, s10: 600_000, m1: 1e12 },
  });
  for (let at = 0; at < 1000; at++) {
    now = start + at * 1000;
    store.append(key('a'), now, at);
    if (at % 30 === 29) await store.seal();
  }
  expect(rows(store).length).toBeLessThan(200);
  expect(rows(store, '10s').length).toBeLessThan(90);
  expect(rows(store, '10s').length).toBeGreaterThan(60);
  expect(rows(store, '1m')).toHaveLength(17 + (start % 60_000 > 20_000 ? 1 : 0));
});

test('after the clock was set back samples go on, and stand for what was measured at those times before', async () => {
  const folder = folderOf();
  let now = start;
  const opened = (): Promise<SampleStore> => SampleStore.open({ folder, clock: { now: () => now }, retention });
  const appended = async (store: SampleStore, seconds: number, value: number): Promise<void> => {
    for (let at = 0; at < seconds; at++, now += 1000) {
      store.append(key('a'), now, value);
      if (at % 20 === 19) await store.seal();
    }
  };
  const expected = [
    ...Array.from({ length: 50 }, (_, at) => [at * 1000, 1]),
    ...Array.from({ length: 30 }, (_, at) => [(50 + at) * 1000, 2]),
    ...Array.from({ length: 20 }, (_, at) => [(80 + at) * 1000, 1]),
  ];
  {
    await using store = await opened();
    await appended(store, 100, 1);
    now = start + 50_000;
    await appended(store, 15, 2);
    expect(store.counts).toMatchObject({ samples: 115, late: 0 });
    await store.flush();
  }
  {
    await using store = await opened();
    await appended(store, 15, 2);
    expect(store.counts.late).toBe(0);
    expect(rows(store)).toEqual(expected);
    await store.seal();
    expect(rows(store)).toEqual(expected);
    expect(rows(store, '10s').reduce((sum, [, value]) => sum + (value as number), 0)).toBe(5 + 3 * 2 + 2);
  }
});

test('a clock that is set far forward, and right again, costs nothing that was kept', async () => {
  const YEAR = 365 * 86_400_000;
  const folder = folderOf();
  let now = start;
  await using store = await SampleStore.open({
    folder,
    clock: { now: () => now },
    retention: { raw: 7_200_000, s10: 7_200_000, m1: 7_200_000 },
  });
  const measure = async (): Promise<void> => {
    for (let at = 0; at < 60; at++, now += 1000) store.append(key('a'), now, at);
    await store.seal();
  };
  await measure();
  now += YEAR;
  await measure();
  now -= YEAR;
  await measure();
  expect(store.counts).toMatchObject({ samples: 180, late: 0, refused: 0 });
  expect(rows(store).filter(([time]) => (time as number) < YEAR)).toHaveLength(120);
  for (let minute = 0; minute < 480; minute++) {
    now += 60_000;
    store.append(key('a'), now, 0);
    if (minute % 20 === 0) await store.seal();
  }
  const hour = 3_600_000;
  expect(store.read(0, start + 3 * hour, start + 4 * hour, 'raw').times).toHaveLength(0);
  expect(store.read(0, start + 7 * hour, start + 8 * hour, 'raw').times).toHaveLength(60);
});

test('many small segments become few large ones with the same samples', async () => {
  const folder = folderOf();
  const expected: [number, number][] = [];
  {
    await using store = await open(folder);
    for (let at = 0; at < 700; at++) {
      store.append(key('a'), start + at * 1000, at);
      expected.push([at * 1000, at]);
      if (at % 10 === 9) await store.seal();
    }
    expect(readdirSync(folder).filter((file) => file.startsWith('raw'))).toHaveLength(7);
    expect(rows(store)).toEqual(expected);
  }
  await using again = await open(folder);
  expect(rows(again)).toEqual(expected);
});

test('files are private to the user', { skip: process.platform === 'win32' }, async () => {
  const folder = path.join(folderOf(), 'samples');
  await using store = await open(folder);
  store.append(key('a'), start, 1);
  await store.seal();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(folder)) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
});

test('a log torn anywhere gives back its beginning, says so, and goes on', async () => {
  const random = new Random(11);
  for (let round = 0; round < 40; round++) {
    const folder = folderOf();
    {
      await using store = await open(folder);
      for (let at = 0; at < 60; at++) {
        store.append(key('a'), start + at, at);
        if (at % 10 === 9) await store.flush();
      }
    }
    const log = path.join(folder, 'wal-1.log');
    const { size } = statSync(log);
    if (round % 2 === 0) truncateSync(log, random.below(size));
    else damage(log, random.below(size - 8) + 8, random);
    const torn = await kept(folder, 60);
    expect(torn.kept % 10, `round ${round}`).toBe(0);
    expect(torn.problems.length).toBeGreaterThanOrEqual(torn.kept === 60 || torn.onBorder ? 0 : 1);
    expect((await kept(folder, 61)).problems).toEqual([]);
  }
});

/** Opens, checks that what is there is a beginning of 0, 1, 2…, and appends one more. */
async function kept(
  folder: string,
  next: number,
): Promise<{ kept: number; problems: readonly string[]; onBorder: boolean }> {
  await using store = await open(folder);
  const found = rows(store).filter(([at]) => at < 60);
  expect(found).toEqual(found.map((_, at) => [at, at]));
  store.append(key('a'), start + next, next);
  const onBorder = store.problems.length === 0;
  return { kept: found.length, problems: store.problems, onBorder };
}

function damage(file: string, at: number, random: Random): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] as number) ^ (1 + random.below(255));
  writeFileSync(file, bytes);
}

test('a segment torn or damaged anywhere costs no more than the blocks that were hit, and is never read wrongly', async () => {
  const random = new Random(13);
  for (let round = 0; round < 60; round++) {
    const folder = folderOf();
    {
      await using store = await open(folder);
      for (let at = 0; at < 50; at++) {
        for (let id = 0; id < 8; id++) store.append(key('a', { id: String(id) }), start + at, at * id);
      }
      await store.seal();
    }
    const file = path.join(folder, 'raw-1-1.seg');
    const { size } = statSync(file);
    if (round % 3 === 0) truncateSync(file, random.below(size));
    else if (round % 3 === 1) damage(file, random.below(size), random);
    else appendFileSync(file, random.bytes(random.between(1, 40)));
    await using store = await open(folder);
    let whole = 0;
    for (let id = 0; id < 8; id++) {
      const found = rows(store, 'raw', id);
      if (found.length > 0) expect(found).toEqual(Array.from({ length: 50 }, (_, at) => [at, at * id]));
      if (found.length > 0) whole++;
    }
    if (round % 3 === 1 && store.problems.length === 0) expect(whole).toBeGreaterThanOrEqual(7);
    if (round % 3 === 2) expect(whole).toBe(8);
    expect(rows(store, '1m', 3)).not.toEqual([]);
  }
});

test('a newer format is refused with a sentence that names the file', async () => {
  const folder = folderOf();
  {
    await using store = await open(folder);
    store.append(key('a'), start, 1);
  }
  const log = path.join(folder, 'series.log');
  const bytes = readFileSync(log);
  bytes.writeUInt32LE(9, 4);
  writeFileSync(log, bytes);
  await expect(open(folder)).rejects.toThrow('series.log has version 9');
});
