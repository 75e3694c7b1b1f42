/** Programs whose native code opens files by itself, SQLite's databases among them: a rerun finds them, and changes none. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodes } from '../support/nodes.ts';
import { hasHelper } from '../transport/kit.ts';
import { Program, proves, TIMES, told } from './kit.ts';
import { NODE } from './program.ts';

const [, ...newer] = nodes();
/** Native code is led where there is a compiler for the helper. */
const ledTest = test.skipIf(!hasHelper);
const flags = ['--experimental-sqlite', '--no-warnings'];
/** The recorder's and the rerun's own ways to a failure. */
const LEVELS = ['full', 'light'] as const;

/** Fails as before, as often as the real files change; nothing is written; its mending is proved. */
async function leavesAlone(program: Program, changes: readonly (() => unknown)[], mend: () => void): Promise<void> {
  for (const change of [() => undefined, ...changes]) {
    change();
    const before = program.tree();
    for (let i = 0; i < TIMES; i++) {
      const still = await program.validate();
      expect(still.verdict, told(still)).toBe('still-failing');
    }
    expect(program.tree()).toEqual(before);
  }
  const before = program.tree();
  await proves(program, mend);
  expect(Object.keys(program.tree())).toEqual(Object.keys(before));
}

const SEED = `
  const { DatabaseSync } = require('node:sqlite');
  require('node:fs').mkdirSync('data', { recursive: true });
  const db = new DatabaseSync('data/app.db');
  db.exec("CREATE TABLE items (name TEXT, price REAL); INSERT INTO items VALUES ('a', 1), ('b', NULL)");
  db.close();
`;
const SUM = `
  function sum(rows) {
    let all = 0;
    for (const { name, price } of rows) {
      if (price === null) throw new TypeError('no price: ' + name);
      all += price;
    }
    return all;
  }
`;
const mend = (program: Program) => (): void => void program.edit('main.js', 'price === null', 'price === undefined');

function seeded(main: string, node: string): Program {
  const program = new Program({ 'seed.js': SEED, 'main.js': main + SUM });
  seed(program, node);
  return program;
}

function seed(program: Program, node: string): void {
  execFileSync(node, [...flags, 'seed.js'], { cwd: program.folder });
}

describe.each(newer)('node:sqlite of Node $version', ({ file: node }) => {
  ledTest.each(LEVELS)('a database that is changed, gone, or another now: %s', async (level) => {
    const program = seeded(
      `
        const { DatabaseSync } = require('node:sqlite');
        const fs = require('node:fs');
        const db = new DatabaseSync('data/app.db');
        db.exec('PRAGMA journal_mode = WAL; CREATE TABLE log (text)');
        const rows = db.prepare('SELECT name, price FROM items').all();
        db.exec('DELETE FROM items');
        db.close();
        const [is] = db.location ? [fs.statSync('data/app.db').size] : [0];
        const other = new DatabaseSync('data/app.db', { readOnly: true });
        if (other.prepare('SELECT count(*) AS n FROM items').get().n !== 0) throw new Error('it is not written');
        if (fs.readFileSync('data/app.db').length !== is) throw new Error('fs sees another file');
        if (other.location() !== fs.realpathSync('data/app.db')) throw new Error(other.location());
        console.log(sum(rows));
      `,
      node,
    );
    const recorded = await program.record([node, ...flags, 'main.js'], { level });
    expect(recorded.stderr).toContain('no price: b');
    const remake = (): void => {
      program.remove('data');
      seed(program, node);
    };
    await leavesAlone(program, [remake, () => program.remove('data')], mend(program));
  });

  ledTest('ATTACH, VACUUM INTO, backup and a temporary database', async () => {
    const program = seeded(
      `
        const { DatabaseSync, backup } = require('node:sqlite');
        const fs = require('node:fs');
        async function main() {
          const db = new DatabaseSync(':memory:');
          db.prepare('ATTACH ? AS app').run('data/app.db');
          db.exec("CREATE TABLE mine AS SELECT * FROM app.items; DELETE FROM app.items; ATTACH '' AS temporary");
          db.exec("VACUUM main INTO 'data/copy.db'; ATTACH 'file:data/third.db?mode=rwc' AS third; CREATE TABLE third.x (y)");
          if (backup) await backup(db, 'data/backup.db');
          fs.renameSync('data/copy.db', 'data/moved.db');
          const rows = new DatabaseSync('data/moved.db').prepare('SELECT * FROM mine').all();
          if (fs.readdirSync('data').length < 3) throw new Error('not all is there');
          console.log(sum(rows));
        }
        main();
      `,
      node,
    );
    await program.record([node, ...flags, 'main.js']);
    program.remove('data');
    await leavesAlone(program, [() => seed(program, node)], mend(program));
  });

  ledTest('a database that the program makes anew', async () => {
    const program = new Program({
      'main.js': `
        const { DatabaseSync } = require('node:sqlite');
        const fs = require('node:fs');
        for (const n of [1, 2]) {
          fs.rmSync('own.db', { force: true });
          const db = new DatabaseSync('own.db');
          db.exec("CREATE TABLE items (name, price); INSERT INTO items VALUES ('a', " + (n === 2 ? null : n) + ')');
          const rows = db.prepare('SELECT * FROM items').all();
          db.close();
          console.log(sum(rows));
        }
        ${SUM}
      `,
    });
    await program.record([node, ...flags, 'main.js'], { level: 'light' });
    await leavesAlone(program, [() => program.remove('own.db')], mend(program));
  });

  ledTest('a folder that was not there still is not', async () => {
    const program = new Program({
      'main.js': `
        const { DatabaseSync } = require('node:sqlite');
        const name = 'nowhere/own.db';
        new DatabaseSync(name).exec('CREATE TABLE x (y)');
      `,
    });
    await program.record([node, ...flags, 'main.js']);
    const made = (): unknown => program.write({ 'nowhere/there': '' });
    await leavesAlone(program, [made], () => program.edit('main.js', 'nowhere/own.db', 'own.db'));
  });

  ledTest('another database that holds something is in doubt', async () => {
    const program = seeded(
      `
        const { DatabaseSync } = require('node:sqlite');
        const db = new DatabaseSync('data/app.db');
        const rows = db.prepare('SELECT name, price FROM items').all();
        console.log(sum(rows));
      `,
      node,
    );
    await program.record([node, ...flags, 'main.js']);
    copyFileSync(program.at('data/app.db'), program.at('data/other.db'));
    program.edit('main.js', 'price === null', 'price === undefined').edit('main.js', 'app.db', 'other.db');
    const before = program.tree();
    const answer = await program.validate();
    expect(answer.verdict, told(answer)).toBe('inconclusive');
    expect(told(answer)).toContain('data/other.db');
    const live = await program.validate(['--live', 'files']);
    expect(live.verdict, told(live)).toBe('fixed');
    expect(program.tree()).toEqual(before);
  });

  test('without the native helper it is in doubt', async () => {
    const program = seeded(
      `
        const { DatabaseSync } = require('node:sqlite');
        console.log(sum(new DatabaseSync('data/app.db').prepare('SELECT name, price FROM items').all()));
      `,
      node,
    );
    await program.hindcast(['record', '--portable', '--', node, ...flags, 'main.js']);
    program.edit('main.js', 'price === null', 'price === undefined');
    const answer = await program.validate();
    expect(answer.verdict, told(answer)).toBe('inconclusive');
    expect(told(answer)).toContain('node:sqlite');
  });
});

describe.skipIf(!hasHelper)('an addon', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-addon-'));
  const addon = path.join(folder, 'files.node');
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers') as { include_dir: string };
    const source = path.join(import.meta.dirname, 'files-addon.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-I', headers, '-o', addon, source]);
  });

  function program(main: string): Program {
    const made = new Program({ 'in/list.txt': 'one\n', 'in/more.txt': 'two\n', 'log.txt': 'begin\n', 'main.js': main });
    copyFileSync(addon, made.at('files.node'));
    return made;
  }
  const MAIN = `
    const addon = require('./files.node');
    const fs = require('node:fs');
    const names = addon.list('in');
    addon.append('log.txt', addon.read('in/list.txt'));
    addon.mkdir('out');
    addon.replace('out/result.txt', 'made');
    addon.replace('in/list.txt', 'other');
    addon.remove('in/more.txt');
    const limit = 3;
    function check() {
      const told = [
        names, addon.list('in'), addon.list('out'), addon.size('in/more.txt'), addon.size('in/list.txt'),
        fs.readFileSync('log.txt', 'utf8'), fs.readFileSync('out/result.txt', 'utf8'), fs.existsSync('in/more.txt'),
        fs.readFileSync('in/list.txt', 'utf8'),
      ].join();
      if (told.length > limit) throw new RangeError(told);
    }
    check();
  `;

  test.each(LEVELS)('reads what it read, and writes into the overlay: %s', async (level) => {
    const made = program(MAIN);
    const { stderr } = await made.record([NODE, 'main.js'], { level });
    expect(stderr).toContain('RangeError: list.txt,more.txt,list.txt,result.txt,-1,5,begin\none\n,made,false,other');
    const changes = [
      () => made.write({ 'in/list.txt': 'x'.repeat(500), 'in/third.txt': '', 'log.txt': '' }),
      () => made.remove('in').remove('out').remove('log.txt'),
    ];
    await leavesAlone(made, changes, () => made.edit('main.js', 'limit = 3', 'limit = 300'));
  });

  test('in threads, one after the other', async () => {
    const made = program(`
      const { Worker } = require('node:worker_threads');
      const run = (n) => new Promise((resolve, reject) => {
        new Worker(__dirname + '/worker.js', { workerData: n }).on('error', reject).on('exit', resolve);
      });
      run(1).then(() => run(2)).then(() => run(3)).then(() => {
        const told = require('node:fs').readFileSync('log.txt', 'utf8');
        const limit = 3;
        if (told.length > limit) throw new RangeError(told);
      });
    `);
    made.write({
      'worker.js':
        "require('./files.node').append('log.txt', 'of ' + require('node:worker_threads').workerData + '\\n');",
    });
    const { stderr } = await made.record([NODE, 'main.js']);
    expect(stderr).toContain('RangeError: begin\nof 1\nof 2\nof 3\n');
    await leavesAlone(made, [() => made.remove('log.txt')], () => made.edit('main.js', 'limit = 3', 'limit = 300'));
  });

  test('without the native helper it is in doubt', async () => {
    const made = program(MAIN);
    await made.hindcast(['record', '--portable', '--', NODE, 'main.js']);
    made.remove('out').edit('main.js', 'limit = 3', 'limit = 300');
    made.write({ 'in/more.txt': '' });
    const answer = await made.validate();
    expect(answer.verdict, told(answer)).toBe('inconclusive');
    expect(told(answer)).toContain('files.node');
  });
});
