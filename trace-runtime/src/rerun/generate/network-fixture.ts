/** Recorded answers of the network, as fixtures of a generated test: what was answered, and a preload that answers so again. */
import type { RecordedError } from '../../model/recorded-world.ts';
import type { Exchange, Peer } from '../exchanges.ts';

/** As it stands in `answers.json`. */
export interface AnswerJson {
  /** `host:port` */
  readonly peer: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  /** names and values in turn */
  readonly headers: readonly string[];
  readonly body: string | { readonly base64: string };
}

/** A peer that could not be reached. */
export interface RefusalJson {
  readonly peer: string;
  readonly error: RecordedError;
}

export interface NetworkFixture {
  readonly answers: readonly (AnswerJson | RefusalJson)[];
  /** names of peers whose answers a test cannot give: they speak another protocol, or broke off */
  readonly lacks: readonly string[];
}

export function networkFixture(peers: readonly Peer[]): NetworkFixture {
  const isGiven = (peer: Peer): boolean =>
    peer.talks.length === 0 && peer.exchanges.every(({ response, upgraded }) => response && !upgraded);
  return {
    answers: peers.filter(isGiven).flatMap((peer) => answersOf(peer)),
    lacks: peers.filter((peer) => !isGiven(peer)).map(({ name }) => name),
  };
}

function answersOf({ name: peer, exchanges, connections }: Peer): readonly (AnswerJson | RefusalJson)[] {
  if (exchanges.length > 0) return exchanges.map((exchange) => answerOf(peer, exchange));
  const [error] = connections.filter((each) => each !== null);
  if (error === undefined) return [];
  const { message = '', code, errno, syscall } = error;
  return [{ peer, error: { message, code, errno, syscall } }];
}

function answerOf(peer: string, { method, url, response }: Exchange): AnswerJson {
  const { status = 502, reason = '', headers = [], body = Buffer.alloc(0) } = response ?? {};
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2)
    if (!OF_CONNECTION.test(headers[at]!)) kept.push(headers[at]!, headers[at + 1]!);
  const text = body.toString();
  const isText = Buffer.from(text).equals(body);
  return {
    peer,
    method,
    url,
    status,
    reason,
    headers: kept,
    body: isText ? text : { base64: body.toString('base64') },
  };
}

const OF_CONNECTION = /^(?:connection|keep-alive|content-length|transfer-encoding)$/i;

/** Of the preload beside the answers. */
export const ANSWER_NETWORK = `// Answers over HTTP what the recorded peers answered: answers.json, each once.
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const answers = require('./answers.json');

const portOf = (peer) => peer.slice(peer.lastIndexOf(':'));
const ports = new Set(answers.map(({ peer }) => portOf(peer)));
const isRecorded = (peer) => ports.has(portOf(peer));

function take(peer, method, url) {
  const isAsked = (answer) => answer.method === method && answer.url === url;
  let at = answers.findIndex((answer) => answer.peer === peer && isAsked(answer));
  if (at < 0) at = answers.findIndex((answer) => portOf(answer.peer) === portOf(peer) && isAsked(answer));
  return at < 0 ? undefined : answers.splice(at, 1)[0];
}

/** What the peer was not reached with, where it was not. */
function refusal(peer) {
  const found = answers.find((answer) => answer.error && portOf(answer.peer) === portOf(peer));
  return found && Object.assign(new Error(found.error.message), found.error);
}

const server = http.createServer((request, response) => {
  request.resume();
  const answer = take(request.headers['x-recorded-peer'], request.method, request.url);
  if (!answer) return request.socket.destroy();
  const { status, reason, headers, body } = answer;
  response.writeHead(status, reason, [...headers, 'connection', 'close']);
  response.end(typeof body === 'string' ? body : Buffer.from(body.base64, 'base64'));
});
server.on('connection', (socket) => socket.unref());
const listening = new Promise((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
});
server.unref();

const { request: plainRequest } = http;
for (const [owner, defaultPort] of [[http, 80], [https, 443]]) {
  const { request: original } = owner;
  owner.request = (...args) => {
    const callback = args.find((each) => typeof each === 'function');
    const [first, second] = args.filter((each) => typeof each !== 'function');
    const url = typeof first === 'string' || first instanceof URL ? new URL(first) : undefined;
    const options = url
      ? { hostname: url.hostname, port: url.port, path: url.pathname + url.search, ...second }
      : first;
    const peer = \`\${options.hostname ?? options.host ?? 'localhost'}:\${options.port || defaultPort}\`;
    if (!isRecorded(peer)) return original(...args);
    const createConnection = (_options, done) => {
      const error = refusal(peer);
      if (error) process.nextTick(done, error);
      else listening.then((port) => done(null, net.connect(port, '127.0.0.1')));
    };
    const asked = plainRequest({ ...options, protocol: 'http:', agent: undefined, createConnection }, callback);
    return asked.setHeader('x-recorded-peer', peer);
  };
  owner.get = (...args) => {
    const asked = owner.request(...args);
    asked.end();
    return asked;
  };
}
syncBuiltinESMExports();

const { fetch: originalFetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const asked = new Request(input, init);
  const url = new URL(asked.url);
  const peer = \`\${url.hostname}:\${url.port || (url.protocol === 'https:' ? 443 : 80)}\`;
  if (!isRecorded(peer)) return originalFetch(asked);
  const error = refusal(peer);
  if (error) throw new TypeError('fetch failed', { cause: error });
  const headers = new Headers(asked.headers);
  headers.set('x-recorded-peer', peer);
  const body = asked.body ? await asked.arrayBuffer() : undefined;
  const { method, signal, redirect } = asked;
  const port = await listening;
  return originalFetch(\`http://127.0.0.1:\${port}\${url.pathname}\${url.search}\`, { method, headers, body, signal, redirect });
};
`;
