/** Requests that came to the program's servers from outside, as the recording has them. */
import type { Accepted, ServerName } from './accepted.ts';
import type { ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';
import type { Peer } from './exchanges.ts';

export interface IncomingRequest {
  readonly method: string;
  readonly url: string;
  /** names and values in turn */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly server: ServerName;
  /** over TLS */
  readonly isSecure: boolean;
  /** its place in the records of its thread */
  readonly order: number;
  /** answers of its thread that had been given before it came */
  readonly after: number;
}

/** Without those that the program made itself. */
export function incomingRequests(
  streams: readonly ReadStream[],
  peers: readonly Peer[],
  accepted: readonly ReadonlyMap<unknown, Accepted>[],
  contents: Contents,
): readonly IncomingRequest[] {
  const own = peers.flatMap(({ exchanges }) => exchanges.map(({ method, url }) => `${method} ${url}`));
  const found: (IncomingRequest & { readonly parts: Buffer[] })[] = [];
  for (const [stream, { entries }] of streams.entries()) {
    const open = new Map<unknown, Buffer[]>();
    let answered = 0;
    for (const [order, { kind, detail }] of entries.entries()) {
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
        const connection = accepted[stream]?.get(detail['socket']);
        const { server = { stream, number: undefined, port: portIn(headers) }, isSecure = false } = connection ?? {};
        found.push({ method, url, headers, body: Buffer.alloc(0), server, isSecure, order, after: answered, parts });
      } else if (kind === 'http.body') {
        const bytes = contents.bytes(detail['content']);
        if (bytes) open.get(id)?.push(bytes);
      } else if (kind === 'http.send' && detail['last'] === true && open.has(id)) answered++;
    }
  }
  return found.map(({ parts, ...request }) => ({ ...request, body: Buffer.concat(parts) }));
}

/** The port that the Host header names. */
function portIn(headers: readonly string[]): number | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  const port = /:(\d+)$/.exec(headers[at + 1] ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
}
