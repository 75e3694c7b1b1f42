/** Requests that came to the program's servers from outside: made again in their order, as the recording has them. */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import type { Peer } from './exchanges.ts';

export interface IncomingRequest {
  readonly method: string;
  readonly url: string;
  /** names and values in turn */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** answers that had been given before it came */
  readonly after: number;
}

/** Without those that the program made itself. */
export function incomingRequests(
  streams: readonly ReadStream[],
  peers: readonly Peer[],
  contents: Contents,
): readonly IncomingRequest[] {
  const own = peers.flatMap(({ exchanges }) => exchanges.map(({ method, url }) => `${method} ${url}`));
  const found: (IncomingRequest & { readonly parts: Buffer[] })[] = [];
  for (const { entries } of streams) {
    const open = new Map<unknown, Buffer[]>();
    let answered = 0;
    for (const { kind, detail } of entries) {
      const { id } = detail;
      if (kind === 'http.request') {
        const method = String(detail['method']);
        const url = contents.text(String(detail['url']));
        const at = own.indexOf(`${method} ${url}`);
        if (at >= 0) {
          own.splice(at, 1);
          continue;
        }
        const headers = ((detail['headers'] ?? []) as readonly string[]).map((text) => contents.text(text));
        const parts: Buffer[] = [];
        open.set(id, parts);
        found.push({ method, url, headers, body: Buffer.alloc(0), after: answered, parts });
      } else if (kind === 'http.body') {
        const bytes = contents.bytes(detail['content']);
        if (bytes) open.get(id)?.push(bytes);
      } else if (kind === 'http.send' && detail['last'] === true && open.has(id)) answered++;
    }
  }
  return found.map(({ parts, ...request }) => ({ ...request, body: Buffer.concat(parts) }));
}

/** How often it looks whether a server listens. */
const LOOK_MS = 10;
/** What a program may still do after the last answer. */
const QUIET_MS = 300;

/** Makes the requests as soon as a server listens; resolves a little after the last answer. `over` ends it at once. */
export async function makeRequests(
  requests: readonly IncomingRequest[],
  scratch: string,
  over: AbortSignal,
): Promise<void> {
  let answered = 0;
  const all: Promise<void>[] = [];
  for (const request of requests) {
    while (!over.aborted && answered < request.after) await pause(LOOK_MS);
    let port: number | undefined;
    while (!over.aborted && (port = portOf(request, scratch)) === undefined) await pause(LOOK_MS);
    if (over.aborted || port === undefined) return;
    all.push(makeRequest(request, { port, agent: false }, over).then(() => void answered++));
    // those that came together begin in their order
    await pause(1);
  }
  await Promise.all(all);
  if (!over.aborted) await pause(QUIET_MS, undefined, { signal: over }).catch(() => undefined);
}

/** The real port of the server that the request went to; of the first one where its Host does not tell. */
function portOf({ headers }: IncomingRequest, scratch: string): number | undefined {
  const folder = path.join(scratch, 'listening');
  try {
    const names = readdirSync(folder);
    const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
    const wanted = /:(\d+)$/.exec(headers[at + 1] ?? '')?.[1];
    const name = names.find((each) => each === wanted) ?? names.find((each) => /^\d+$/.test(each));
    const port = name === undefined ? 0 : Number(readFileSync(path.join(folder, name), 'utf8'));
    return port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves when it is answered, or cannot be any more. */
function makeRequest(
  { method, url, headers, body }: IncomingRequest,
  way: { readonly port: number; readonly agent: false },
  over: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', method, path: url, headers: headers.slice(), ...way, signal: over };
    const request = http.request(options, (response) => {
      response.on('error', () => resolve());
      response.on('close', () => resolve());
      response.resume();
    });
    request.on('error', () => resolve());
    request.end(body);
  });
}
