/**
 * Starts recording inside a program, in every process and worker thread; `preload.ts` runs it. Here the parts
 * meet. Whatever goes wrong, the program runs: plain, and the recording's ledger says so.
 */
import { isMainThread, threadId } from 'node:worker_threads';
import Module from 'node:module';
import { receiveFiles } from './async-loading.ts';
import { instrumenterVersion, openCache, quietCache } from './cache.ts';
import { createCases, runnerHook } from './cases.ts';
import { WORKER_KEY, installChildren } from './children.ts';
import { coverageAtEnd, inspectorCorrection } from './coverage.ts';
import { createCoverageMap } from './coverage-map.ts';
import { cutOnSignal } from './cut-signal.ts';
import { correctCloneErrors } from './clone-errors.ts';
import { createDisguises, type Disguises } from './disguise.ts';
import { createFunctionTexts } from './function-texts.ts';
import { OPTIONS_VARIABLE, PARENT_VARIABLE, RECORDING_VARIABLE, hide, type Injected } from './environment.ts';
import { startsWith } from './primordials.ts';
import { tellPlainFiles } from './plain-files.ts';
import { projectRoot } from './project-root.ts';
import { fatalErrors, type FatalText, type Thrown } from './fatal-errors.ts';
import { instrumentClient } from './instrument-client.ts';
import { lateBuiltins, type LateBuiltins } from './late-builtins.ts';
import { changedSources } from './changed-sources.ts';
import { countBases, createLoader, placed, type Loader } from './loader.ts';
import { type LoadedFile, loadedFiles } from './loaded-files.ts';
import { installModuleHooks } from './module-hooks.ts';
import { natives } from './natives.ts';
import { nodeTest } from './node-test.ts';
import { ownFiles, type OwnFiles } from './own-files.ts';
import { patchClocks, trackRealms } from './realms.ts';
import { createRecorder, type RecorderOptions } from './recorder.ts';
import { createSecrets } from './secrets.ts';
import { createStackTexts } from './stack-texts.ts';
import { filePath } from './loader.ts';
import { createStackTraces, stackHook, type StackTraces } from './stack-traces.ts';
import { openTransport } from './transport.ts';
import { installVmHooks } from './vm-hooks.ts';
import { installBoundary, type Boundary } from '../boundary/install.ts';
import type { Window } from '../boundary/window-marks.ts';
import type { installServing, Served } from '../boundary/serve/install.ts';

import { STACK_HOOK } from '../model/instrument-cache.ts';
import { CWD_VARIABLE, SOURCES_VARIABLE } from '../model/recorded-world.ts';
import { selectFiles } from '../model/file-selection.ts';
import { parseRecordOptions } from '../model/record-options.ts';
import { CASE_HOOK, NODE_TEST_HOOK } from './runner-probes.ts';
import { secretsOf, withForms } from '../model/secret-names.ts';
import { STARTED_FILE } from '../model/window-mark.ts';
import { cacheFolder } from '../base/folders.ts';
import { writeWhole } from '../base/whole-files.ts';

/** Frames in which the serving side looks for who asks. */
const FRAMES_LOOKED_AT = 60;
/** Among so many is the innermost that is not ours. */
const NEAR_FRAMES = 24;

const own = ownFiles(natives.dirname(__filename));
// Hindcast's own programs are not recorded.
const recorded = !process.argv[1]?.startsWith(own.folder);
if (recorded) begin(own);

function begin(files: OwnFiles): void {
  let injected: Injected | undefined;
  try {
    injected = takeOrders(files);
    if (injected) record(injected, files);
  } catch (error) {
    noteFailure(injected?.recording ?? process.env[RECORDING_VARIABLE], error);
  }
}

/** Reads what the environment says, and takes it out of the program's sight. */
function takeOrders(files: OwnFiles): Injected | undefined {
  const { env } = process;
  const inherited = isMainThread
    ? undefined
    : (natives.getEnvironmentData(WORKER_KEY) as unknown as Injected | undefined);
  const recording = inherited?.recording ?? env[RECORDING_VARIABLE];
  const options = inherited?.options ?? env[OPTIONS_VARIABLE];
  const parent = inherited?.parent ?? env[PARENT_VARIABLE];
  const cwd = inherited?.cwd ?? env[CWD_VARIABLE];
  const sources = inherited?.sources ?? env[SOURCES_VARIABLE];
  hide(env, files.preload);
  hideArguments(files.preload);
  return recording
    ? { recording, options, preload: files.preload, own: files.folder, parent, cwd, sources }
    : undefined;
}

function hideArguments(preload: string): void {
  const { execArgv } = process;
  const at = execArgv.indexOf(preload);
  if (at > 0 && execArgv[at - 1] === '--require') execArgv.splice(at - 1, 2);
  // Not in place: Node is just walking the array.
  const { _preload_modules: preloads = [] } = process as unknown as { _preload_modules?: string[] };
  const value = preloads.filter((name) => name !== preload);
  Reflect.defineProperty(process, '_preload_modules', { value, enumerable: true });
  delete require.cache[__filename];
}

function record(injected: Injected, own: OwnFiles): void {
  const { cwd: nativeCwd } = process;
  const cwd = injected.cwd ?? nativeCwd();
  if (injected.cwd !== undefined) process.cwd = () => cwd;
  const options = parseRecordOptions(injected.options, {
    root: projectRoot(cwd),
    cache: cacheFolder(),
    node: process.execPath,
  });
  const plainSecrets = secretsOf(process.env);
  const secrets = withForms(plainSecrets);
  const { redact } = createSecrets(secrets);
  const helper = options.more.portable !== true && natives.exists(own.helper) ? own.helper : undefined;
  let quietly = <T>(work: () => T): T => work();
  const transport = openTransport(injected.recording, {
    sidecar: { node: options.node, script: own.sidecar },
    quietly: (work) => quietly(work),
    helper,
    threadId,
    parent: injected.parent,
    hello: { argv: process.argv.map(redact), execArgv: process.execArgv.map(redact) },
  });
  const version = instrumenterVersion(own.instrumenter);
  const level = options.more.level === 'light' ? 'light' : 'full';
  const cache = quietCache(openCache(options.cache, version, level), (work) => quietly(work));
  const files = loadedFiles(cache);
  const textOf = (file: LoadedFile): string | undefined => {
    const entry = cache.read(file.key);
    return entry && placed(entry, file.base, () => cache.source(file.key) ?? '');
  };
  const disguises = createDisguises({ files, textOf });
  if (injected.cwd !== undefined) disguises.disguise(process.cwd, nativeCwd);
  const coverage = createCoverageMap({ files, textOf, own: (name) => name.startsWith(own.folder) });
  const coverageFolder = process.env['NODE_V8_COVERAGE'];
  const functionTexts = createFunctionTexts({ files, textOf });
  const stackTexts = createStackTexts(functionTexts.repair);
  const stacks = createStackTraces(files, (name) => startsWith(name, own.folder), stackTexts);
  const hideAs = (replacement: object, original: object): void => void disguises.disguise(replacement, original);
  const fatalText = (thrown: () => Thrown): FatalText => {
    const text = fatalErrors(files, thrown, stacks);
    return (error, handed) => {
      const ask = quietly(() => text(error, handed));
      return () => quietly(ask);
    };
  };
  const recorder = createRecorder(transport, {
    level,
    secrets,
    stackTexts,
    instrumentText: (text, goal) => loader.transformText(text, goal),
    stands: (word) => standsBelow(stacks, files.byControl(word >>> 4)?.path),
    below: stacks.below,
    disguise: hideAs,
    ...(typeof options.more.serve === 'string'
      ? { rolls: () => served?.ending?.goesOn(), prints: () => served?.told?.prints() }
      : {}),
    printed: (fd, text) => served?.told?.says('output', `${fd}:${redact(text)}`),
    tickEnds: (check) => served?.told?.tickEnds(check),
    ends: () => {
      boundary?.ends();
      served?.told?.ends();
    },
    fatalText,
    ...(isMainThread && coverageFolder ? { afterEnd: coverageAtEnd(coverage, coverageFolder) } : {}),
    ...(helper === undefined ? {} : stackLimit(helper)),
  });
  const ledger = (kind: string, subject: string, reason: string): void =>
    recorder.emitLedger({ kind, subject, reason });
  const hide = (replacement: object, original: object): void => {
    hideAs(replacement, original);
    recorder.alias(replacement, original);
  };
  const faces: Disguises = {
    ...disguises,
    disguise(replacement, original) {
      hide(replacement, original);
      return replacement;
    },
  };

  const { register, registerHooks } = Module as unknown as NodeModule;
  let boundary: Boundary | undefined;
  let served: Served | undefined;
  quietly = (work) => recorder.quietly(() => (boundary ? boundary.quietly(work) : work()));
  const guard = (work: () => void): void => {
    try {
      quietly(work);
    } catch (error) {
      ledger('cases', 'a test', String(error));
    }
  };
  const cases = createCases(recorder);
  const caseHook = runnerHook(cases, guard);
  const testHook = nodeTest(cases, guard, disguises, stacks);
  const realms = trackRealms(
    {
      clocks(realm) {
        disguises.install(realm.run('Function.prototype') as object, hide);
        if (realm.main) return;
        patchClocks(realm, (own) => {
          served?.installRealm(own);
          boundary?.installRealm(own);
        });
      },
      hooks(realm) {
        recorder.installRealm(realm.run, realm.main);
        const names = `${CASE_HOOK},${NODE_TEST_HOOK},${STACK_HOOK}`;
        const setHooks = realm.run(`let ${names};((...hooks)=>{[${names}]=hooks})`) as (...hooks: unknown[]) => void;
        setHooks(caseHook, testHook, stackHook(realm.run('globalThis') as typeof globalThis, stacks.lowerLimit));
        stacks.install(realm.run('Error') as ErrorConstructor, !realm.main);
        correctCloneErrors(realm.run('globalThis') as object, realm.main, functionTexts.message, hide);
      },
    },
    (error) => ledger('realm', 'vm context', String(error)),
  );
  const late = lateBuiltins(quietly);
  const { serve } = options.more;
  const scratch = typeof serve === 'string' ? serve : undefined;
  if (scratch !== undefined) {
    const frames = (most = FRAMES_LOOKED_AT): readonly NodeJS.CallSite[] => stacks.frames(most);
    const { installServing: install } = requireOwn(own.serving) as { installServing: typeof installServing };
    const { currentTick } = recorder;
    const { isFormatting, correct } = stacks;
    const asked = { frames, correct, isFormatting };
    const native = { helper, folder: injected.cwd, quietly };
    const { words, flush } = recorder;
    served = install(scratch, { words, currentTick, flush, ...asked, ...native, hide, late: late.when });
  }
  if (served?.ending) {
    const { fills } = served.ending;
    const drain = transport.drain.bind(transport);
    transport.drain = () => {
      fills();
      drain();
    };
  }
  if (served?.activations) recorder.overflowAs(served.activations);
  if (level === 'light' ? options.more.samples === true : served?.samples) recorder.sampleValues();
  const window = level === 'light' ? windowOf(options.more.keep, injected.recording, transport.stream) : undefined;
  boundary = installBoundary(recorder, {
    recording: injected.recording,
    secrets: plainSecrets,
    hide,
    late: late.when,
    need: late.requested,
    ...(registerHooks ? {} : { isImport: () => isImport(stacks) }),
    turns:
      level === 'light' || served?.arrivals
        ? { isNodesOwn: () => isNodesOwn(stacks), isByNode: () => isByNode(stacks) }
        : undefined,
    window,
    arrivals: served?.arrivals ?? served?.timed,
    below: stacks.below,
    native: served ? undefined : { helper, own: [own.folder, options.cache] },
    foundNatively: served?.foundNatively,
    recorded: served?.recorded,
    recordedConnections: served?.recordedConnections,
    said: served?.told?.says,
  });
  served?.onJump(boundary.jump);
  if (window && isMainThread) cutOnSignal(injected.recording, quietly);
  const passedOn: Injected = { ...injected, parent: transport.stream };
  installChildren(passedOn, faces);

  const bases = new Int32Array(new SharedArrayBuffer(4));
  const extra = { roots: quietly(() => mainRoots(options.root, scratch !== undefined)), own: [own.folder] };
  const environment = (): NodeJS.ProcessEnv => {
    const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
    return env;
  };
  const announce = (base: number, ops: number, key: string, path: string, how: number): void =>
    recorder.emitFile(base, ops, key, path, how);
  const spool = natives.join(injected.recording, 'spool');
  const created = createLoader({
    selection: selectFiles(options, extra),
    cache,
    client: instrumentClient({
      cache,
      version,
      node: options.node,
      script: own.instrumenter,
      environment,
    }),
    files,
    bases: countBases(bases),
    ofFilesAlone: level === 'light',
    isSecret: (text) => redact(text) !== text,
    changed: quietly(() => changedSources(scratch)),
    announce,
    ...(level === 'light' ? { plain: tellPlainFiles(spool) } : {}),
    ledger,
    quietly,
  });
  const loader: Loader = { ...created, transform: naming(created, late, registerHooks !== undefined) };
  const registerAsync = (): void => {
    late.all();
    register(natives.pathToFileURL(own.asyncHooks), {
      data: {
        cache: options.cache,
        version,
        level,
        node: options.node,
        instrumenter: own.instrumenter,
        options: { root: options.root, deps: options.deps, include: options.include, exclude: options.exclude },
        extra,
        environment: environment(),
        bases,
        scratch,
        spool: level === 'light' ? spool : undefined,
      },
    });
  };
  receiveFiles((file) => {
    files.add({ ...file, offsets: { line: 0, column: 0 }, module: true });
    announce(file.base, file.ops, file.key, file.path, file.how);
  });
  const inspector = inspectorCorrection(coverage, faces.disguise);
  installVmHooks(loader, realms, faces, inspector, (contexts, work) =>
    stacks.below(() => (level === 'full' ? recorder.runText(contexts, work) : work())),
  );
  // a tool may take hold of a session before it compiles anything
  if (/[\\/]node_modules[\\/]/.test(process.argv[1] ?? '')) inspector();
  installModuleHooks(loader, faces, quietly, registerAsync, late, stacks, boundary.readInTurn);
  natives.syncBuiltinESMExports();
}

/** `keep`: of the manifest. */
function windowOf(keep: unknown, recording: string, stream: string): Window | undefined {
  if (typeof keep !== 'object' || keep === null) return undefined;
  const { milliseconds } = keep as { readonly milliseconds?: unknown };
  return {
    milliseconds: typeof milliseconds === 'number' ? milliseconds : undefined,
    startedUp: (tick) =>
      writeWhole(natives.join(recording, 'streams', stream, STARTED_FILE), String(tick), { mode: 0o600 }),
  };
}

/** Parts of Node that carry out one call by many others. */
const PARTS_OF_CALLS = /^node:internal\/fs\/(?:rimraf|cp\/|utils|dir)/;

/** Whether Node itself makes the call that is under way, as a part of another one. */
function isNodesOwn(stacks: StackTraces): boolean {
  const names = stacks.frames(FRAMES_LOOKED_AT).map((frame) => frame.getFileName() ?? '');
  // what a callback does is its own: Node calls it from its parts, too
  const callback = names.findIndex((name) => name !== '' && !name.startsWith('node:'));
  const nodes = callback < 0 ? names : names.slice(0, callback);
  return nodes[0] === 'node:fs' || nodes.some((name) => PARTS_OF_CALLS.test(name));
}

function isImport(stacks: StackTraces): boolean {
  return stacks.frames(NEAR_FRAMES)[0]?.getFileName()?.startsWith('node:internal/modules/esm/') ?? false;
}

/** The program's loader and test runner are modules of Node, too. */
function isByNode(stacks: StackTraces): boolean {
  return stacks.frames(NEAR_FRAMES)[0]?.getFileName()?.startsWith('node:') ?? false;
}

/** Whether a function of the file has called the innermost recorded one. */
function standsBelow(stacks: StackTraces, path: string | undefined): boolean {
  const frames = stacks.frames(FRAMES_LOOKED_AT).slice(1);
  return frames.some((frame) => filePath(frame.getFileName() ?? undefined) === path);
}

/** A bundle that few programs need. Nothing of it is left where the program looks. */
function requireOwn(file: string): unknown {
  const exports: unknown = require(file);
  delete require.cache[file];
  return exports;
}

interface NodeModule {
  readonly register: (file: URL, options: object) => void;
  readonly registerHooks?: unknown;
}

/** Without synchronous hooks nobody sees which of Node's modules a program asks for, but its text is seen. */
function naming({ transform }: Loader, late: LateBuiltins, hasHooks: boolean): Loader['transform'] {
  return (source, ...rest) => {
    if (!hasHooks) late.named(source);
    late.mentioned(source);
    return transform(source, ...rest);
  };
}

/** The helper's function that restores the depth of recursion, where it has one. */
function stackLimit(helper: string): Pick<RecorderOptions, 'setStackLimit'> {
  try {
    const module: { exports: { setStackLimit?: (kilobytes: number, raise?: boolean) => boolean } } = { exports: {} };
    process.dlopen(module, helper);
    const { setStackLimit } = module.exports;
    return setStackLimit ? { setStackLimit } : {};
  } catch {
    return {};
  }
}

/**
 * The monorepo or repository around the project is user code too, and so is the main script's project, wherever it lies; not
 * so the tools that npm installs. `isServed`: the program's file may be gone, and is loaded from the recording.
 */
function mainRoots(root: string, isServed: boolean): readonly string[] {
  const roots = [realPath(root), projectRoot(realPath(root))];
  const main = process.argv[1];
  if (main && /^(?:\/|[a-z]:[\\/])/i.test(main) && (isServed || natives.exists(main))) {
    const folder = natives.dirname(realPath(main));
    if (!/[\\/]node_modules(?:[\\/]|$)/.test(folder)) roots.push(projectRoot(folder));
  }
  return roots;
}

function realPath(path: string): string {
  try {
    return natives.realpath(path);
  } catch {
    return path;
  }
}

function noteFailure(recording: string | undefined, error: unknown): void {
  if (!recording) return;
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const entry = { kind: 'not-recorded', at: natives.now(), subject: `process ${process.pid}`, reason };
  try {
    natives.appendFile(natives.join(recording, 'ledger.jsonl'), `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  } catch {
    // Nowhere to say it.
  }
}
