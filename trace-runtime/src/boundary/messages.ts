/** Messages between threads and processes, signals, and that the event loop is empty. */
import { constants } from 'node:os';
import workerThreads from 'node:worker_threads';
import { messagesOf } from '../model/channel-keys.ts';
import { arrivalKey, LOOP_END, TAKEN_MESSAGE } from '../model/recorded-world.ts';
import { Broadcasts, DISPATCH, messageJson, symbolOf } from './broadcasts.ts';
import { safely } from './calls.ts';
import { closesInTurn, sentInTurn } from './channels.ts';
import { plain } from './dns.ts';
import type { Json } from './json.ts';
import type { BoundaryLog } from './log.ts';
import { LoadAnswers } from './load-answers.ts';
import { countStdio, WorkerStdio } from './worker-stdio.ts';
import { disguise, override, ownData, replace, type AnyFunction } from './patch.ts';

const { apply, construct } = Reflect;
const { keys } = Object;
const { listenerCount } = process;
const LOOP_ENDS = arrivalKey(LOOP_END, '');
const pause = Atomics.wait;
/** Milliseconds, after which a message that another thread is to send is given up. */
const MOST_LOOKS = 5000;
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);
const NODES_OWN = new Set([
  'upAndRunning',
  'couldNotSerializeError',
  'errorMessage',
  'stdioPayload',
  'stdioWantsMoreData',
  'loadScript',
  'registerMainThreadPort',
  'unregisterMainThreadPort',
  'sendMessageToWorker',
  'receiveMessageFromWorker',
]);

export function installMessages(log: BoundaryLog): void {
  installPorts(log);
  installWorkers(log);
  installProcess(log);
}

/** An outgoing value may have getters, which must not run: it is only named, the receiver logs what arrived. */
function outgoingJson(log: BoundaryLog, value: unknown): Json {
  return typeof value === 'object' && value !== null ? { type: 'object' } : messageJson(log, value);
}

function installPorts(log: BoundaryLog): void {
  const { prototype } = workerThreads.MessagePort;
  const answers = new LoadAnswers(log);
  const stdio = new WorkerStdio(log);
  if (log.hasTurns) installCloses(log);
  const broadcasts = log.hasTurns ? new Broadcasts(log) : undefined;
  // Where Node hands a message that has come to the port's listeners.
  override(
    prototype,
    DISPATCH,
    log.hide,
    (inherited) =>
      function (...args) {
        const [data, type] = args;
        if (type === 'message' && log.hasTurns && stdio.isOf(this as object, data))
          return stdio.inTurn(this as object, data, () => apply(inherited(), this, args));
        if (type !== 'message' || isNodesOwn(data)) return apply(inherited(), this, args);
        const by = isLoaders(data) ? 'loader' : undefined;
        const port = log.idOf(this as object, by ? 'asked' : 'port');
        if (!by) safely(log, () => log.unrepeatable?.message(data));
        const broadcast = broadcasts?.has(this as object) ? true : undefined;
        const deliver = (): unknown => {
          safely(log, () => {
            const message = messageJson(log, data);
            if (by) log.report('message.in', { port, by, message });
            else log.report('message.in', { port, broadcast }, { message });
          });
          return apply(inherited(), this, args);
        };
        if (by) return deliver();
        const message = broadcast && messageJson(log, data);
        if (message && broadcasts?.isPlayed(message)) return undefined;
        return log.inTurn(arrivalKey('message.in', messagesOf({ port, broadcast, message })), deliver, undefined);
      },
  );
  replace(
    prototype,
    'postMessage',
    log.hide,
    (original) =>
      function (...args) {
        const [data] = args;
        if (isNodesOwn(data)) safely(log, () => answers.sent(data));
        else
          safely(log, () =>
            log.report('message.out', {
              port: log.idOf(this as object, 'port'),
              message: outgoingJson(log, data),
            }),
          );
        return apply(original, this, args);
      },
  );
  replace(
    workerThreads,
    'receiveMessageOnPort',
    log.hide,
    (original) =>
      function (...args) {
        const received = receivedOn(log, args[0], () => apply(original, this, args));
        // Node looks again and again whether the thread of load hooks has answered
        if (received === undefined && !log.fromRecordedCode) return answers.take(args[0]);
        const [given] = args;
        const message = ownData(received, 'message');
        const isPort = typeof given === 'object' && given !== null;
        const by = isPort && isLoaders(message) ? 'loader' : undefined;
        const report = (): void =>
          safely(log, () => {
            // load hooks are asked over a new port each time
            const port = isPort ? log.idOf(given, by && log.hasTurns ? 'asked' : 'port') : undefined;
            const taken = received === undefined ? undefined : messageJson(log, message);
            log.report('message.in', { port, by, sync: true, message: taken });
          });
        if (by) return answers.taken(given as object, received, report);
        if (received !== undefined) log.arrivals.came(TAKEN_MESSAGE);
        report();
        return received;
      },
  );
}

/** What a thread finds depends on how fast the other one is: in an exact run it finds what it found. */
function receivedOn(log: BoundaryLog, port: unknown, look: () => unknown): unknown {
  if (!log.recorded?.hasLooks || !log.fromRecordedCode || typeof port !== 'object' || port === null) return look();
  const found = log.recorded.looked(log.idOf(port, 'port'));
  if (found === false) return undefined;
  let received = look();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let looks = 0; found === true && received === undefined && looks < MOST_LOOKS; looks++) {
    pause(cell, 0, 0, 1);
    received = look();
  }
  return received;
}

/** Where Node tells those who listen that a port has closed: its other end did, or the thread there has ended. */
function installCloses(log: BoundaryLog): void {
  const { listenerCount } = workerThreads.MessagePort.prototype as object as NodeJS.EventEmitter;
  replace(
    EventTarget.prototype,
    'dispatchEvent',
    log.hide,
    (original) =>
      function (...args) {
        const deliver = (): unknown => apply(original, this, args);
        if (log.fromRecordedCode || !isClose(this, args[0])) return deliver();
        const port = log.idOf(this as object, 'port');
        const inTurn = (): unknown => {
          safely(log, () => log.report('port.close', { port }));
          return deliver();
        };
        return log.inTurn(arrivalKey('port.close', port), inTurn, true);
      },
  );

  function isClose(target: unknown, event: unknown): boolean {
    if (!(target instanceof workerThreads.MessagePort) || !(event instanceof Event) || event.type !== 'close')
      return false;
    return apply(listenerCount, target, ['close']) > 0;
  }
}

/** What Node says over a worker's inner channel: its life and its output, not the program's words. */
function isNodesOwn(data: unknown): boolean {
  const type = ownData(data, 'type');
  return typeof type === 'string' && NODES_OWN.has(type);
}

/** The thread in which load hooks run. */
function isLoader(worker: unknown): boolean {
  return ownData(ownData(Object.getPrototypeOf(worker), 'constructor'), 'name') === 'InternalWorker';
}

/** The answer of the thread in which load hooks run. A message of the program's that looks like it has no turn. */
function isLoaders(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || typeof ownData(data, 'status') !== 'string') return false;
  const names = keys(data);
  return names.length === 2 && names[0] === 'status' && names[1] === 'body';
}

function installWorkers(log: BoundaryLog): void {
  const { prototype } = workerThreads.Worker;
  /** Those whose end Node tells now: what they said before it, and what is read only then, comes before their `exit`. */
  const ending = new WeakSet<object>();
  const exits = log.hasTurns ? exitsInTurn() : false;
  count(log);
  override(
    prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, value] = args;
        const isExit = event === 'exit';
        if (log.hasTurns && !isLoader(this) && (event === 'online' || event === 'error' || (isExit && !exits))) {
          const deliver = (): unknown => {
            told(this as object, event, value);
            return apply(inherited(), this, args);
          };
          return log.inTurn(arrivalKey(`worker.${event}`, log.idOf(this as object, 'worker')), deliver, true);
        }
        if (!isExit || !exits || ending.delete(this as object)) told(this as object, event, value);
        return apply(inherited(), this, args);
      },
  );

  /** Where Node hears of an end: after the event it forgets who listens. */
  function exitsInTurn(): boolean {
    const symbol = symbolOf(prototype, 'kOnExit');
    if (symbol === undefined) return false;
    return replace(
      prototype,
      symbol,
      log.hide,
      (original) =>
        function (...args) {
          const worker = this as object;
          const id = isLoader(worker) ? undefined : log.idOf(worker, 'worker');
          const [ended, failure] = args;
          const code = (id === undefined ? undefined : log.recorded?.codeOf(id)) ?? ended;
          const deliver = (): unknown => {
            // an error of Node's own comes with the end alone
            if (failure !== undefined && failure !== null) told(worker, 'exit', code);
            else ending.add(worker);
            const result = apply(original, worker, [code, ...args.slice(1)]);
            // its class emits in its own way
            if (ending.delete(worker)) told(worker, 'exit', code);
            return result;
          };
          if (id === undefined) return deliver();
          return log.inTurn(arrivalKey('worker.exit', id), deliver, undefined);
        },
    );
  }

  function told(emitter: object, event: unknown, value: unknown): void {
    if (event !== 'online' && event !== 'error' && event !== 'exit') return;
    safely(log, () => {
      const worker = log.idOf(emitter, isLoader(emitter) ? 'loader' : 'worker');
      if (event === 'online')
        log.report('worker.online', {
          worker,
          threadId: plain(Reflect.get(emitter, 'threadId')),
          port: portOf(log, emitter),
          by: isLoader(emitter) ? 'loader' : undefined,
        });
      else if (event === 'error') {
        if (log.hasTurns) log.report('worker.error', { worker });
      } else if (event === 'exit')
        log.report('worker.exit', {
          worker,
          by: isLoader(emitter) ? 'loader' : undefined,
          code: typeof value === 'number' ? value : null,
        });
    });
  }
}

/** Workers and their ports have their ids in the order in which they are made, whichever is heard of first. */
function count(log: BoundaryLog): void {
  const { Worker } = workerThreads;
  const counted: typeof Worker = new Proxy(Worker, {
    construct(target, args, newTarget) {
      const worker = construct(target, args, newTarget === counted ? target : newTarget) as object;
      safely(log, () => {
        log.idOf(worker, 'worker');
        portOf(log, worker);
        countStdio(log, worker);
      });
      return worker;
    },
  });
  Object.assign(workerThreads, { Worker: disguise(counted, Worker, log.hide) });
}

/** The port whose records are this worker's messages. */
function portOf(log: BoundaryLog, worker: object): number | undefined {
  const port = ownData(worker, symbolOf(worker, 'kPublicPort') ?? '');
  return typeof port === 'object' && port !== null ? log.idOf(port, isLoader(worker) ? 'asked' : 'port') : undefined;
}

/** `send` is made for each process: the function is replaced where it stands. */
export function logSends(log: BoundaryLog, owner: object, whose: { readonly [key: string]: Json }): void {
  replace(
    owner,
    'send',
    log.hide,
    (original) =>
      function (...args) {
        safely(log, () => log.report('message.out', { ...whose, message: outgoingJson(log, args[0]) }));
        return apply(original, this, sentInTurn(log, whose, args));
      },
  );
}

/** Messages from a parent process, signals and an empty event loop reach the program as events of `process`. */
function installProcess(log: BoundaryLog): void {
  override(
    Object.getPrototypeOf(process),
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, value] = args;
        if (event === 'message') {
          const deliver = (): unknown => {
            const atOnce = log.isReadAtOnce();
            safely(log, () =>
              log.report('message.in', { from: 'parent', atOnce }, { message: messageJson(log, value) }),
            );
            return apply(inherited(), this, args);
          };
          return log.inTurn(arrivalKey('message.in', 'parent'), deliver, true);
        }
        if (event === 'beforeExit' && log.hasTurns && apply(listenerCount, process, [event]) > 0) {
          log.arrivals.came(LOOP_ENDS);
          safely(log, () => log.report(LOOP_END, {}));
          return apply(inherited(), this, args);
        }
        if (typeof event !== 'string') return apply(inherited(), this, args);
        if (log.hasTurns && isSignal(event)) {
          const deliver = (): unknown => {
            safely(log, () => log.report('signal', { name: event }));
            return apply(inherited(), this, args);
          };
          return log.inTurn(arrivalKey('signal', event), deliver, true);
        }
        if (isSignal(event)) safely(log, () => log.report('signal', { name: event }));
        return apply(inherited(), this, args);
      },
  );
  logSignals(log);
  // of an exact run: there what is waited for keeps the event loop going
  log.arrivals.playedBy({
    find: (key) => (key === LOOP_ENDS ? () => process.emit('beforeExit', Number(process.exitCode ?? 0)) : undefined),
  });
  if (typeof process.send !== 'function') return;
  logSends(log, process, { to: 'parent' });
  closesInTurn(log, process, { to: 'parent' });
}

/** Told without methods of strings: the program may have replaced them. */
function isSignal(event: string): boolean {
  return event[0] === 'S' && event[1] === 'I' && event[2] === 'G';
}

/** What the program sends to itself, and its processes to each other, comes again by itself. */
function logSignals(log: BoundaryLog): void {
  replace(
    process,
    'kill',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const [pid, signal = 'SIGTERM'] = args;
        const result = apply(original, this, args);
        if (log.depth === 0 && typeof pid === 'number' && signal !== 0)
          safely(log, () => log.report('signal.sent', { pid: Math.abs(pid), signal: nameOf(signal) }));
        return result;
      },
  );
}

function nameOf(signal: unknown): string {
  return typeof signal === 'string' ? signal : (NAMES.get(signal) ?? String(signal));
}
