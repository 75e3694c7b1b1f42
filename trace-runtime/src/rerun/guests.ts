/** Connections from outside that carry no requests of HTTP: what came over each, to be sent again in its order. */
import type { RecordedError } from '../model/recorded-world.ts';
import type { Accepted, ServerName } from './accepted.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

export interface Guest {
  readonly server: ServerName;
  readonly isSecure: boolean;
  readonly servername: string | undefined;
  readonly does: readonly GuestAct[];
  /** what the program said: how many bytes, and when */
  readonly hears: readonly { readonly order: number; readonly length: number }[];
}

export interface GuestAct {
  readonly kind: 'connect' | 'bytes' | 'end' | 'reset';
  readonly bytes: Buffer;
  /** its place in the records of its thread */
  readonly order: number;
  /** milliseconds after what came before it over any connection of its thread */
  readonly after: number;
}

/** Servers that others came to over HTTP/2, of recordings that do not have what was said there. */
export function unheardServers(guests: readonly Guest[], streams: readonly ReadStream[]): readonly string[] {
  const isTold = ({ server }: Guest): boolean => isUnheard(streams[server.stream]?.entries ?? [], server.number);
  const ports = new Set(guests.filter(isTold).map(({ server }) => server.port));
  return [...ports].map(
    (port) => `requests to its server on port ${port}: this recording has not what was said over HTTP/2`,
  );
}

function isUnheard(entries: readonly BoundaryEntry[], server: number | undefined): boolean {
  return entries.some(
    ({ kind, detail }) => kind === 'http2.session' && detail['server'] === server && detail['id'] === undefined,
  );
}

export function guestsOf(
  streams: readonly ReadStream[],
  accepted: readonly ReadonlyMap<unknown, Accepted>[],
  contents: Contents,
): readonly Guest[] {
  return streams.flatMap(({ entries }, stream) => guestsIn(entries, accepted[stream]!, contents));
}

interface Growing extends Guest {
  readonly does: GuestAct[];
  readonly hears: { readonly order: number; readonly length: number }[];
  /** it carries requests */
  isHttp: boolean;
}

function guestsIn(
  entries: readonly BoundaryEntry[],
  accepted: ReadonlyMap<unknown, Accepted>,
  contents: Contents,
): readonly Guest[] {
  const guests = new Map<unknown, Growing>();
  let last: number | undefined;
  entries.forEach(({ kind, detail }, order) => {
    const of = kind === 'pipe.end' ? detail['of'] : detail['socket'];
    const known = accepted.get(of);
    if (!known || known.isOwn) return;
    const time = typeof detail['time'] === 'number' ? detail['time'] : undefined;
    const after = time === undefined || last === undefined ? 0 : Math.max(0, time - last);
    last = time ?? last;
    const guest = guests.get(of) ?? { ...known, does: [], hears: [], isHttp: false };
    guests.set(of, guest);
    const act = (what: GuestAct['kind'], bytes: Buffer = NOTHING): void =>
      void guest.does.push({ kind: what, bytes, order, after });
    const content = contents.bytes(detail['content']) ?? NOTHING;
    switch (kind) {
      case 'socket.accepted':
        return act('connect');
      case 'http.request':
        guest.isHttp = true;
        return;
      case 'http2.session':
        guest.isHttp = detail['id'] !== undefined;
        return;
      case 'http.upgrade':
        guest.isHttp = false;
        return act('bytes', Buffer.concat([headOf(detail, contents), content]));
      case 'socket.in':
        return act('bytes', content);
      case 'socket.out':
        guest.hears.push({ order, length: content.length });
        return;
      case 'pipe.end':
        return act('end');
      case 'socket.failed':
        return isReset(detail['error'] as RecordedError) ? act('reset') : undefined;
    }
  });
  return [...guests.values()].filter(({ isHttp }) => !isHttp);
}

const NOTHING = Buffer.alloc(0);

function isReset({ code, syscall }: RecordedError): boolean {
  return (syscall === 'read' || syscall === 'write') && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** As it stood on the wire. */
function headOf({ method, url, headers }: BoundaryEntry['detail'], contents: Contents): Buffer {
  const texts = ((headers ?? []) as readonly string[]).map((text) => contents.text(text));
  const lines = texts.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${texts[index + 1]}`] : []));
  return Buffer.from([`${String(method)} ${contents.text(String(url))} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
}
