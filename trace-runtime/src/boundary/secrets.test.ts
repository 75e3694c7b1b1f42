import { expect, test } from 'vitest';
import { redactor } from './secrets.ts';
import { runWithBoundary } from './testing/run-with-boundary.ts';
import { secretsOf } from '../model/secret-names.ts';

const secret = 'pa55w/rd+"quoted"';
const { text, bytes } = redactor([{ name: 'DB_PASSWORD', value: secret }]);

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ secret })],
  ['in a URL', `?q=${encodeURIComponent(secret)}`],
  ['in base64, at any place', Buffer.from(`user:${secret}!`).toString('base64')],
  ['in base64, alone', Buffer.from(secret).toString('base64')],
])('a secret is found %s', (_, haystack) => {
  const redacted = text(haystack);
  expect(redacted).toContain('«redacted:DB_PASSWORD»');
  expect(Buffer.from(redacted.replace(/.*«redacted:DB_PASSWORD»/, ''), 'base64').toString()).not.toContain('quoted');
});

test('bytes keep their length, and say where a secret was', () => {
  const raw = Buffer.from(`before ${secret} after`);
  const { bytes: clean, marks } = bytes(raw);
  expect(Buffer.from(clean).toString()).toBe(`before ${'*'.repeat(secret.length)} after`);
  expect(marks).toEqual([{ offset: 7, length: secret.length, name: 'DB_PASSWORD' }]);
  expect(raw.toString()).toContain(secret);
});

test('names decide what is secret, and short or common values are not', () => {
  const environment = {
    API_TOKEN: 'abcdefgh',
    GITHUB_TOKEN: 'no',
    PWD: '/home/someone',
    AUTH_ENABLED: 'enabled',
    PATH: '/usr/bin:/bin',
  };
  expect(secretsOf(environment).map(({ name }) => name)).toEqual(['API_TOKEN']);
});

test('a secret is in no record and no file, whatever the program did with it', async () => {
  const logged = await runWithBoundary(
    `const fs = require('fs'), http = require('http'), cp = require('child_process');
    const s = process.env.DB_PASSWORD;
    fs.writeFileSync('config.txt', 'x'.repeat(500) + s); fs.readFileSync('config.txt', 'utf8'); fs.readFileSync('config.txt');
    cp.execFileSync('echo', [s]); fs.existsSync('/none/' + s);
    const server = http.createServer((q, r) => { q.resume(); r.end('{"p":' + JSON.stringify(s) + '}') }).listen(0, '127.0.0.1', () => {
      const q = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', auth: 'me:' + s, headers: { 'x-key': 'k' + s } }, (r) => r.resume().on('end', () => server.close()));
      q.end(Buffer.from(s));
    });`,
    { env: { DB_PASSWORD: secret } },
  );
  expect(logged.stderr).toBe('');
  const everything =
    JSON.stringify([logged.records, logged.ledger]) +
    logged
      .of('fs.readFile')
      .map(({ content }) => (content ? logged.contentOf(content) : ''))
      .join('');
  expect(everything).not.toContain('pa55w');
  expect(everything).not.toContain(Buffer.from(`me:${secret}`).toString('base64').slice(4, -4));
  expect(everything).toContain('«redacted:DB_PASSWORD»');
});
