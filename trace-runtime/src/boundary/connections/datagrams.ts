/**
 * UDP of a run that is to be executed again: what the system answers its sockets (`datagram.call`), when what they sent
 * has gone out, what they receive. Where it is executed again nothing is sent, and what came then comes.
 */
import { AsyncResource } from 'node:async_hooks';
import dgram from 'node:dgram';
import { arrivalKey } from '../../model/recorded-world.ts';
import { safely } from '../calls.ts';
import { errorJson, type BoundaryLog } from '../log.ts';
import { override, ownData, replace, type AnyFunction } from '../patch.ts';
import { recordedContent, recordedFailure } from '../recorded-calls.ts';
import type { Callback } from './life.ts';
import type { RecordedConnections } from './recorded-connections.ts';

const { apply } = Reflect;
const { from } = Buffer;
const { assign, getPrototypeOf, getOwnPropertySymbols } = Object;
/** What opens, uses and sets up a socket: each answers with a number. */
const CALLS = [
  'bind',
  'bind6',
  'connect',
  'connect6',
  'disconnect',
  'send',
  'send6',
  'getsockname',
  'getpeername',
  'setBroadcast',
  'setTTL',
  'setMulticastTTL',
  'setMulticastLoopback',
  'setMulticastInterface',
  'bufferSize',
  'addMembership',
  'dropMembership',
  'addSourceSpecificMembership',
  'dropSourceSpecificMembership',
];
/** They may make a handle bind itself. */
const RECEIVING = ['recvStart', 'recvStop'];
/** Where Node wants an address: the program is given the recorded one. */
const SOMEWHERE = { address: '0.0.0.0', port: 0, family: 'IPv4' };

interface SendRequest {
  oncomplete?: Callback;
}

interface Used {
  readonly socket: dgram.Socket;
  readonly id: number;
  /** where it is played */
  readonly resource: AsyncResource | undefined;
  /** in order: sent, and not done yet */
  readonly sending: { readonly request: SendRequest; readonly resource: AsyncResource }[];
}

/** Makes a datagram's arrival happen; undefined: it cannot come yet. */
export type FindDatagram = (kind: string, id: number) => (() => void) | undefined;

export function installDatagramCalls(log: BoundaryLog, recorded: RecordedConnections | undefined): FindDatagram {
  const used = new WeakMap<object, Used>();
  const byId = new Map<number, Used>();
  const { prototype } = dgram.Socket;
  let isPatched = false;

  for (const name of ['bind', 'connect', 'send'] as const)
    replace(
      prototype,
      name,
      log.hide,
      (original) =>
        function (...args) {
          safely(log, () => use(this as dgram.Socket));
          return apply(original, this, args);
        },
    );
  override(
    prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, error] = args;
        if (event !== 'error' || ownData(error, 'syscall') !== 'recvmsg')
          return log.below(() => apply(inherited(), this, args));
        const socket = log.idOf(this as object);
        const deliver = (): unknown => {
          safely(log, () => log.report('datagram.failed', { socket }, { error: errorJson(error) }));
          return log.below(() => apply(inherited(), this, args));
        };
        return log.inTurn(arrivalKey('datagram.failed', socket), deliver, true);
      },
  );

  function use(socket: dgram.Socket): void {
    const handle = handleOf(socket);
    if (!handle || used.has(handle)) return;
    const resource = recorded && new AsyncResource('HINDCAST');
    const entry: Used = { socket, id: log.idOf(socket), resource, sending: [] };
    used.set(handle, entry);
    byId.set(entry.id, entry);
    if (isPatched) return;
    isPatched = true;
    const owner = getPrototypeOf(handle) as object;
    for (const name of CALLS) call(owner, name);
    if (recorded) for (const name of RECEIVING) receiving(owner, name);
  }

  function call(owner: object, name: string): void {
    replace(
      owner,
      name,
      log.hide,
      (original) =>
        function (...args) {
          const entry = used.get(this as object);
          if (!entry) return apply(original, this, args);
          const [request] = args;
          if (name.startsWith('send')) sent(entry, request as SendRequest);
          const result = recorded ? answer(entry, name, args) : apply(original, this, args);
          safely(log, () =>
            log.report('datagram.call', { socket: entry.id, event: name }, { result: result as number }),
          );
          return result;
        },
    );
  }

  function receiving(owner: object, name: string): void {
    replace(
      owner,
      name,
      log.hide,
      (original) =>
        function (...args) {
          return used.has(this as object) ? 0 : apply(original, this, args);
        },
    );
  }

  function answer(entry: Used, name: string, args: readonly unknown[]): number {
    const result = Number(recorded?.next('datagram.call', `${entry.id} ${name}`)?.['result'] ?? 0);
    if (name.startsWith('get') && result === 0) assign(args[0] as object, SOMEWHERE);
    if (name.startsWith('send') && result === 0)
      entry.sending.push({ request: args[0] as SendRequest, resource: new AsyncResource('HINDCAST') });
    return result;
  }

  /** What was not sent at once is done later. */
  function sent({ id }: Used, request: SendRequest): void {
    const { oncomplete } = request;
    if (oncomplete === undefined) return;
    request.oncomplete = function (this: unknown, ...results: readonly unknown[]): void {
      log.arrivals.arrive(arrivalKey('datagram.sent', id), () => {
        const [error = null, size = null] = results as readonly (number | null)[];
        safely(log, () => log.report('datagram.sent', { socket: id }, { error, size }));
        apply(oncomplete as AnyFunction, this, results);
      });
    };
  }

  return (kind, id) => {
    const entry = byId.get(id);
    if (!entry?.resource || !recorded) return undefined;
    const { socket, resource, sending } = entry;
    switch (kind) {
      case 'datagram.in':
        return () => {
          const detail = recorded.next(kind, id);
          const bytes = from(recordedContent(detail?.['content']) ?? '');
          const sender = { ...(detail?.['from'] as object), size: bytes.length };
          resource.runInAsyncScope(() => socket.emit('message', bytes, sender));
        };
      case 'datagram.failed':
        return () => {
          const error = recordedFailure(recorded.next(kind, id)?.['error'], []);
          resource.runInAsyncScope(() => socket.emit('error', error));
        };
      case 'datagram.sent':
        return sending.length === 0
          ? undefined
          : () => {
              const detail = recorded.next(kind, id);
              const done = sending.shift()!;
              done.resource.runInAsyncScope(() => done.request.oncomplete?.(detail?.['error'] ?? 0, detail?.['size']));
            };
      default:
        return undefined;
    }
  };
}

function handleOf(socket: dgram.Socket): object | undefined {
  const symbol = getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const handle = ownData(symbol && ownData(socket, symbol), 'handle');
  return typeof handle === 'object' && handle !== null ? handle : undefined;
}
