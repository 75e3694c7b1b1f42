import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BlockLog } from './block-log.ts';
import { PlaceTable } from './place-table.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-places-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('places of more numbers than stay in memory are found, changed ones too, and again from the log', () => {
  const log = new BlockLog(path.join(folder, 'log'));
  const table = new PlaceTable(log);
  const many = 1_200_000;
  for (let id = 0; id < many; id += 3) table.set(id, id * 7);
  for (let id = 0; id < many; id += 99_999) table.set(id, id * 5 + 1);
  table.set(-4, 11);
  table.set(2 ** 40, 12);
  const check = (each: PlaceTable): void => {
    for (let id = 0; id < many; id += 1_001) {
      const expected = id % 99_999 === 0 ? id * 5 + 1 : id % 3 === 0 ? id * 7 : undefined;
      expect(each.get(id)).toBe(expected);
    }
    expect(each.get(many - 3)).toBe((many - 3) * 7);
    expect([each.get(99_999), each.get(-4), each.get(2 ** 40), each.get(many * 9)]).toEqual([
      99_999 * 5 + 1,
      11,
      12,
      undefined,
    ]);
  };
  check(table);
  const written = table.write();
  log.flush();
  check(new PlaceTable(log, written));
  log.close();
});
