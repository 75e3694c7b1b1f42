/** What each UDP socket of a recording heard from others and told them, without what the program said to itself. */
import type { DatagramAct, DatagramTalk } from '../model/recorded-world.ts';
import type { ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0)$/;

/** By thread. */
export function datagramTalks(
  streams: readonly ReadStream[],
  contents: Contents,
): readonly (readonly DatagramTalk[])[] {
  const own = ownPorts(streams);
  const isOwn = (host: string, port: number): boolean => LOCAL.test(host) && own.has(port);
  return streams.map((stream) => [...talksOf(stream, contents, isOwn).values()].map((acts) => ({ acts: told(acts) })));
}

/** Ports of sockets of the program's. */
function ownPorts(streams: readonly ReadStream[]): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const { entries } of streams) {
    const sockets = new Set<unknown>();
    for (const { kind, detail } of entries) {
      if (kind.startsWith('datagram.')) sockets.add(detail['socket']);
      const address = detail['address'] as { readonly port?: unknown } | undefined;
      const port = kind === 'datagram.bound' ? detail['port'] : kind === 'address' ? address?.port : undefined;
      const isUsed = kind === 'datagram.bound' || sockets.has(detail['of']);
      if (typeof port === 'number' && isUsed) ports.add(port);
    }
  }
  return ports;
}

function talksOf(
  { entries }: ReadStream,
  contents: Contents,
  isOwn: (host: string, port: number) => boolean,
): ReadonlyMap<unknown, DatagramAct[]> {
  const talks = new Map<unknown, DatagramAct[]>();
  const times = new Map<unknown, number>();
  for (const { kind, detail } of entries) {
    if (!/^datagram\.(?:bound|in|out|call)$/.test(kind)) continue;
    const { socket, to, from } = detail;
    const acts = talks.get(socket) ?? [];
    talks.set(socket, acts);
    const now = typeof detail['time'] === 'number' ? detail['time'] : undefined;
    const after = Math.max(0, (now ?? 0) - (times.get(socket) ?? now ?? 0));
    if (kind === 'datagram.in') {
      const sender = from as NonNullable<DatagramAct['from']>;
      if (isOwn(sender.address, sender.port)) continue;
      const bytes = contents.bytes(detail['content'])?.toString('base64') ?? '';
      acts.push({ kind: 'in', bytes, from: sender, after });
    } else if (kind === 'datagram.out') {
      const [host = '', port = ''] =
        typeof to === 'string' ? [to.slice(0, to.lastIndexOf(':')), to.split(':').at(-1)] : [];
      if (isOwn(host, Number(port))) continue;
      const parts = ((detail['contents'] ?? []) as readonly unknown[]).map((part) => contents.bytes(part));
      const bytes = Buffer.concat(parts.filter((part) => part !== undefined)).toString('base64');
      acts.push({ kind: 'out', bytes, ...(typeof to === 'string' ? { to } : {}), after });
    } else continue;
    if (now !== undefined) times.set(socket, now);
  }
  return talks;
}

/** Whoever spoke first is told something, and asked nothing. */
function told(acts: readonly DatagramAct[]): readonly DatagramAct[] {
  const portOf = ({ to, from }: DatagramAct): number | undefined =>
    from?.port ?? (to === undefined ? undefined : Number(to.split(':').at(-1)));
  return acts.map((act, at) => {
    if (act.kind === 'in') return act;
    const port = portOf(act);
    const isSame = (each: DatagramAct): boolean => port === undefined || portOf(each) === port;
    const isFirst = acts.find(isSame)?.kind === 'out';
    return { ...act, isAnswered: isFirst && acts.slice(at).some((each) => each.kind === 'in' && isSame(each)) };
  });
}
