/** Requests that came in and answers that came back, as inputs that can be made smaller. */
import type { Exchange } from '../exchanges.ts';
import type { IncomingRequest } from '../incoming.ts';
import type { PreparedRerun, RunInputs } from '../prepare.ts';
import type { BytesPart, Input, ListPart } from './inputs.ts';

export function networkInputs({ inputs }: PreparedRerun): readonly Input[] {
  return [...(inputs.requests.length > 0 ? [requests] : []), ...responsesOf(inputs)];
}

const requests: Input = {
  kind: 'requests',
  name: 'requests',
  bytes: (inputs) => Buffer.concat(inputs.requests.map((request) => Buffer.from(asText(request)))),
  lists: (inputs) => [inTheirOrder, ...inputs.requests.map((_, at) => headersOf(at))],
  parts: (inputs) => inputs.requests.flatMap((_, at) => [bodyOf(at), queryOf(at)]),
};

/** As it stands on the wire, but for what every request has. */
function asText({ method, url, headers, body }: IncomingRequest): string {
  const own = pairs(headers).filter(([name]) => !NEEDED.test(name));
  const lines = own.map(([name, value]) => `${name}: ${value}\n`);
  return `${method} ${url}\n${lines.join('')}${body.length > 0 ? `\n${body.toString()}\n` : ''}\n`;
}

/** One stays: a server without requests would wait for ever. */
const inTheirOrder: ListPart = {
  least: 1,
  read: (inputs) => inputs.requests,
  write: (inputs, list) => ({ ...inputs, requests: dated(inputs.requests, list as readonly IncomingRequest[]) }),
};

/** Each comes when those are answered that had been before it, as far as they are there. */
function dated(all: readonly IncomingRequest[], kept: readonly IncomingRequest[]): readonly IncomingRequest[] {
  return kept.map((request, index) => {
    const before = all.slice(0, all.indexOf(request));
    const gone = before.filter((each) => !kept.includes(each)).length;
    return { ...request, after: Math.max(0, Math.min(index, request.after - gone)) };
  });
}

/** What a request needs whatever the program does. */
const NEEDED = /^(?:host|content-length|transfer-encoding|connection)$/i;

function headersOf(at: number): ListPart {
  return {
    least: 0,
    read: ({ requests: all }) => pairs(all[at]?.headers ?? []).filter(([name]) => !NEEDED.test(name)),
    write: (inputs, list) =>
      withRequest(inputs, at, (request) => {
        const kept = new Set((list as readonly Pair[]).map(([name]) => name));
        const headers = pairs(request.headers).filter(([name]) => NEEDED.test(name) || kept.has(name));
        return { ...request, headers: headers.flat() };
      }),
  };
}

function bodyOf(at: number): BytesPart {
  return {
    read: ({ requests: all }) => all[at]?.body,
    write: (inputs, body) =>
      withRequest(inputs, at, (request) => ({ ...request, headers: withLength(request.headers, body.length), body })),
  };
}

/** What stands behind the path. */
function queryOf(at: number): BytesPart {
  const query = (url: string): number => (url.includes('?') ? url.indexOf('?') + 1 : url.length);
  return {
    read: ({ requests: all }) => {
      const url = all[at]?.url ?? '';
      return Buffer.from(url.slice(query(url)));
    },
    write: (inputs, bytes) =>
      withRequest(inputs, at, (request) => {
        const base = request.url.slice(0, query(request.url));
        return { ...request, url: bytes.length > 0 ? base + encodeSpaces(bytes.toString()) : base.replace(/\?$/, '') };
      }),
  };
}

function encodeSpaces(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent);
}

function withRequest(inputs: RunInputs, at: number, change: (request: IncomingRequest) => IncomingRequest): RunInputs {
  return { ...inputs, requests: inputs.requests.with(at, change(inputs.requests[at]!)) };
}

type Pair = readonly [name: string, value: string];

function pairs(headers: readonly string[]): readonly Pair[] {
  const found: Pair[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) found.push([headers[at]!, headers[at + 1]!]);
  return found;
}

function withLength(headers: readonly string[], length: number): readonly string[] {
  return pairs(headers).flatMap(([name, value]) => [name, /^content-length$/i.test(name) ? String(length) : value]);
}

function responsesOf({ peers }: RunInputs): readonly Input[] {
  return peers.flatMap((peer, at) =>
    peer.exchanges.map(({ method, url }, turn): Input => {
      const part = responseOf(at, turn);
      return {
        kind: 'response',
        name: `answer to ${method} ${peer.name}${url}`,
        bytes: (inputs) => part.read(inputs) ?? Buffer.alloc(0),
        lists: () => [],
        parts: () => [part],
      };
    }),
  );
}

function responseOf(at: number, turn: number): BytesPart {
  return {
    read: ({ peers }) => {
      const response = peers[at]!.exchanges[turn]!.response;
      // what was compressed cannot be cut
      return response && !pairs(response.headers).some(([name]) => /^content-encoding$/i.test(name))
        ? response.body
        : undefined;
    },
    write: (inputs, body) => {
      const peer = inputs.peers[at]!;
      const exchange = peer.exchanges[turn]!;
      const response = exchange.response!;
      const answered: Exchange = {
        ...exchange,
        response: { ...response, headers: withLength(response.headers, body.length), body },
      };
      return { ...inputs, peers: inputs.peers.with(at, { ...peer, exchanges: peer.exchanges.with(turn, answered) }) };
    },
  };
}
