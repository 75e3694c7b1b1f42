/** Packages whose tests lean on timers, sockets, streams and errors of the package's own. */
import type { PackageCase } from './cases.ts';

export const OVER_THE_BOUNDARY: readonly PackageCase[] = [
  {
    name: 'rxjs',
    version: '7.8.2',
    runner: 'vitest',
    testFile: 'typing.test.ts',
    test: `import { expect, test } from 'vitest';
import { Subject, debounceTime } from './src/index';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('what is typed is searched for once', async () => {
  const typed = new Subject<string>();
  const searched: string[] = [];
  typed.pipe(debounceTime(200)).subscribe((text) => searched.push(text));
  for (const text of ['h', 'hi', 'hind']) {
    typed.next(text);
    await pause(120);
  }
  await pause(300);
  expect(searched).toEqual(['hind']);
});
`,
    asked: 'searched',
    file: 'src/internal/operators/debounceTime.ts',
    right: '      if (now < targetTime) {',
    wrong: '      if (now > targetTime) {',
  },
  {
    name: 'cheerio',
    version: '1.2.0',
    runner: 'vitest',
    testFile: 'forms.test.ts',
    test: `import { describe, expect, it } from 'vitest';
import { load } from './src/index.js';

const PAGE =
  '<form><input name="size" type="radio" value="S"><input name="size" type="radio" value="M" checked><textarea name="note">a\\nb</textarea></form>';

describe('a form', () => {
  it('sends what is chosen', () => {
    const $ = load(PAGE);
    const sent = $('form').serializeArray();
    expect(sent).toEqual([
      { name: 'size', value: 'M' },
      { name: 'note', value: 'a\\r\\nb' },
    ]);
  });
});
`,
    asked: 'sent',
    file: 'src/api/forms.ts',
    right: "        ':matches([checked], :not(:checkbox, :radio))',",
    wrong: "        ':matches([checked], :not(:checkbox))',",
  },
  {
    name: 'nodemailer',
    version: '10.6.1',
    testFile: 'dots.test.mjs',
    test: `import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import nodemailer from './dist/esm/nodemailer.js';

const bodies = [];
const server = net.createServer((socket) => {
  let text = '';
  let inData = false;
  const answer = (line) => socket.write(line + '\\r\\n');
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    text += chunk;
    for (let end; (end = text.indexOf(inData ? '\\r\\n.\\r\\n' : '\\r\\n')) >= 0; ) {
      const part = text.slice(0, end);
      text = text.slice(end + (inData ? 5 : 2));
      if (inData) {
        bodies.push(part.slice(part.indexOf('\\r\\n\\r\\n') + 4).replaceAll('\\r\\n..', '\\r\\n.'));
        inData = false;
        answer('250 queued');
      } else if (part === 'DATA') {
        inData = true;
        answer('354 go on');
      } else if (part === 'QUIT') {
        socket.end('221 bye\\r\\n');
      } else {
        answer(/^(EHLO|MAIL|RCPT)/.test(part) ? '250 ok' : '502 what?');
      }
    }
  });
  answer('220 test');
});

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

test('a line of one dot is part of the letter', async () => {
  const mailer = nodemailer.createTransport({ host: '127.0.0.1', port: server.address().port, ignoreTLS: true });
  await mailer.sendMail({ from: 'ann@example.com', to: 'bob@example.com', text: 'Dear Bob\\n.\\nYours, Ann' });
  const [body] = bodies;
  assert.equal(body, 'Dear Bob\\r\\n.\\r\\nYours, Ann');
});
`,
    asked: 'body',
    file: 'dist/esm/smtp-connection/data-stream.js',
    right: '            else if (byte === 0x2e && (prev === 0x0a || prev === false)) {',
    wrong: '            else if (byte === 0x2e && (prev === 0x0d || prev === false)) {',
  },
  {
    name: 'exceljs',
    version: '4.4.0',
    runner: 'jest',
    testFile: 'columns.test.js',
    test: `const ExcelJS = require('./excel.js');

test('a sheet with very many columns is read again', async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('wide');
  sheet.getCell(1, 702).value = new Date(Date.UTC(2024, 1, 29));
  const file = await book.xlsx.writeBuffer();
  const copy = new ExcelJS.Workbook();
  await copy.xlsx.load(file);
  expect(copy.getWorksheet('wide').getCell('ZZ1').value).toEqual(new Date(Date.UTC(2024, 1, 29)));
});
`,
    thrown: { file: 'lib/doc/cell.js', line: "      throw new Error('A Cell needs a Row');" },
    file: 'lib/utils/col-cache.js',
    right: '      while (n <= 26 + (26 * 26)) {',
    wrong: '      while (n < 26 + (26 * 26)) {',
  },
  {
    name: 'node-forge',
    version: '1.4.3',
    runner: 'mocha',
    testFile: 'times.test.cjs',
    test: `const assert = require('node:assert/strict');
const forge = require('./lib/index.js');

describe('times in certificates', () => {
  it('keep their milliseconds', () => {
    const date = forge.asn1.generalizedTimeToDate('20240229120000.250Z');
    assert.equal(date.toISOString(), '2024-02-29T12:00:00.250Z');
  });
});
`,
    asked: 'date',
    file: 'lib/asn1.js',
    right: '    fff = parseFloat(gentime.substr(14), 10) * 1000;',
    wrong: '    fff = parseFloat(gentime.substr(14), 10) * 100;',
  },
];
