/** Directories, file handles, streams and watchers: as they were, with what the program wrote itself. */
import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { Program, proves, TIMES } from './kit.ts';

vi.setConfig({ testTimeout: 180_000 * TIMES });

const run = (...args: readonly string[]): readonly string[] => [process.execPath, ...args];

test.each([
  ['in rounds', `for await (const entry of await fs.promises.opendir(folder)) add(entry);`],
  [
    'one by one',
    `const dir = await fs.promises.opendir(folder); for (let entry; (entry = await dir.read()); ) add(entry); await dir.close();`,
  ],
  [
    'at once',
    `const dir = fs.opendirSync(folder); for (let entry; (entry = dir.readSync()); ) add(entry); dir.closeSync();`,
  ],
  [
    'by callbacks',
    `await new Promise((resolve) => fs.opendir(folder, (_, dir) => {
      const next = () => dir.read((_, entry) => (entry ? (add(entry), next()) : dir.close(resolve)));
      next();
    }));`,
  ],
])('a directory that is gone, read %s, with files that the program made', async (_, read) => {
  const program = new Program({
    'data/a.txt': 'a',
    'data/b.txt': 'bb',
    'data/deep/c.txt': 'c',
    'main.js': `
      const fs = require('node:fs');
      async function list(folder) {
        const found = [];
        const add = (entry) => found.push(entry.name + (entry.isDirectory() ? '/' : '') + (entry.parentPath === folder || entry.path === folder ? '' : '?'));
        ${read}
        return found.sort().join();
      }
      async function main() {
        const before = await list('data');
        fs.writeFileSync('data/made.txt', '');
        fs.mkdirSync('data/more');
        fs.rmSync('data/b.txt');
        const after = await list('data');
        const made = await list('data/more');
        if (before !== 'a.txt,b.txt,deep/' || after !== 'a.txt,deep/,made.txt,more/' || made !== '') throw new RangeError([before, after, made].join(' | '));
        const sizes = after.split(',').filter((name) => !name.endsWith('/')).map((name) => fs.statSync('data/' + name).size);
        const least = Math.min(...sizes);
        if (least < 1) throw new Error('empty: ' + sizes);
      }
      main();`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toContain('empty: 1,0');
  program.remove('data');
  await proves(program, () => program.edit('main.js', "'data/made.txt', ''", "'data/made.txt', 'm'"));
});

test('file handles, lines and streams of files that are gone, and of files that the program wrote', async () => {
  const program = new Program({
    'in.csv': 'name,price\ntea,3\ncup,x\n',
    'main.js': `
      const fs = require('node:fs');
      const { pipeline } = require('node:stream/promises');
      const readline = require('node:readline');
      async function main() {
        const handle = await fs.promises.open('in.csv');
        const head = Buffer.alloc(4);
        await handle.read(head, 0, 4, 0);
        const { size } = await handle.stat();
        const rows = [];
        for await (const line of handle.readLines({ start: 0 })) rows.push(line);
        await pipeline(fs.createReadStream('in.csv'), fs.createWriteStream('copy.csv'));
        const copied = [];
        for await (const line of readline.createInterface({ input: fs.createReadStream('copy.csv') })) copied.push(line);
        const out = await fs.promises.open('out.txt', 'w+');
        await out.write('sum ');
        await out.appendFile('of ' + rows.length);
        await out.close();
        const text = await fs.promises.readFile('out.txt', 'utf8');
        if (String(head) !== 'name' || size !== 23 || rows.join() !== copied.join() || text !== 'sum of 3') throw new RangeError([head, size, rows, copied, text].join('|'));
        console.log(sum(rows.slice(1)));
      }
      function sum(rows) {
        const prices = rows.map((row) => Number(row.split(',')[1]));
        const bad = prices.findIndex(Number.isNaN);
        if (bad >= 0) throw new TypeError('no price: ' + rows[bad]);
        return prices.reduce((a, b) => a + b, 0);
      }
      main();`,
  });
  const recorded = await program.record(run('main.js'));
  expect(recorded.stderr).toContain('no price: cup,x');
  program.remove('in.csv').remove('copy.csv').remove('out.txt');
  await proves(program, () => program.edit('main.js', "Number(row.split(',')[1])", "Number(row.split(',')[1]) || 0"));
});

test.each([
  ['watch', `fs.watch('config.json', (type) => load());`],
  ['watchFile', `fs.watchFile('config.json', { interval: 20 }, () => load());`],
  [
    'promises.watch',
    `(async () => { for await (const { eventType } of fs.promises.watch('config.json')) load(); })();`,
  ],
])('a file that is watched: fs.%s', async (_, watch) => {
  const program = new Program({
    'config.json': '{"limits": {"max": 3}}',
    'main.js': `
      const fs = require('node:fs');
      let config;
      const max = ({ limits }) => limits.max;
      function load() {
        const text = fs.readFileSync('config.json', 'utf8');
        if (text === '') return;
        config = JSON.parse(text);
        console.log(max(config));
        if (max(config) === 3 || max(config) === 4) return;
        fs.writeFileSync('seen', '');
        process.exit(0);
      }
      ${watch}
      load();
      setTimeout(() => fs.writeFileSync('ready', 'yes'), 100);`,
  });
  const recorded = program.record(run('main.js'));
  await program.written('ready');
  writeFileSync(program.at('config.json'), '{"limits": {"max": 4}}');
  await new Promise((resolve) => setTimeout(resolve, 300));
  writeFileSync(program.at('config.json'), '{}');
  expect((await recorded).stderr).toContain("reading 'max'");
  program.remove('config.json').remove('ready');
  await proves(program, () => program.edit('main.js', '=> limits.max', '=> limits?.max'));
});
