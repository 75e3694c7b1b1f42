/**
 * Plays the connections of an exact run: those that the program makes, and those that come to its servers. Each event and
 * each portion of bytes comes at its turn, as it is recorded.
 */
import { AsyncResource } from 'node:async_hooks';
import net from 'node:net';
import { arrivalKey } from '../../model/recorded-world.ts';
import { ownData, type AnyFunction } from '../patch.ts';
import { BY_PARSER, STOPPED } from './parsers.ts';
import { unpacked } from './packed.ts';
import type { BoundaryLog } from '../log.ts';
import { recordedContent, recordedFailure } from '../recorded-calls.ts';
import type { FindDatagram } from './datagrams.ts';
import type { Ends } from './ends.ts';
import { answerHandles, countBytes, nativeHandles, newSocketHandle } from './handles.ts';
import { readIntoBuffer } from './into-buffers.ts';
import { Life, type Callback, type Request } from './life.ts';
import type { Detail, RecordedConnections } from './recorded-connections.ts';

const { apply } = Reflect;
const { isArray } = Array;
const { isIP } = net;
/** As Node itself reads arguments of connect; not in its types. */
const normalise = Reflect.get(net, '_normalizeArgs') as (args: readonly unknown[]) => readonly unknown[];
const LONGEST_MS = 2 ** 31 - 1;
/** The least that Node tries an address for. */
const SHORTEST_MS = 10;
const { from } = Buffer;

interface ServerHandle {
  onconnection?(status: number, handle: object): void;
}

export class ConnectionPlayer {
  readonly #sockets = new Map<number, net.Socket>();
  readonly #servers = new Map<number, net.Server>();
  readonly #lives = new WeakMap<object, Life>();
  readonly #serverResources = new WeakMap<object, AsyncResource>();
  readonly #natives = nativeHandles();
  readonly #outside = new AsyncResource('HINDCAST');

  #dropped: net.Socket | undefined;

  constructor(
    private readonly log: BoundaryLog,
    readonly recorded: RecordedConnections,
    private readonly datagrams: FindDatagram,
  ) {
    answerHandles(this.#natives, log.hide, {
      lifeOf: (handle) => this.#lives.get(handle),
      opening: (handle) => this.#opening(handle),
      connect: (life, handle, request) => this.#connect(life, handle, request),
      shutdown: (life, request) => this.#shutdown(life, request),
    });
    log.arrivals.playedBy({ find: (key) => this.#find(key) });
  }

  isPlayed(socket: object): boolean {
    return this.#lives.has(socket);
  }

  isByParser(socket: object): boolean {
    return this.#lives.get(socket)?.isByParser ?? false;
  }

  /** The program connects. What Node is to be given instead of the arguments. */
  opens(socket: net.Socket, args: unknown[]): unknown[] {
    const life = this.#begin(socket);
    const normalised = (isArray(args[0]) ? args[0] : normalise(args)) as readonly unknown[];
    const [given, callback] = normalised;
    if (ownData(given, 'path') !== undefined) return args;
    const host = ownData(given, 'host');
    const isNamed = isIP(typeof host === 'string' ? host : 'localhost') === 0;
    const lookup = (_host: unknown, options: unknown, told: Callback): void => {
      life.lookup = { callback: told, all: ownData(options, 'all') === true };
    };
    const asks = isNamed && ownData(given, 'lookup') === undefined ? { lookup } : {};
    // how long an address is tried is recorded
    const patience = this.#attemptTimeout(socket, ownData(given, 'autoSelectFamilyAttemptTimeout'));
    const mine = [{ ...(given as object), ...asks, autoSelectFamilyAttemptTimeout: patience }, callback];
    for (const symbol of Object.getOwnPropertySymbols(normalised))
      Object.defineProperty(mine, symbol, { value: Reflect.get(normalised, symbol) });
    return [mine];
  }

  #attemptTimeout(socket: net.Socket, given: unknown): unknown {
    // Node says what is wrong with it
    if (given !== undefined && !(Number(given) > 0)) return given;
    const event = `${this.log.idOf(socket)} connectionAttemptTimeout`;
    return this.recorded.all('socket.event', event).length > 0 ? SHORTEST_MS : LONGEST_MS;
  }

  /** A socket of the program's has a handle, of the kind that is played. */
  adopt(socket: net.Socket): Life {
    const life = this.#begin(socket);
    const handle = Reflect.get(socket, '_handle') as object | null;
    if (handle) this.#mark(handle, life);
    return life;
  }

  isDropping(socket: object): boolean {
    return this.#dropped === socket;
  }

  /** Connections come to it from now on. */
  listens(server: net.Server): void {
    this.#servers.set(this.log.idOf(server, 'server'), server);
    this.#serverResources.set(server, new AsyncResource('HINDCAST'));
  }

  /** What Node's look at the server found, if it found something now. */
  expired(server: net.Server): readonly net.Socket[] {
    const of = `${this.log.idOf(server, 'server')} expired`;
    if (!this.log.arrivals.isNext(arrivalKey('server.event', of))) return [];
    const sockets = this.recorded.next('server.event', of)?.['sockets'];
    return (isArray(sockets) ? sockets : []).flatMap((each) => this.#sockets.get(Number(each)) ?? []);
  }

  /** Why it could not listen then; undefined: it could. */
  refused(server: net.Server, attempt: number): Error | undefined {
    const all = this.recorded.all('server.refused', this.log.idOf(server, 'server'));
    const detail = all.find((each) => each['attempt'] === attempt);
    const error = detail && recordedFailure(detail['error'], []);
    if (error) Object.assign(error, { address: detail['address'], port: detail['port'] ?? undefined });
    return error;
  }

  accepted(socket: net.Socket): void {
    const handle = Reflect.get(socket, '_handle') as object | null;
    const life = handle ? this.#lives.get(handle) : undefined;
    if (!life) return;
    this.#lives.set(socket, life);
    this.#sockets.set(this.log.idOf(socket), socket);
  }

  closed(socket: net.Socket): void {
    this.#sockets.delete(this.log.idOf(socket));
  }

  /** `number`: of the write, from 1. */
  write(socket: net.Socket, number: number, bytes: number, callback: Callback): void {
    const life = this.#lives.get(socket)!;
    life.bytesWritten += bytes;
    const waits = this.recorded.next(`socket.waits`, `${this.log.idOf(socket)}.${number}`);
    if (!waits) callback();
    else if (waits['error'] !== undefined) callback(recordedFailure(waits['error'], []));
    else life.writing = { callback, resource: new AsyncResource('HINDCAST') };
  }

  /** A real pipe: of what is written to it the records say when it has gone. */
  tells(pipe: net.Socket): void {
    this.#begin(pipe);
  }

  /** The program ends it. */
  shut(pipe: net.Socket, callback: Callback): void {
    if (this.#isShutAtOnce(pipe)) callback();
    else this.#lives.get(pipe)!.shutting = shutting({ oncomplete: () => callback() });
  }

  limitsTime(socket: net.Socket): void {
    const life = this.#lives.get(socket);
    if (life) life.timing = new AsyncResource('HINDCAST');
  }

  #begin(socket: net.Socket): Life {
    const known = this.#lives.get(socket);
    if (known && !socket.destroyed) return known;
    const life = new Life();
    this.#lives.set(socket, life);
    this.#sockets.set(this.log.idOf(socket), socket);
    return life;
  }

  #mark(handle: object, life: Life): void {
    if (this.#lives.has(handle)) return;
    this.#lives.set(handle, life);
    countBytes(handle, life);
  }

  #opening(handle: object): Life | undefined {
    const socket = ownerOf(handle);
    const life = socket && this.#lives.get(socket);
    if (!life) return undefined;
    this.#mark(handle, life);
    const own = Reflect.get(socket, '_handle') as object | null;
    if (own && own !== handle) this.#mark(own, life);
    return life;
  }

  #connect(life: Life, handle: object, request: Request): number {
    const id = this.log.idOf(ownerOf(handle)!);
    const [failed] = this.recorded.all('socket.failed', id);
    const comes = ['connect', 'connectionAttemptFailed', 'connectionAttemptTimeout', 'close'].find(
      (event) => this.recorded.all('socket.event', `${id} ${event}`).length > 0,
    );
    const { syscall, errno } = (failed?.['error'] ?? {}) as { syscall?: unknown; errno?: unknown };
    if (comes === 'close' && syscall === 'connect' && typeof errno === 'number') return errno;
    life.connecting = { request, handle };
    return 0;
  }

  #shutdown(life: Life, request: Request): number {
    const socket = ownerOf(Reflect.get(request, 'handle') as object);
    if (socket && this.#isShutAtOnce(socket)) return 1;
    life.shutting = shutting(request);
    return 0;
  }

  #isShutAtOnce(socket: net.Socket): boolean {
    const id = this.log.idOf(socket);
    if (this.recorded.all('socket.shut', id)[0]?.['sync'] !== true) return false;
    this.recorded.next('socket.shut', id);
    return true;
  }

  #find(key: string): (() => void) | undefined {
    const [kind = '', id = '', event = ''] = key.split(' ');
    if (kind.startsWith('datagram.')) return this.datagrams(kind, Number(id));
    if (kind === 'socket.accepted' && event === 'connection') return this.#accepting(kind, Number(id), event);
    if (kind === 'server.event' && event === 'drop') return this.#accepting(kind, Number(id), event);
    const socket = this.#sockets.get(Number(id));
    const life = socket && this.#lives.get(socket);
    if (!socket || !life) return undefined;
    switch (kind) {
      case 'socket.event':
        return this.#eventOf(socket, life, Number(id), event);
      case 'socket.in':
      case 'http.in':
        return () => this.#bytes(socket, life, this.recorded.next(kind, id));
      case 'pipe.end':
        return () =>
          life.resource.runInAsyncScope(() => {
            socket.push(null);
            socket.read(0);
          });
      case 'tls.event':
        return () => this.#secure(socket, life, event, this.recorded.next(kind, `${id} ${event}`));
      case 'socket.unasked':
        return () => this.#drop(socket, life);
      case 'socket.failed':
        return () => this.#fail(socket, life, this.recorded.next(kind, id));
      case 'socket.wrote':
        return life.writing && (() => this.#wrote(life, this.recorded.next(kind, id)));
      case 'socket.shut':
        return life.shutting && (() => this.#shut(life, this.recorded.next(kind, id)));
      default:
        return undefined;
    }
  }

  #accepting(kind: string, id: number, event: string): (() => void) | undefined {
    const server = this.#servers.get(id);
    const handle = server && (Reflect.get(server, '_handle') as ServerHandle | null);
    if (!server || !handle?.onconnection) return undefined;
    return () => {
      const detail = this.recorded.next(kind, `${id} ${event}`);
      const { TCP, Pipe } = this.#natives;
      const isPipe = detail?.['localAddress'] === undefined && handle instanceof Pipe;
      const listening = this.#serverResources.get(server)!;
      const born = this.#outside.runInAsyncScope(() => bornOf(listening));
      const accepted = born.runInAsyncScope(() => newSocketHandle(isPipe ? Pipe : TCP));
      const life = born.runInAsyncScope(() => new Life());
      life.ends = detail as Ends;
      this.#mark(accepted, life);
      listening.runInAsyncScope(() => handle.onconnection!(0, accepted));
    };
  }

  #eventOf(socket: net.Socket, life: Life, id: number, event: string): (() => void) | undefined {
    const take = (): Detail | undefined => this.recorded.next('socket.event', `${id} ${event}`);
    switch (event) {
      case 'lookup':
        return life.lookup && (() => this.#lookedUp(life, id));
      case 'connect':
        return life.connecting && (() => this.#connected(life, take()));
      case 'connectionAttemptFailed':
        return life.connecting && (() => this.#attemptFailed(life, take()));
      case 'timeout':
        return () => {
          take();
          (life.timing ?? life.resource).runInAsyncScope(() => socket.emit('timeout'));
        };
      default:
        return undefined;
    }
  }

  #lookedUp(life: Life, id: number): void {
    const { callback, all } = life.lookup!;
    life.lookup = undefined;
    const found = this.recorded.all('socket.event', `${id} lookup`);
    const [first] = found;
    const error = first?.['error'] && recordedFailure(first['error'], []);
    const addresses = found.map(({ address, family }) => ({ address, family }));
    life.resource.runInAsyncScope(() => {
      if (error) callback(error);
      else if (all) callback(null, addresses);
      else callback(null, first?.['address'], first?.['family']);
    });
  }

  #connected(life: Life, detail: Detail | undefined): void {
    const { request, handle } = life.connecting!;
    life.connecting = undefined;
    life.ends = (detail ?? {}) as Ends;
    life.resource.runInAsyncScope(() => request.oncomplete(0, handle, request, true, true));
  }

  #attemptFailed(life: Life, detail: Detail | undefined): void {
    const { request, handle } = life.connecting!;
    life.connecting = undefined;
    const errno = (detail?.['error'] as { errno?: number } | undefined)?.errno ?? -1;
    life.resource.runInAsyncScope(() => request.oncomplete(errno, handle, request, false, false));
  }

  #bytes(socket: net.Socket, life: Life, detail: Detail | undefined): void {
    const bytes = from(recordedContent(detail?.['content']) ?? '');
    life.bytesRead += bytes.length;
    life.isByParser = detail?.['by'] === BY_PARSER;
    life.resource.runInAsyncScope(() => {
      active(socket);
      if (readIntoBuffer(socket, bytes)) return;
      const handle = Reflect.get(socket, '_handle') as { reading?: boolean } | null;
      try {
        if (!socket.push(bytes) && handle) handle.reading = false;
      } catch (error) {
        if (error !== STOPPED) throw error;
      }
    });
  }

  #secure(socket: net.Socket, life: Life, event: string, detail: Detail | undefined): void {
    const handle = Reflect.get(socket, '_handle') as Record<string, AnyFunction> | null;
    const args = isArray(detail?.['args']) ? detail['args'].map(unpacked) : [];
    Object.assign(socket, { servername: detail?.['servername'] });
    if (handle) life.resource.runInAsyncScope(() => apply(handle[event]!, handle, args));
  }

  #drop(socket: net.Socket, life: Life): void {
    this.#dropped = socket;
    life.resource.runInAsyncScope(() => socket.destroy());
    this.#dropped = undefined;
  }

  #fail(socket: net.Socket, life: Life, detail: Detail | undefined): void {
    const error = recordedFailure(detail?.['error'], []);
    life.resource.runInAsyncScope(() => socket.destroy(error));
  }

  #wrote(life: Life, detail: Detail | undefined): void {
    const { callback, resource } = life.writing!;
    life.writing = undefined;
    const error = detail?.['error'];
    resource.runInAsyncScope(() => callback(error === undefined ? null : recordedFailure(error, [])));
  }

  #shut(life: Life, detail: Detail | undefined): void {
    const { request, resource } = life.shutting!;
    life.shutting = undefined;
    resource.runInAsyncScope(() => request.oncomplete(detail?.['error'] === undefined ? 0 : -1));
  }
}

/** Outside of all that runs, but triggered by it: as a connection is by its server. */
function bornOf(resource: AsyncResource): AsyncResource {
  return new AsyncResource('HINDCAST', { triggerAsyncId: resource.asyncId() });
}

/** As Node does, in the context in which it is asked for. */
function shutting(request: Request): NonNullable<Life['shutting']> {
  return { request, resource: new AsyncResource('HINDCAST') };
}

/** Node starts a socket's time limit anew. */
export function active(socket: net.Socket): void {
  const again = Reflect.get(socket, '_unrefTimer') as (() => void) | undefined;
  if (again) apply(again, socket, []);
}

function ownerOf(handle: object): net.Socket | undefined {
  const symbol = Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
  const owner: unknown = symbol && Reflect.get(handle, symbol);
  return owner instanceof net.Socket ? owner : undefined;
}
