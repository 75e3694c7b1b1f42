import {
  InspectedProgram,
  PROGRAM_END,
  type CallFrame,
  type Ended,
  type Location,
  type Paused,
  type Script,
  type RemoteObject,
} from './inspector.ts';
import { pathToFileURL } from 'node:url';
import { evaluate, type Answer } from './answers.ts';
import type { Frame, HeapObject, Scope, Snapshot, Value } from './snapshot.ts';
import type { SourceMap, StopPoint } from './statements.ts';
import { createWalker } from './walker.ts';

export const HEAP_DEPTH = 6;

export interface Choice {
  readonly stop: StopPoint;
  /** executions to stop at, from 1 */
  readonly hits: ReadonlySet<number>;
  /** whether its executions are counted to the end of the run */
  readonly counted: boolean;
}

export interface Observed {
  readonly start: number;
  readonly hit: number;
  readonly snapshot: Snapshot;
  /** what V8 says of the expressions that were asked there */
  readonly answers?: readonly Answer[];
}

export interface ObservedRun {
  readonly ended: Ended;
  /** how often each chosen statement was executed, by its start */
  readonly counts: ReadonlyMap<number, number>;
  /** starts of statements that V8 has no exact break location for */
  readonly unaligned: readonly number[];
  /** it did not end by itself within its limit */
  readonly stopped: boolean;
}

/** What follows a pause. */
export type After =
  | 'go on'
  /** without further pauses or counts, which are those of the pause; to the end, but not longer than the lenience says */
  | 'let go';

export interface ObserveOptions {
  readonly node: string;
  /** program file and whatever precedes and follows it */
  readonly argv: readonly string[];
  readonly program: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** time without a pause */
  readonly timeoutMs: number;
  /** time to end by itself after it was let go */
  readonly lenienceMs: number;
  /** expressions to evaluate at a pause, each of them a string */
  readonly ask?: (snapshot: Snapshot) => readonly string[];
}

/** Variables of Node's module wrapper: there in both runs, with contents of Node's own. */
export const WRAPPER = new Set(['exports', 'require', 'module', '__filename', '__dirname']);

const MODULES =
  'assert async_hooks buffer child_process crypto dns events fs fs/promises http https net os path perf_hooks querystring readline stream ' +
  'stream/promises stream/web string_decoder timers timers/promises tls tty url util util/types vm worker_threads zlib';

const BINDING = '$oracleReport';

// The counter of conditional breakpoints lives in a global lexical binding, which the program cannot enumerate.
const SETUP = `const $oracle = (() => {
  const walker = (${'${WALKER}'})(require('node:util').types);
  for (const name of ${JSON.stringify(MODULES.split(' '))}) walker.findIntrinsics(require(name), name);
  // behind getters that load them
  walker.findIntrinsics(require('node:async_hooks').AsyncLocalStorage, 'async_hooks.AsyncLocalStorage');
  walker.findIntrinsics(require('node:buffer').Blob, 'Blob');
  walker.findIntrinsics(require('node:buffer').File, 'File');
  for (const make of [function* () {}, async function () {}, async function* () {}]) {
    walker.findIntrinsics(Object.getPrototypeOf(make), Object.getPrototypeOf(make)[Symbol.toStringTag] + '.prototype');
  }
  walker.findIntrinsics(Object.getPrototypeOf([][Symbol.iterator]()), 'ArrayIterator.prototype');
  walker.findIntrinsics(Object.getPrototypeOf(new Map()[Symbol.iterator]()), 'MapIterator.prototype');
  walker.findIntrinsics(Object.getPrototypeOf(new Set()[Symbol.iterator]()), 'SetIterator.prototype');
  walker.findIntrinsics(Object.getPrototypeOf(''[Symbol.iterator]()), 'StringIterator.prototype');
  walker.findIntrinsics(Object.getPrototypeOf('a'.matchAll(/a/g)), 'RegExpStringIterator.prototype');
  // child processes would wait for a debugger of their own
  process.execArgv = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
  const counts = [], hits = [], { stringify } = JSON, report = globalThis.${BINDING};
  delete globalThis.${BINDING};
  let ending = false;
  process.on('exit', () => { ending = true; report(stringify(counts)); });
  return {
    walker, counts, hits,
    hit(i) {
      const n = (counts[i] = (counts[i] ?? 0) + 1);
      if (ending) report(stringify(counts));
      if (hits[i] === undefined || hits[i][n] !== 1) return false;
      // the inspector describes each error that it shows
      walker.guard();
      return true;
    },
  };
})(); $oracle`;

/** Runs a program under V8's inspector and calls `onPause` at each chosen execution of a statement, in the run's order. */
export async function observe(
  options: ObserveOptions,
  map: SourceMap,
  choices: readonly Choice[],
  onPause: (observed: Observed) => After,
  /** told before the run of the statements that V8 has no break location for */
  onUnaligned: (starts: readonly number[]) => void = () => undefined,
): Promise<ObservedRun> {
  const program = await InspectedProgram.start(options.node, options.argv, options.cwd, options.env);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    program.kill();
  };
  let timer = setTimeout(stop, options.timeoutMs);
  const counts = new Map<number, number>();
  const unaligned: number[] = [];
  try {
    const first = await program.paused();
    // A program that does not compile never stands anywhere.
    if (first?.reason === PROGRAM_END) program.disconnect();
    else {
      const session = await Session.open(program, options.program, map);
      const byId = await session.setBreakpoints(choices, unaligned, onUnaligned);
      onUnaligned(unaligned);
      // A program stopped before its first statement does not stop there again.
      const start = first ? await session.startingAt(first) : undefined;
      const startChoice = start === undefined ? undefined : choices[start];
      const follow = async (after: After): Promise<void> => {
        if (after === 'go on') return;
        program.report = await session.letGo();
        clearTimeout(timer);
        timer = setTimeout(stop, options.lenienceMs);
      };
      if (first && start !== undefined && startChoice?.hits.has(1)) {
        const { snapshot } = await session.read(first, start);
        await follow(onPause({ start: startChoice.stop.start, hit: 1, snapshot }));
      }
      await program.send('Debugger.resume').catch(() => undefined);
      for (let paused = await program.paused(); paused; paused = await program.paused()) {
        const index = byId.get(paused.hitBreakpoints?.[0] ?? '');
        const choice = index === undefined ? undefined : choices[index];
        if (index !== undefined && choice) {
          const { hit, snapshot } = await session.read(paused, index);
          const answers = options.ask && (await evaluate(program, paused, options.ask(snapshot)));
          counts.set(choice.stop.start, hit);
          const last = !choice.counted && hit === Math.max(...choice.hits);
          if (last) await program.send('Debugger.removeBreakpoint', { breakpointId: paused.hitBreakpoints?.[0] });
          timer.refresh();
          await follow(onPause({ start: choice.stop.start, hit, snapshot, ...(answers && { answers }) }));
        }
        if (paused.reason === PROGRAM_END) {
          program.disconnect();
          break;
        }
        await program.send('Debugger.resume').catch(() => undefined);
      }
    }
    await program.ended;
  } catch (error) {
    program.kill();
    // what it was asked at that moment failed
    if (!stopped) throw error;
  } finally {
    clearTimeout(timer);
  }
  const ended = await program.ended;
  const last = JSON.parse(program.report || '[]') as readonly (number | null)[];
  if (program.report) choices.forEach(({ stop }, index) => counts.set(stop.start, last[index] ?? 0));
  return { ended, counts, unaligned, stopped };
}

class Session {
  readonly #program: InspectedProgram;
  readonly #map: SourceMap;
  readonly #file: string;
  readonly #url: string;
  /** once the file is loaded */
  #scriptId: string | undefined;
  #scriptUrl: string | undefined;
  readonly #oracleId: string;
  /** V8's break locations to choice indices */
  readonly #places = new Map<string, number>();
  readonly #heap = new Map<number, HeapObject>();

  private constructor(program: InspectedProgram, map: SourceMap, file: string, oracleId: string) {
    this.#program = program;
    this.#map = map;
    this.#file = file;
    this.#url = pathToFileURL(file).href;
    this.#oracleId = oracleId;
  }

  static async open(program: InspectedProgram, file: string, map: SourceMap): Promise<Session> {
    await program.send('Runtime.addBinding', { name: BINDING });
    const expression = SETUP.replace('${WALKER}', () => createWalker.toString());
    const evaluated = (await program.send('Runtime.evaluate', { expression, includeCommandLineAPI: true })) as {
      readonly result: RemoteObject;
      readonly exceptionDetails?: { readonly exception?: RemoteObject };
    };
    const id = evaluated.result.objectId;
    if (evaluated.exceptionDetails || id === undefined) {
      throw new Error(`The oracle's walker failed to start: ${evaluated.exceptionDetails?.exception?.description}`);
    }
    // Apart from the setup: there `require` and the like of the console stand on the global object.
    await program.send('Runtime.evaluate', { expression: '$oracle.walker.findIntrinsics(globalThis)' });
    const session = new Session(program, map, file, id);
    program.onScript = (script) => session.#script(script);
    program.scripts.forEach(program.onScript);
    return session;
  }

  #script({ scriptId, url }: Script): void {
    if (url !== this.#file && url !== this.#url) return;
    this.#scriptId = scriptId;
    this.#scriptUrl = url;
  }

  /** Breakpoint ids to choice indices. */
  async setBreakpoints(
    choices: readonly Choice[],
    unaligned: number[],
    onUnaligned: (starts: readonly number[]) => void,
  ): Promise<Map<string, number>> {
    const hits = choices.map((choice) => Object.fromEntries([...choice.hits].map((hit) => [hit, 1])));
    await this.#call('function(text) { this.hits.push(...JSON.parse(text)); }', [{ value: JSON.stringify(hits) }]);
    const byId = new Map<string, number>();
    // A file that is not loaded yet has no locations; V8 tells them when it is.
    this.#program.onResolved = (breakpointId, { lineNumber, columnNumber }) => {
      const index = byId.get(breakpointId);
      const stop = index === undefined ? undefined : choices[index]?.stop;
      if (!stop || this.#isAligned(stop, lineNumber, columnNumber, stop)) return;
      byId.delete(breakpointId);
      unaligned.push(stop.start);
      onUnaligned([stop.start]);
    };
    const set = choices.map(async ({ stop }, index) => {
      const condition = `$oracle.hit(${index})`;
      if (this.#scriptId === undefined) return this.#breakLater(stop, index, condition, byId);
      const found = (await this.#stopsLate(stop))
        ? undefined
        : ((await this.#breakAt(stop, stop.line, stop.column, condition)) ??
          (await this.#breakInPattern(stop, condition)));
      if (found) {
        byId.set(found.breakpointId, index);
        this.#places.set(found.place, index);
      } else unaligned.push(stop.start);
    });
    await Promise.all(set);
    return byId;
  }

  /**
   * A call of a function in a register needs no code before its arguments: V8's location at the statement's start is
   * that of the call itself, behind all that they run.
   */
  async #stopsLate({ line, column, until }: StopPoint): Promise<boolean> {
    const scriptId = this.#scriptId;
    const end = this.#map.placeOf(until);
    const { locations } = (await this.#program.send('Debugger.getPossibleBreakpoints', {
      start: { scriptId, lineNumber: line, columnNumber: column },
      end: { scriptId, lineNumber: end.line, columnNumber: end.column },
    })) as { readonly locations: readonly (Location & { readonly type?: string })[] };
    const [first] = locations;
    const isCall = first?.type === 'call' && first.lineNumber === line && first.columnNumber === column;
    return isCall && locations.length > 1;
  }

  async #breakLater(stop: StopPoint, index: number, condition: string, byId: Map<string, number>): Promise<void> {
    const { line: lineNumber, column: columnNumber } = stop;
    const { breakpointId } = (await this.#program.send('Debugger.setBreakpointByUrl', {
      url: this.#url,
      lineNumber,
      columnNumber,
      condition,
    })) as { readonly breakpointId: string };
    byId.set(breakpointId, index);
  }

  #isAligned(
    stop: StopPoint,
    line: number,
    column: number,
    asked: { readonly line: number; readonly column: number },
  ): boolean {
    const at = this.#map.offsetOf(line, column);
    return (line === asked.line && column === asked.column) || (at >= stop.start && at < stop.until);
  }

  /** undefined where V8 would stop elsewhere than within the statement's straight beginning. */
  async #breakAt(
    stop: StopPoint,
    lineNumber: number,
    columnNumber: number,
    condition: string,
  ): Promise<Breakpoint | undefined> {
    const { breakpointId, locations } = (await this.#program.send('Debugger.setBreakpointByUrl', {
      url: this.#scriptUrl,
      lineNumber,
      columnNumber,
      condition,
    })) as { readonly breakpointId: string; readonly locations: readonly Location[] };
    const [location] = locations;
    const asked = { line: lineNumber, column: columnNumber };
    if (location && this.#isAligned(stop, location.lineNumber, location.columnNumber, asked)) {
      return { breakpointId, place: placeKey(location) };
    }
    await this.#program.send('Debugger.removeBreakpoint', { breakpointId });
    return undefined;
  }

  /** `const { a } = this`: the initialiser needs no code, so V8 stops at the pattern's first read. */
  async #breakInPattern(stop: StopPoint, condition: string): Promise<Breakpoint | undefined> {
    const scriptId = this.#scriptId;
    const begin = this.#map.placeOf(stop.start);
    const { locations } = (await this.#program.send('Debugger.getPossibleBreakpoints', {
      start: { scriptId, lineNumber: begin.line, columnNumber: begin.column },
      end: { scriptId, lineNumber: stop.line, columnNumber: stop.column },
      restrictToFunction: true,
    })) as { readonly locations: readonly Location[] };
    const [first] = locations;
    return first && this.#breakAt(stop, first.lineNumber, first.columnNumber, condition);
  }

  /** The choice whose statement the first pause is before; that execution is counted. */
  async startingAt({ callFrames }: Paused): Promise<number | undefined> {
    const [frame] = callFrames;
    const index = frame?.location.scriptId === this.#scriptId ? this.#places.get(placeKey(frame?.location)) : undefined;
    if (index !== undefined) await this.#call('function(index) { this.hit(index); }', [{ value: index }]);
    return index;
  }

  async read(paused: Paused, index: number): Promise<{ readonly hit: number; readonly snapshot: Snapshot }> {
    const frames = paused.callFrames.filter((frame) => this.#isWritten(frame));
    const scopes = frames.flatMap((frame) => this.#scopesOf(frame));
    const args = [
      { value: index },
      { value: frames.length },
      { value: HEAP_DEPTH },
      { value: this.#map.privates },
      ...frames.map((frame) => argument(frame.this)),
      ...scopes.map((scope) => argument(scope.object)),
    ];
    let answer: Walked;
    for (let first = true; ; first = false) {
      answer = JSON.parse((await this.#call(READ, [{ value: first }, ...args], true)).value as string) as Walked;
      if (!(answer.wanting > 0)) break;
      await this.#supply();
    }
    for (const [id, object] of answer.changed) this.#heap.set(id, object);
    return { hit: answer.hit, snapshot: this.#snapshot(frames, answer) };
  }

  /** Ends all pauses, and tells the counts up to now as JSON. */
  async letGo(): Promise<string> {
    const { value } = await this.#call('function() { return JSON.stringify(this.counts); }', [], true);
    await this.#program.send('Debugger.disable');
    return value as string;
  }

  /** Frames of the program's text: V8 also shows initialisers of fields, and constructors that nobody wrote. */
  #isWritten({ location, functionName, functionLocation }: CallFrame): boolean {
    if (location.scriptId !== this.#scriptId || functionName.startsWith('<')) return false;
    if (!functionLocation) return true;
    const start = this.#map.offsetOf(functionLocation.lineNumber, functionLocation.columnNumber);
    // the file's own body begins at its start, where a class may begin too
    return (functionName === '' && start === 0) || !this.#map.implicitConstructors.has(start);
  }

  #scopesOf(frame: CallFrame) {
    return frame.scopeChain.filter(
      ({ type }) => !['global', 'script', 'with', 'eval', 'wasm-expression-stack'].includes(type),
    );
  }

  #snapshot(frames: readonly CallFrame[], answer: Walked): Snapshot {
    let at = 0;
    const offset = (place: { lineNumber: number; columnNumber: number } | undefined) =>
      place ? this.#map.offsetOf(place.lineNumber, place.columnNumber) : -1;
    return {
      heap: (id) => this.#heap.get(id),
      frames: frames.map((frame, i): Frame => ({
        functionName: frame.functionName,
        at: offset(frame.functionLocation),
        self: answer.roots[i],
        scopes: this.#scopesOf(frame).map((scope): Scope => {
          const names = answer.names[at++] ?? [];
          const first = answer.firsts[at - 1] ?? 0;
          return {
            kind: scope.type,
            start: offset(scope.startLocation),
            end: offset(scope.endLocation),
            variables: new Map(names.map((name, n) => [name, answer.roots[first + n] ?? { t: 'undefined' }])),
          };
        }),
      })),
    };
  }

  /** Fetches private fields and the slots of proxies for the objects that the last walk wants them of. */
  async #supply(): Promise<void> {
    const list = await this.#call('function() { return this.walker.wanting(); }', []);
    const elements = await this.#properties(list.objectId ?? '');
    const objects = elements.result.filter(({ name, value }) => /^\d+$/.test(name) && value?.objectId);
    const all = await Promise.all(
      objects.map(async ({ value }) => {
        const { privateProperties = [], internalProperties = [] } = await this.#properties(value?.objectId ?? '');
        const proxy = internalProperties.filter(({ name }) => name === '[[Target]]' || name === '[[Handler]]');
        proxy.sort((a, b) => (a.name < b.name ? 1 : -1));
        const found = [...proxy, ...privateProperties.filter((property) => property.value)];
        return { object: { objectId: value?.objectId }, found };
      }),
    );
    await this.#call('function(keys, ...given) { this.walker.supply(JSON.parse(keys), given); }', [
      { value: JSON.stringify(all.map(({ found }) => found.map(({ name }) => name))) },
      ...all.flatMap(({ object, found }) => [object, ...found.map(({ value }) => argument(value as RemoteObject))]),
    ]);
  }

  async #properties(objectId: string): Promise<Properties> {
    return (await this.#program.send('Runtime.getProperties', { objectId, ownProperties: true })) as Properties;
  }

  async #call(functionDeclaration: string, args: readonly object[], returnByValue = false): Promise<RemoteObject> {
    const answer = (await this.#program.send('Runtime.callFunctionOn', {
      objectId: this.#oracleId,
      functionDeclaration,
      arguments: args,
      returnByValue,
    })) as { readonly result: RemoteObject; readonly exceptionDetails?: { readonly exception?: RemoteObject } };
    if (answer.exceptionDetails)
      throw new Error(`The oracle's walker failed: ${answer.exceptionDetails.exception?.description}`);
    return answer.result;
  }
}

const READ = `function(first, index, frameCount, depth, privates, ...objects) {
  this.walker.guard();
  if (first) this.walker.begin();
  const roots = objects.slice(0, frameCount), names = [], firsts = [];
  for (const scope of objects.slice(frameCount)) {
    const own = Reflect.ownKeys(scope).filter((name) => typeof name === 'string').filter((name) => /^[\\p{ID_Start}$_][\\p{ID_Continue}$\\u200c\\u200d]*$/u.test(name) && name !== 'this');
    names.push(own);
    firsts.push(roots.length);
    for (const name of own) {
      let value = this.walker.uninitialised;
      // Reading a binding in its temporal dead zone throws in V8 12 and later; V8 11 shows undefined.
      try { value = Object.getOwnPropertyDescriptor(scope, name).value; } catch {}
      roots.push(${JSON.stringify([...WRAPPER])}.includes(name) ? typeof value : value);
    }
  }
  const text = this.walker.walk(depth, privates, roots);
  if (this.walker.wanting().length === 0) this.walker.unguard();
  return text.slice(0, -1) + ',"hit":' + this.counts[index] + ',"names":' + JSON.stringify(names) + ',"firsts":' + JSON.stringify(firsts) + '}';
}`;

function placeKey(location: Location | undefined): string {
  return `${location?.lineNumber}:${location?.columnNumber}`;
}

interface Breakpoint {
  readonly breakpointId: string;
  readonly place: string;
}

interface Walked {
  readonly wanting: number;
  readonly roots: readonly Value[];
  readonly changed: readonly (readonly [number, HeapObject])[];
  readonly hit: number;
  readonly names: readonly (readonly string[])[];
  readonly firsts: readonly number[];
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

function argument(remote: RemoteObject): object {
  if (remote.objectId !== undefined) return { objectId: remote.objectId };
  if ('unserializableValue' in remote) return { unserializableValue: remote.unserializableValue };
  return { value: remote.value };
}
