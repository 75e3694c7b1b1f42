/** The sandbox's inner realm: evaluates code over the recorded state, for which it asks. */
import type { Json } from '../../query/json-value.ts';
import type { Ask, EvaluateRequest, Outcome, TrialRequest } from '../messages.ts';
import { SANDBOX_NAMES } from '../sandbox-names.ts';
import { describeResult } from './encode.ts';
import { awaiting, evaluateIn } from './functions.ts';
import { KeptNames } from './kept-names.ts';
import * as L from './language.ts';
import { refuse, takeRefusal } from './refusal.ts';
import { processOf, type ProcessAnswer } from './started.ts';
import { Timers } from './timers.ts';
import { World } from './world.ts';

const PRINTING = ['debug', 'error', 'info', 'log', 'warn'] as const;
/** arguments of each call of the console since the evaluation began */
let printed: unknown[][] = [];

/**
 * `ask` and the function that comes back take and give JSON text alone: no object passes between the realms. Of a request
 * for trials it gives their number; each is run by its index. What waits for a promise gives '', and what '' gets
 * afterwards tells how that ended: '' again where a timer ran meanwhile.
 */
export function create(ask: (question: string) => string, nodeGlobals: string): (request: string) => string {
  const answers = new L.SafeMap<string, unknown>();
  /** of trials */
  let keeps = false;
  const timers = new Timers();
  /** objects that came with the request, by their ids */
  const sent = new L.SafeMap<number, unknown>();
  const askFor = (question: Ask): unknown => {
    const ahead = question.ask === 'object' ? L.mapGet(sent, question.id) : undefined;
    if (ahead !== undefined) return ahead;
    const text = L.stringify(question);
    const known = keeps ? L.mapGet(answers, text) : undefined;
    if (known !== undefined) return known;
    let answer: string;
    try {
      answer = ask(text);
    } catch {
      // an error of the other realm, such as of a full stack, would be a way into it
      throw new RangeError('Maximum call stack size exceeded');
    }
    const given = L.parse(answer) as unknown;
    if (keeps) L.mapSet(answers, text, given);
    return given;
  };
  const world = new World(askFor);
  L.defineProperty(globalThis, SANDBOX_NAMES.privateKey, { value: (name: string) => world.privateKey(name) });
  let ownProcess: object | undefined;
  const processNow = (): object => (ownProcess ??= processOf(askFor({ ask: 'process' }) as ProcessAnswer, world));
  L.defineProperty(globalThis, 'process', { get: processNow, set: undefined, configurable: true });
  for (const name of L.parse(nodeGlobals) as string[]) {
    if (L.getOwnPropertyDescriptor(globalThis, name)) continue;
    const get = (): unknown =>
      (keeps ? timers.functions[name] : undefined) ?? refuse(`${name} is part of Node, which does not run here.`);
    L.defineProperty(globalThis, name, { get, set: undefined, configurable: true });
  }
  // a global of test frameworks, which is no property of any recorded object
  L.defineProperty(globalThis, 'expect', { get: () => world.assertions.expect, configurable: true });
  for (const name of PRINTING)
    L.defineProperty(globalThis.console, name, {
      value: (...given: unknown[]): void => void (printed[printed.length] = given),
    });
  let now: number | null = null;
  setClock(() => (now === null ? null : now + timers.elapsed - (timers.elapsed % 1)));

  const kept = new KeptNames();
  let late: Outcome | undefined;
  let asked: TrialRequest | undefined;
  const begin = (request: EvaluateRequest | TrialRequest): void => {
    now = request.now;
    ownProcess = undefined;
    printed = [];
    kept.leave(world);
    world.forget();
    timers.forget();
    for (const scope of request.scopes) world.learn(scope.id, scope);
    L.mapClear(sent);
    if ('objects' in request) for (const { id, answer } of request.objects) L.mapSet(sent, id, answer);
    kept.find(world, 'declares' in request ? request.declares : []);
  };
  return (text) => {
    if (text === '') {
      const ended = late ?? goOn(timers);
      return ended === undefined ? '' : (L.stringify(ended) as string);
    }
    const given = L.parse(text) as EvaluateRequest | TrialRequest | number;
    if (typeof given === 'number') {
      begin(asked!);
      late = undefined;
      for (const [from, to] of asked!.trials[given]!) world.replace(from, to);
      const outcome = attempt(world, asked!, (settled) => (late = settled));
      return outcome === undefined ? '' : (L.stringify(outcome) as string);
    }
    keeps = 'trials' in given;
    if ('trials' in given) {
      asked = given;
      if (!given.again) L.mapClear(answers);
      return L.stringify(given.trials.length) as string;
    }
    const request = given;
    begin(request);
    late = undefined;
    const outcome = evaluate(world, request, kept, (settled) => (late = settled));
    return outcome === undefined ? '' : (L.stringify(outcome) as string);
  };
}

/** What waits goes on by the next timer; how it ends where there is none, or that throws. */
function goOn(timers: Timers): Outcome | undefined {
  try {
    return timers.next() ? undefined : unlessRefused({ refused: 'It waits for something that was not recorded.' });
  } catch (error) {
    return failed(error);
  }
}

function resultOf(world: World, request: EvaluateRequest | TrialRequest, kept?: KeptNames): unknown {
  for (const id of request.patched) world.object(id);
  const chain = world.chain(request.scope);
  const scopes = kept?.around(chain) ?? chain;
  const self = isNothing(request.self) ? undefined : world.value(request.self, 'this');
  const given = isNothing(request.arguments) ? [] : Array.from(world.value(request.arguments, 'arguments') as []);
  return evaluateIn(request.code, scopes, request.strict, self, given);
}

/** How it ends; undefined where it returns a promise, then `settle` is told. */
function attempt(world: World, request: TrialRequest, settle: (outcome: Outcome) => void): Outcome | undefined {
  takeRefusal();
  const ended = (): Outcome => unlessRefused({ value: null, objects: {} });
  try {
    const result = resultOf(world, request);
    if (!L.isPromise(result)) return ended();
    L.promiseThen(
      result,
      () => settle(ended()),
      (error) => settle(failed(error)),
    );
    return undefined;
  } catch (error) {
    return failed(error);
  }
}

/** What it comes to; undefined where it awaits something, then `settle` is told. */
function evaluate(
  world: World,
  request: EvaluateRequest,
  kept: KeptNames,
  settle: (outcome: Outcome) => void,
): Outcome | undefined {
  takeRefusal();
  const described = (result: unknown): Outcome => {
    const refused = takeRefusal();
    return refused === undefined ? unlessRefused(withPrinted(world, result)) : { refused };
  };
  try {
    const code = awaiting(request.code);
    if (code === undefined) return described(resultOf(world, request, kept));
    L.promiseThen(
      resultOf(world, { ...request, code }, kept) as Promise<unknown>,
      (result) => settle(described(result)),
      (error) => settle(failed(error)),
    );
    return undefined;
  } catch (error) {
    return failed(error);
  }
}

/** What it came to, and what it printed meanwhile. */
function withPrinted(world: World, result: unknown): Outcome {
  if (printed.length === 0) return describeResult(world, result);
  const all = [result];
  for (let i = 0; i < printed.length; i++) all[i + 1] = printed[i];
  return { ...describeResult(world, all), printed: true };
}

function unlessRefused(outcome: Outcome): Outcome {
  const refused = takeRefusal();
  return refused === undefined ? outcome : { refused };
}

function failed(error: unknown): Outcome {
  return unlessRefused({ threw: textOf(error) });
}

/** `this` of a file or of a call that the recording does not tell is not asked for. */
function isNothing(json: Json): boolean {
  return json === null || (typeof json === 'object' && '$' in json && json.$ === 'undefined');
}

function textOf(error: unknown): string {
  try {
    if ((typeof error !== 'object' || error === null) && typeof error !== 'function') return String(error);
    const { name, message } = error as { name?: unknown; message?: unknown };
    if (typeof name === 'string' && typeof message === 'string') return message ? `${name}: ${message}` : name;
    return L.textOf(error);
  } catch {
    return 'an error that cannot be shown';
  }
}

/** The clock stands at the moment. */
function setClock(now: () => number | null): void {
  const time = (): number => now() ?? refuse('The time of this moment was not recorded.');
  const clock: typeof Date = new L.SafeProxy(L.SafeDate, {
    construct: (target, given, newTarget): object =>
      L.construct(target, given.length === 0 ? [time()] : given, newTarget === clock ? target : newTarget) as object,
    apply: () => new L.SafeDate(time()).toString(),
  });
  L.defineProperty(globalThis, 'Date', { value: clock, writable: true, enumerable: false, configurable: true });
  L.defineProperty(L.SafeDate.prototype, 'constructor', {
    value: clock,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  L.defineProperty(L.SafeDate, 'now', { value: time, writable: true, enumerable: false, configurable: true });
}
