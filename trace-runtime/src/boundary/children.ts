/** Child processes: how they were started, what they wrote, said, and how they ended. */
import childProcess from 'node:child_process';
import { safely } from './calls.ts';
import { closesInTurn } from './channels.ts';
import { arrivalKey } from '../model/recorded-world.ts';
import { plain } from './dns.ts';
import type { Json } from './json.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import { messageJson } from './broadcasts.ts';
import { logSends } from './messages.ts';
import { override, ownData, replace, type AnyFunction } from './patch.ts';
import type { Sockets } from './sockets.ts';

const { apply } = Reflect;
const { isArray } = Array;
const STREAMS = ['stdin', 'stdout', 'stderr'] as const;

export function installChildProcesses(log: BoundaryLog, sockets: Sockets): void {
  const { prototype } = childProcess.ChildProcess;
  replace(
    prototype,
    'spawn',
    log.hide,
    (original) =>
      function (...args) {
        // the recorder's own processes
        if (log.depth > 0) return apply(original, this, args);
        const [options] = args;
        const result = apply(original, this, args);
        safely(log, () => {
          const child = this as childProcess.ChildProcess;
          const id = log.idOf(child);
          log.report('child.start', {
            child: id,
            file: plain(ownData(options, 'file')),
            args: plain(ownData(options, 'args')),
            cwd: plain(ownData(options, 'cwd')),
            pid: child.pid,
            failed: typeof result === 'number' && result !== 0 ? result : undefined,
          });
          const isPlayed = log.recorded?.playedChildren.has(child) ?? false;
          // those behind the three standard ones are called by their numbers
          child.stdio.forEach((pipe, at) => {
            if (pipe) sockets.belongsToChild(pipe, id, STREAMS[at] ?? String(at), isPlayed);
          });
          if (log.hasTurns) exitInTurn(log, child, id);
          const send = ownData(child, 'send');
          if (typeof send !== 'function') return;
          logSends(log, child, { child: id });
          closesInTurn(log, child, { child: id });
        });
        return result;
      },
  );
  override(
    prototype,
    'emit',
    log.hide,
    (inherited) =>
      function (...args) {
        const [event, first, second] = args;
        const child = this as object;
        const pass = (): unknown => log.below(() => apply(inherited(), this, args));
        if (!log.knows(child)) return pass();
        const id = log.idOf(child);
        const act = event === 'internalMessage' && log.hasTurns ? actOfWorker(first) : undefined;
        const deliver = (): unknown => {
          safely(log, () =>
            act === undefined
              ? childEvent(log, id, event, first, second)
              : log.report('cluster.in', { child: id, act, atOnce: log.isReadAtOnce() }),
          );
          return pass();
        };
        if (event === 'message') return log.inTurn(arrivalKey('message.in', `child ${id}`), deliver, true);
        return act === undefined ? deliver() : log.inTurn(arrivalKey('cluster.in', id), deliver, true);
      },
  );
  if (log.hasTurns) kills(log);
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) runToTheEnd(log, name);
}

/** What a worker of a cluster tells its primary: that it runs, wants to listen, listens, or has closed. */
function actOfWorker(message: unknown): string | undefined {
  const act = ownData(message, 'act');
  return ownData(message, 'cmd') === 'NODE_CLUSTER' && typeof act === 'string' ? act : undefined;
}

/** Whether a child was there to be killed: in an exact run it may have ended before, or not. */
function kills(log: BoundaryLog): void {
  replace(
    childProcess.ChildProcess.prototype,
    'kill',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const child = this as { killed: boolean };
        const found = apply(original, child, args);
        if (log.depth > 0 || !log.knows(child)) return found;
        const told = log.recorded?.returned('child.kill')?.['found'] ?? found;
        if (told === true) child.killed = true;
        safely(log, () => log.report('child.kill', { child: log.idOf(child), found: told === true }));
        return told;
      },
  );
}

/** What the handle tells of the end comes before the `exit` event, and decides when `close` does. */
function exitInTurn(log: BoundaryLog, child: object, id: number): void {
  const handle = ownData(child, '_handle');
  const told = ownData(handle, 'onexit');
  if (typeof handle !== 'object' || handle === null || typeof told !== 'function') return;
  const onexit = function (this: unknown, ...args: unknown[]): void {
    log.arrivals.arrive(arrivalKey('child.exit', id), () => {
      // what plays it may have been killed where it ended by itself
      const exit = log.recorded?.exitOf(id);
      apply(told as AnyFunction, this, exit ? [exit['code'] ?? 0, exit['signal'] ?? ''] : args);
    });
  };
  Object.assign(handle, { onexit });
}

function childEvent(log: BoundaryLog, child: number, event: unknown, first: unknown, second: unknown): void {
  if (event === 'exit') log.report('child.exit', { child }, { code: plain(first), signal: plain(second) });
  else if (event === 'error') log.report('child.failed', { child }, { error: errorJson(first) });
  else if (event === 'message')
    log.report('message.in', { child, atOnce: log.isReadAtOnce() }, { message: messageJson(log, first) });
}

function runToTheEnd(log: BoundaryLog, name: 'spawnSync' | 'execSync' | 'execFileSync'): void {
  replace(
    childProcess,
    name,
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        if (log.depth > 0) return apply(original, this, args);
        const call = { file: plain(args[0]), args: isArray(args[1]) ? plain(args[1]) : undefined };
        try {
          const result = log.below(() => apply(original, this, args));
          safely(log, () => {
            if (name === 'spawnSync') log.report(`child.${name}`, { ...call, ...pidOf(result) }, outcome(log, result));
            else log.report(`child.${name}`, call, { stdout: written(log, result) });
          });
          return result;
        } catch (error) {
          safely(log, () => {
            const brought = { ...outcome(log, error), error: errorJson(error) };
            log.report(`child.${name}`, { ...call, ...pidOf(error) }, brought);
          });
          throw error;
        }
      },
  );
}

/** Another one where the child is executed again. */
function pidOf(result: unknown): { readonly pid: Json } {
  return { pid: plain(ownData(result, 'pid')) };
}

/** spawnSync's result, or the error of the others, which carries the same members; but the pid. */
function outcome(log: BoundaryLog, result: unknown): { readonly [key: string]: Json } {
  const output = ownData(result, 'output');
  return {
    status: plain(ownData(result, 'status')),
    signal: plain(ownData(result, 'signal')),
    ...(ownData(result, 'error') === undefined ? {} : { error: errorJson(ownData(result, 'error')) }),
    stdout: written(log, ownData(result, 'stdout')),
    stderr: written(log, ownData(result, 'stderr')),
    more: isArray(output) && output.length > 3 ? output.slice(3).map((each) => written(log, each)) : undefined,
  };
}

/** null: it had no pipe for that; undefined: nothing came. */
function written(log: BoundaryLog, content: unknown): Json {
  if (content === null) return null;
  return content ? log.content(content) : undefined;
}
