/**
 * Child processes: a shell plays what the recorded one wrote, and ends as it did. Recorded Node programs run again,
 * under the same world. Anything else does not start.
 */
import childProcess from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../base/whole-files.ts';
import { bornFile, childKey, CWD_VARIABLE, NOTES_FILE, type ChildRun } from '../../model/recorded-world.ts';
import { nativeBinding } from '../native-binding.ts';
import type { RecordedCalls } from '../recorded-calls.ts';
import { ownData, replace, type AnyFunction } from '../patch.ts';
import { plain } from '../dns.ts';
import { errorFrom, type Serving } from './serving.ts';
import type { Cut, Kills } from './killed.ts';
import { holdChild } from './time/child-times.ts';
import type { Timeline } from './time/timeline.ts';

const { apply } = Reflect;
const { from, alloc } = Buffer;
const { execPath } = process;
/** The real ones. */
const isThere = existsSync;
const statOf = statSync;
const NOT_THERE = -2;
/** Real milliseconds that a process which was killed in its time gets besides. */
const LATER_MS = 5000;
/** No such program: to start it fails as it does for any other. */
const NOTHING = '/hindcast-does-not-start-it';

/** A descriptor that was opened in the recorded run is none here: its number may be another's. */
function withoutDescriptors(options: object): void {
  const stdio = ownData(options, 'stdio');
  if (!Array.isArray(stdio)) return;
  const given = stdio.map((each: unknown) => (typeof each === 'number' && each > 2 ? 'ignore' : each));
  Object.assign(options, { stdio: given });
}

/** Gives an error the stack of Node's own, for which the same function fails once in the same way; nothing starts. */
function standsWhereNodes(error: Error, original: AnyFunction, name: string, self: unknown): void {
  const isEarly = 'code' in error;
  const failure = isEarly
    ? { error: NOT_THERE, status: null, output: null }
    : { status: 1, output: [null, null, null] };
  const binding = nativeBinding('spawn_sync') as { spawn: unknown };
  const { spawn } = binding;
  let real: unknown;
  try {
    binding.spawn = () => ({ pid: 0, signal: null, ...failure });
    real = ownData(apply(original, self, name === 'execSync' ? ['nothing'] : ['nothing', []]), 'error');
  } catch (thrown) {
    real = thrown;
  } finally {
    binding.spawn = spawn;
  }
  // a getter gives it from Node 22 on
  const stack: unknown = (real as Error | undefined)?.stack;
  if (typeof stack !== 'string') return;
  const frames = stack.slice(Math.max(0, stack.indexOf('\n    at ')));
  Object.defineProperty(error, 'stack', {
    value: `${error.name}: ${error.message}${frames}`,
    writable: true,
    configurable: true,
  });
}

/** What it is called for the program. Node tells of a failure later. */
function named(child: unknown, options: object, result: unknown): unknown {
  Object.assign(child as object, { spawnfile: ownData(options, 'file'), spawnargs: ownData(options, 'args') ?? [] });
  return result;
}

/** A folder that was made in the recorded run, say, and is gone: none that a process can really be in. */
function missingFolder(cwd: unknown, sources: string | undefined): string | undefined {
  const folder = path.resolve(typeof cwd === 'string' ? cwd : cwd instanceof URL ? fileURLToPath(cwd) : '.');
  return isThere(folder) && !isGiven(folder, sources) ? undefined : folder;
}

/** Node finds it there, but it is one of `sources`. */
function isGiven(folder: string, sources: string | undefined): boolean {
  const given = sources === undefined ? undefined : path.join(sources, folder);
  return given !== undefined && isThere(given) && statOf(given).ino === statOf(folder).ino;
}

const WITH_VALUE = /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions)$/;
const CODE = /^(?:-e|--eval|-p|--print|-pe)$/;

/** The arguments of a Node with its program, which it would look for in the folder, by the whole path. */
function programIn(folder: string, args: readonly string[]): readonly string[] {
  const first = args[0] === execPath || args[0] === 'node' ? 1 : 0;
  for (let at = first; at < args.length; at++) {
    const arg = args[at]!;
    if (CODE.test(arg)) return args;
    if (WITH_VALUE.test(arg)) at++;
    else if (!arg.startsWith('-')) return args.with(at, path.resolve(folder, arg));
  }
  return args;
}

/** The `timeout` of what ends by itself, if it can. */
function endless(options: unknown): number | undefined {
  const timeout = ownData(options, 'timeout');
  return typeof timeout === 'number' && timeout > 0 ? timeout + LATER_MS : undefined;
}

export interface Children {
  /** the real number of the process that has this one for the program */
  realPid(pid: number): number | undefined;
}

/**
 * `stream`: the thread's own number in the recording. `timeline`: of a run that may go another way, `calls` and `kills`: of
 * an exact one, `cut`: of a thread that was killed.
 */
export function serveChildren(
  serving: Serving,
  stream: number,
  timeline: Timeline | undefined,
  calls?: Pick<RecordedCalls, 'playedChildren'>,
  kills?: Kills,
  cut?: Cut,
): Children {
  const left = [...serving.world.children];
  const started = [...(serving.world.exact?.started[stream] ?? [])];
  const pids = new Map<number, number>();

  /** An exact run: it is told what it is, and the program what it was. */
  function born(child: object): void {
    const recordedPid = started.shift();
    const real = ownData(child, 'pid');
    if (typeof recordedPid !== 'number' || typeof real !== 'number') return;
    pids.set(recordedPid, real);
    writeWhole(path.join(serving.world.scratch, bornFile(real)), String(recordedPid), { mode: 0o600 });
    Object.assign(child, { pid: recordedPid });
    kills?.keepFrom(child, recordedPid);
  }

  /** Nothing recorded tells how it ends: that matters where the program listens. */
  function heard(child: object, what: string): void {
    const handle = ownData(child, '_handle');
    const told = ownData(handle, 'onexit');
    if (typeof handle !== 'object' || handle === null || typeof told !== 'function') return;
    Object.assign(handle, {
      onexit(this: unknown, ...args: unknown[]): void {
        const { listenerCount } = child as childProcess.ChildProcess;
        const count = (event: string): number => apply(listenerCount, child, [event]);
        if (count('exit') + count('close') > 0) serving.unmatched('processes', what, { place: undefined });
        apply(told as AnyFunction, this, args);
      },
    });
  }

  /** The options of a spawn in a folder that is not there: it is told of the folder, and runs in another. */
  function elsewhere(options: object, cwd: string, args: unknown): object {
    const envPairs = [...(ownData(options, 'envPairs') as readonly string[]), `${CWD_VARIABLE}=${cwd}`];
    const moved = programIn(cwd, Array.isArray(args) ? (args as string[]) : []);
    return { ...options, args: moved, cwd: serving.world.scratch, envPairs };
  }

  function start(child: object, run: ChildRun | 'real', begin: () => unknown): unknown {
    const result = begin();
    if (run !== 'real' && run.outlived !== undefined) heard(child, run.outlived);
    if (serving.isExact) born(child);
    else if (timeline && run !== 'real' && run.times && result === 0)
      holdChild(timeline, child as childProcess.ChildProcess, run.times, !run.again);
    return result;
  }

  /** 'real': it runs; undefined: nothing recorded matches, and it must not */
  function recorded(file: unknown, args: unknown, command: string): ChildRun | 'real' | undefined;
  /** 'last': the thread was killed while the call waited */
  function recorded(file: unknown, args: unknown, command: string, waits: true): ChildRun | 'real' | 'last' | undefined;
  function recorded(
    file: unknown,
    args: unknown,
    command: string,
    waits = false,
  ): ChildRun | 'real' | 'last' | undefined {
    const caller = serving.caller();
    const isOutside = caller.by === 'tool' || (caller.by === 'node' && !serving.fromRecordedCode);
    const key = childKey(file, args);
    // a runner's own processes run, unless they are left out
    const at = left.findIndex((each) => each.key === key && (!isOutside || each.isLeftOut === true));
    if (at >= 0) {
      const [found] = left.splice(at, 1);
      return found;
    }
    if (isOutside) return 'real';
    if (waits && cut?.isNear()) return 'last';
    if (file === execPath || file === 'node' || serving.isLive('processes')) return 'real';
    serving.unmatched('processes', command, caller);
    return undefined;
  }

  replace(
    childProcess.ChildProcess.prototype,
    'spawn',
    serving.hide,
    (original) =>
      function (...args) {
        const [options] = args;
        const file = plain(ownData(options, 'file'));
        const list = plain(ownData(options, 'args'));
        const command = Array.isArray(list) ? list.join(' ') : String(file);
        const found = recorded(file, list, command);
        if (typeof options !== 'object' || options === null) return apply(original, this, args);
        if (serving.isExact) withoutDescriptors(options);
        if (found === 'real' || found?.again) {
          const cwd =
            found === 'real' ? undefined : missingFolder(ownData(options, 'cwd'), serving.world.exact?.sources);
          const given = cwd === undefined ? options : elsewhere(options, cwd, list);
          const begin = (): unknown => apply(original, this, [given]);
          return named(this, options, start(this as object, found, begin));
        }
        if (!found || found.failed === true) {
          const result = apply(original, this, [{ ...options, file: NOTHING, cwd: undefined }]);
          started.shift();
          return named(this, options, result);
        }
        const script = ['sh', '-c', found.script, 'sh', path.join(serving.world.scratch, NOTES_FILE)];
        const play = { file: '/bin/sh', args: script, cwd: undefined, envPairs: [], shell: false };
        const begin = (): unknown => apply(original, this, [{ ...options, ...play }]);
        calls?.playedChildren.add(this as object);
        return named(this, options, start(this as object, found, begin));
      },
  );

  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
    replace(
      childProcess,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          const list = Array.isArray(args[1]) ? plain(args[1]) : undefined;
          const command = [args[0], ...(Array.isArray(list) ? list : [])].join(' ');
          const found = recorded(plain(args[0]), list, command, true);
          if (found === 'last')
            try {
              return cut!.areOthersLeft() ? apply(original, this, args) : undefined;
            } finally {
              cut!.stop();
            }
          const options = args.findLast((each) => typeof each === 'object' && each !== null && !Array.isArray(each));
          if (found === 'real' || found?.again) {
            const cwd =
              found === 'real' ? undefined : missingFolder(ownData(options, 'cwd'), serving.world.exact?.sources);
            const wasKilled = serving.isExact && found !== 'real' && typeof found.outcome?.signal === 'string';
            if (!options || (cwd === undefined && !wasKilled)) return apply(original, this, args);
            const words = args.slice(0, args.indexOf(options));
            const again = (): unknown => {
              const own = wasKilled ? { ...options, timeout: endless(options) } : options;
              if (cwd === undefined) return apply(original, this, [...words, own]);
              const env = {
                ...((ownData(options, 'env') as NodeJS.ProcessEnv | undefined) ?? process.env),
                [CWD_VARIABLE]: cwd,
              };
              const given = words.map((each) => (Array.isArray(each) ? programIn(cwd, each as string[]) : each));
              return apply(original, this, [...given, { ...own, cwd: serving.world.scratch, env }]);
            };
            if (!wasKilled) return again();
            // it ends where it was killed, or somewhat later: how, is recorded
            try {
              again();
            } catch {
              // as it did
            }
          }
          const encoding = ownData(options, 'encoding');
          const out = (content: string | null | undefined): string | Buffer | null => {
            if (content === null) return null;
            const bytes = content === undefined ? alloc(0) : from(content, 'base64');
            return typeof encoding === 'string' && encoding !== 'buffer'
              ? bytes.toString(encoding as BufferEncoding)
              : bytes;
          };
          const refused = errorFrom({
            message: `${name} ${command} ENOENT`,
            code: 'ENOENT',
            errno: NOT_THERE,
            syscall: `spawnSync ${command}`,
          });
          const { pid = 0, status = null, signal = null, stdout, stderr, more = [], error } = found?.outcome ?? {};
          const [one, other] = [out(stdout), out(stderr)];
          const isStarted = pid !== 0 || error === undefined;
          // what was not started wrote nothing: since Node 24 that is undefined
          const none = found && stdout === undefined ? undefined : null;
          // in Node's order, for who prints it
          const fields = isStarted
            ? { status, signal, output: [null, one, other, ...more.map(out)], pid, stdout: one, stderr: other }
            : { status, signal, output: null, pid, stdout: none, stderr: none };
          const asked = error?.code === undefined ? {} : { path: args[0], spawnargs: list ?? [] };
          const failed = found ? error && errorFrom(error, asked) : refused;
          if (failed) standsWhereNodes(failed, original, name, this);
          // without a place for it, Node passes on what the child wrote there
          if (name !== 'spawnSync' && found && ownData(options, 'stdio') === undefined && isStarted && other)
            process.stderr.write(other);
          if (name === 'spawnSync') return failed ? { error: failed, ...fields } : fields;
          // what Node could not start, or ended, names itself
          if (failed) throw Object.assign(failed, 'code' in failed ? { error: failed } : {}, fields);
          return one;
        },
    );
  }

  return { realPid: (pid) => pids.get(pid) };
}
