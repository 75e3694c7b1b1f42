import { expect, test } from 'vitest';
import { Database } from './sqlite.ts';

test('a part’s tables are brought up to date step by step, and a newer version is refused', () => {
  using database = new Database(':memory:');
  database.use({ name: 'notes', steps: ['CREATE TABLE note (text TEXT) STRICT'] });
  database.use({
    name: 'notes',
    steps: ['CREATE TABLE note (text TEXT) STRICT', 'ALTER TABLE note ADD COLUMN time INTEGER'],
  });
  database.run('INSERT INTO note VALUES (?, ?)', 'first', 1);
  expect(database.all('SELECT * FROM note')).toEqual([{ text: 'first', time: 1 }]);
  expect(() => database.use({ name: 'notes', steps: [] })).toThrow('have version 2, and this Hindcast knows 0');
});

test('a transaction that throws leaves nothing', () => {
  using database = new Database(':memory:');
  database.use({ name: 'notes', steps: ['CREATE TABLE note (text TEXT) STRICT'] });
  const fail = (): void =>
    database.transaction(() => {
      database.run('INSERT INTO note VALUES (?)', 'lost');
      throw new Error('halfway');
    });
  expect(fail).toThrow('halfway');
  expect(database.all('SELECT * FROM note')).toEqual([]);
});
