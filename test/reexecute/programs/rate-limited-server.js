// A service with sessions, a rate limit by the clock, a log file by stream, and a graceful stop on a signal.
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const qs = require('node:querystring');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'service-'));
const log = fs.createWriteStream(path.join(folder, 'access.log'), { flags: 'a' });
const sessions = new Map();
const windows = new Map();

function allowed(session, now = Date.now()) {
  const recent = (windows.get(session) ?? []).filter((time) => now - time < 40);
  windows.set(session, [...recent, now]);
  return recent.length < 3;
}

const server = http.createServer((request, response) => {
  const started = process.hrtime.bigint();
  const url = new URL(request.url, 'http://x');
  const cookie = qs.parse(request.headers.cookie ?? '', '; ').sid;
  response.on('finish', () => log.write(`${request.method} ${url.pathname} ${response.statusCode} ${process.hrtime.bigint() - started > 0n}\n`));
  if (url.pathname === '/login') {
    const sid = crypto.randomBytes(9).toString('base64url');
    sessions.set(sid, { user: url.searchParams.get('user'), since: Date.now(), visits: 0 });
    return response.writeHead(204, { 'Set-Cookie': `sid=${sid}; Path=/; HttpOnly` }).end();
  }
  const session = sessions.get(cookie);
  if (!session) return response.writeHead(401).end('who?');
  if (!allowed(cookie)) return response.writeHead(429, { 'Retry-After': '1' }).end('slow down');
  session.visits++;
  response.end(`${session.user} visit ${session.visits}, ${Date.now() - session.since < 1000 ? 'recently' : 'long ago'} logged in`);
});

async function visit(user) {
  const base = `http://127.0.0.1:${server.address().port}`;
  const login = await fetch(`${base}/login?user=${user}`);
  const cookie = login.headers.getSetCookie()[0].split(';')[0];
  const answers = [];
  for (let i = 0; i < 5; i++) {
    const answer = await fetch(`${base}/`, { headers: { cookie } });
    answers.push(answer.status === 200 ? await answer.text() : `${answer.status}${await answer.text()}`);
    if (i === 3) await new Promise((resolve) => setTimeout(resolve, 45));
  }
  return answers;
}

process.once('SIGTERM', () => {
  server.closeIdleConnections();
  server.close(() => log.end());
});
log.on('close', () => {
  const lines = fs.readFileSync(path.join(folder, 'access.log'), 'utf8').trim().split('\n');
  console.log(lines.length, Object.entries(Object.groupBy?.(lines, (line) => line.split(' ')[2]) ?? {}).map(([k, v]) => `${k}:${v.length}`).sort().join(' '));
  fs.rmSync(folder, { recursive: true });
});
server.listen(0, '127.0.0.1', async () => {
  const [ann, bob] = await Promise.all([visit('ann'), visit('bob')]);
  console.log(ann.join('\n'), bob.length);
  console.log((await fetch(`http://127.0.0.1:${server.address().port}/`)).status);
  process.kill(process.pid, 'SIGTERM');
});
