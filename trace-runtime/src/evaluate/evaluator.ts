/** Evaluates an expression at the moment that a replay stands at. The recording is not changed by it. */
import type { Activation, ScopeInstance } from '../query/activation.ts';
import { lexicalThis } from '../query/derive.ts';
import type { HeapObject } from '../query/heap.ts';
import { encodeObject, encodeValue, type Json, type JsonObject } from '../query/json-value.ts';
import type { ObjectReader, ObjectState, StateReader } from '../query/state.ts';
import type { StreamState } from '../query/stream-state.ts';
import { Accessor, ObjectValue, SymbolValue, hole, opaque, type Key, type Value } from '../query/values.ts';
import { ObjectKind } from '../wire/words.ts';
import { Closures, isClass } from './closures.ts';
import { lookUp, type Looked } from './expression.ts';
import { keptLine } from './kept-names.ts';
import type { Ask, EvaluateRequest, FunctionAnswer, Outcome, ScopeAnswer, TrialRequest } from './messages.ts';
import { nodeObject } from './node-objects.ts';
import { ParsedSources } from './parsed-source.ts';
import { PlainFunctions } from './plain-functions.ts';
import { ProgramCode, typedCode, type Code, type SourceEdit } from './program-code.ts';
import type { Sandbox } from './sandbox.ts';

export type Evaluated =
  | {
      readonly value: Value | Accessor;
      readonly reader: ObjectReader;
      /** arguments of each call of the console */
      readonly printed?: readonly (readonly Value[])[];
    }
  | { readonly fault: string };

export interface EvaluateOptions {
  /** undefined where no code may run: then only what needs none is told */
  readonly sandbox: Sandbox | undefined;
  /** why none may run */
  readonly forbidden?: string | undefined;
  /** a realm of its own; many evaluations in a row share one */
  readonly fresh?: boolean;
  /** a line of a console: what it declares is kept for later ones */
  readonly isTyped?: boolean;
  /** only whether it holds is asked: how an error would be worded is not */
  readonly isCondition?: boolean;
}

/** What needs the names that a console keeps. */
const LEFT_TO_CODE: Looked = { fault: '', runs: true };
const KIND_NAMES = Object.fromEntries(Object.entries(ObjectKind).map(([name, code]) => [code, name]));

export class Evaluator {
  private readonly code: ProgramCode;
  private readonly functions: PlainFunctions;
  /** by code */
  private readonly askedFor = new Map<string, AskedFor>();

  constructor(
    private readonly state: StreamState,
    private readonly reader: StateReader,
    source: (hash: string) => string | undefined,
    /** milliseconds since the epoch at the stream's start */
    private readonly startedAt: number | undefined,
  ) {
    const sources = new ParsedSources(source);
    this.code = new ProgramCode(sources);
    this.functions = new PlainFunctions(state, sources);
  }

  /** `call`: in whose scopes. */
  evaluate(
    call: Activation,
    text: string,
    { sandbox, forbidden, fresh = true, isCondition = false, isTyped = false }: EvaluateOptions,
  ): Evaluated {
    const line = isTyped && sandbox ? keptLine(text, sandbox.kept) : undefined;
    const looked = line ? LEFT_TO_CODE : lookUp(this.reader, call, text, sandbox && this.functions, isCondition);
    if ('value' in looked && !(looked.value instanceof Accessor && sandbox)) return { ...looked, reader: this.reader };
    if (isCondition && 'fault' in looked && looked.throws === true) return { fault: looked.fault };
    if (sandbox === undefined || ('fault' in looked && !looked.runs))
      return { fault: [(looked as { fault?: string }).fault, forbidden].filter(Boolean).join(' ') };
    const self = lexicalThis(call.scope);
    if (self === opaque && /\bthis\b/.test(text)) return { fault: 'The recording does not hold this.' };
    if (
      call.argumentsObject === undefined &&
      call.site.kind !== 'arrow' &&
      call.functionIndex !== 0 &&
      /\barguments\b/.test(text)
    )
      return { fault: 'The function does not use its arguments object, so the recording does not hold it.' };
    const isStrict = call.site.strict || call.file.table.imports !== undefined;
    const { code = text, declares = [] } = line ?? {};
    const realm = line ? 'console' : fresh ? 'fresh' : 'shared';
    const kind = { realm, declares, strict: isStrict } as const;
    const evaluated = this.run(sandbox, kind, typedCode(code), call.scope, self, call.argumentsObject);
    if ('value' in evaluated) for (const { name } of declares) sandbox.kept.add(name);
    return evaluated;
  }

  /** What a property is, its getter being run. */
  read(object: ObjectValue, key: string, sandbox: Sandbox): Evaluated {
    const kind = { realm: 'fresh', declares: [], strict: true } as const;
    return this.run(sandbox, kind, `this[${JSON.stringify(key)}]`, undefined, object, undefined);
  }

  /** The call, or of a file's body the statement that it is at, to be made again as it is made at this moment. */
  rerun(call: Activation, sandbox: Sandbox): Rerun | { readonly fault: string } {
    const code = call.functionIndex === 0 ? this.code.statement(call) : this.code.callOf(call);
    if (typeof code !== 'string') return { fault: code.refused };
    const answers = new Answers(this.state, this.reader, this.code);
    const self = lexicalThis(call.scope);
    const request = {
      ...this.request(answers, code, call.functionIndex === 0 ? call.scope : call.functionScope),
      strict: call.site.strict,
      self: self === opaque ? null : encodeValue(self),
      arguments: encodeValue(call.argumentsObject),
    };
    return new Rerun(request, answers, this.code, sandbox);
  }

  private request(answers: Answers, code: string, scope: ScopeInstance | undefined) {
    const { tick } = this.state;
    return {
      code,
      scope: answers.scopeId(scope),
      scopes: answers.ahead(scope),
      patched: answers.patched(),
      now: this.startedAt === undefined || tick === undefined ? null : Math.floor(this.startedAt + tick.milliseconds),
    };
  }

  /** Objects that code which was evaluated before is likely to ask for: what it names, and what it asked for then. */
  private ahead(code: string, scope: ScopeInstance | undefined): number[] {
    const before = this.askedFor.get(code);
    if (!before || !scope) return [];
    const ids = new Set<number>(before.often);
    for (const [name] of code.matchAll(NAME)) {
      const value = this.reader.variableIn(scope, name)?.value;
      if (value instanceof ObjectValue) ids.add(value.id);
    }
    return [...ids];
  }

  private remember(code: string, asked: ReadonlySet<number>): void {
    const { last, often } = this.askedFor.get(code) ?? { last: new Set(), often: new Set() };
    for (const id of asked) if (last.has(id) && often.size < OBJECTS) often.add(id);
    if (this.askedFor.size >= CODES) this.askedFor.clear();
    this.askedFor.set(code, { last: asked, often });
  }

  private run(
    sandbox: Sandbox,
    kind: Pick<EvaluateRequest, 'realm' | 'declares' | 'strict'>,
    code: string,
    scope: ScopeInstance | undefined,
    self: Value,
    given: Value,
  ): Evaluated {
    const answers = new Answers(this.state, this.reader, this.code);
    const isShared = kind.realm === 'shared';
    const request: EvaluateRequest = {
      ...kind,
      ...this.request(answers, code, scope),
      objects: isShared ? this.ahead(code, scope).map((id) => ({ id, answer: answers.object(id) })) : [],
      self: self === opaque ? null : encodeValue(self),
      arguments: encodeValue(given),
    };
    const asked = new Set<number>();
    const outcome = sandbox.evaluate(request, (question) => {
      if (question.ask === 'object') asked.add(question.id);
      return answers.answer(question);
    });
    if (isShared) this.remember(code, asked);
    if ('threw' in outcome) return { fault: outcome.threw };
    if ('refused' in outcome) return { fault: outcome.refused };
    if ('stopped' in outcome) return { fault: 'The evaluation was stopped.' };
    return decode(outcome, this.reader, this.state);
  }
}

/** Objects that the sandbox asked for when it evaluated a code. */
interface AskedFor {
  /** last time */
  readonly last: ReadonlySet<number>;
  /** twice in a row: it gets them with the code */
  readonly often: Set<number>;
}

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** Codes whose objects are remembered, and how many of each. */
const CODES = 100;
const OBJECTS = 100;

/** How a call ended that was made again. */
export type Ended =
  | { readonly how: 'returned' }
  /** the program's error, as text */
  | { readonly how: 'threw'; readonly error: string }
  | { readonly how: 'stopped' }
  /** it needs what was not recorded */
  | { readonly how: 'refused'; readonly why: string };

/** A call that is made again and again from the same recorded state, each time with other changes of the program. */
export class Rerun {
  private again = false;
  /** the processor's time that its runs took, in milliseconds */
  spent = 0;

  constructor(
    private readonly request: Omit<TrialRequest, 'milliseconds' | 'again' | 'trials'>,
    private readonly answers: Answers,
    private readonly code: ProgramCode,
    private readonly sandbox: Sandbox,
  ) {}

  /** How it ends with each of the changes. The replay must stand where it stood when this was made. */
  run(changes: readonly (readonly SourceEdit[])[], milliseconds: number): readonly Ended[] {
    const trials = changes.map((edits) => this.code.replaced(edits));
    const request = { ...this.request, milliseconds, again: this.again, trials };
    const { outcomes, milliseconds: spent } = this.sandbox.attempt(request, (question) =>
      this.answers.answer(question),
    );
    this.again = true;
    this.spent += spent;
    return outcomes.map((outcome): Ended => {
      if ('threw' in outcome) return { how: 'threw', error: outcome.threw };
      if ('refused' in outcome) return { how: 'refused', why: outcome.refused };
      return { how: 'stopped' in outcome ? 'stopped' : 'returned' };
    });
  }
}

/** What the sandbox asks for during one evaluation. */
class Answers {
  private readonly scopes: ScopeInstance[] = [];
  private readonly scopeIds = new Map<ScopeInstance, number>();
  private readonly closures: Closures;

  constructor(
    private readonly state: StreamState,
    private readonly reader: StateReader,
    private readonly code: ProgramCode,
  ) {
    this.closures = new Closures(state);
  }

  scopeId(scope: ScopeInstance | undefined): number {
    if (scope === undefined) return 0;
    let id = this.scopeIds.get(scope);
    if (id === undefined) this.scopeIds.set(scope, (id = this.scopes.push(scope)));
    return id;
  }

  /** The scopes from the innermost one on: code is evaluated inside all of them. */
  ahead(innermost: ScopeInstance | undefined): (ScopeAnswer & { readonly id: number })[] {
    const list: (ScopeAnswer & { readonly id: number })[] = [];
    for (let at = innermost; at !== undefined; at = at.parent) {
      const id = this.scopeId(at);
      list.push({ id, ...this.scope(id)! });
    }
    return list;
  }

  /** Ids of the language's own objects on which the program has put something. */
  patched(): number[] {
    const { heap } = this.state;
    return [...heap.intrinsics.values()]
      .filter((value) => (heap.get(value)?.properties.size ?? 0) > 0)
      .map(({ id }) => id);
  }

  answer(question: Ask): unknown {
    if (question.ask === 'assertions') return null;
    if (question.ask === 'process') return this.process();
    return question.ask === 'scope' ? this.scope(question.id) : this.object(question.id);
  }

  private scope(id: number): ScopeAnswer | null {
    const instance = this.scopes[id - 1];
    if (!instance) return null;
    const { scopes, variables } = instance.file.table;
    return {
      parent: this.scopeId(instance.parent),
      variables: scopes[instance.scope]!.variables.map((index, slot) => {
        const { name, kind } = variables[index]!;
        const fixed = kind === 'const' || kind === 'import';
        return { name, fixed, value: encodeValue(this.state.links.variable(instance, slot)) };
      }),
    };
  }

  object(id: number): JsonObject | null {
    const { heap } = this.state;
    const value = heap.value(id);
    const held = heap.get(value);
    const object = held && this.reader.object(value);
    if (!held || !object) return null;
    const made = KIND_NAMES[held.kind] ?? 'opaque';
    const path = held.kind === ObjectKind.intrinsic && typeof held.inner === 'string' ? held.inner : undefined;
    const node = path === undefined ? undefined : nodeObject(path);
    const prototype = heap.intrinsics.get(`${path}.prototype`);
    return {
      ...encodeObject(object),
      made,
      ...(object.view
        ? {
            view: {
              buffer: encodeValue(object.view.buffer),
              offset: object.view.offset,
              length: object.view.length,
            },
          }
        : {}),
      ...(held.kind === ObjectKind.function ? { function: this.func(held, object) as unknown as Json } : {}),
      ...(path === undefined ? {} : { callable: heap.typeOf(value) === 'function' || node?.callable === true }),
      ...(prototype ? { prototypeId: prototype.id } : {}),
      ...(node ? { hidden: node.hidden, base: node.base, facts: node.facts } : {}),
      ...(path === 'process' ? this.startedWith() : {}),
      ...this.classOf(value),
    };
  }

  private process(): Json {
    const known = this.state.heap.intrinsics.get('process');
    if (known) return { id: known.id };
    return { hidden: nodeObject('process')?.hidden ?? [], ...this.startedWith() } as unknown as Json;
  }

  /** What the process has from its start. Secrets are not known. */
  private startedWith(): { readonly started?: Json } {
    const { startedWith } = this.state;
    if (startedWith === undefined) return {};
    const { env, argv, execArgv, platform, arch, pid, ppid } = JSON.parse(startedWith) as Readonly<
      Record<string, Json>
    >;
    const all = Object.entries((env ?? {}) as Readonly<Record<string, string>>);
    const known = Object.fromEntries(all.filter(([, text]) => !text.includes('«redacted:')));
    const secrets = all.filter(([name]) => !(name in known)).map(([name]) => name);
    return {
      started: { env: known, secrets, facts: { argv, execArgv, platform, arch, pid, ppid } } as unknown as Json,
    };
  }

  /** The class whose `prototype` an object is: it can only be made together with it. */
  private classOf(value: ObjectValue): { readonly classOf?: number } {
    const found = this.reader.property(value, 'constructor')?.value;
    if (!(found instanceof ObjectValue)) return {};
    const object = this.state.heap.get(found);
    if (object?.kind !== ObjectKind.function || object.properties.get('prototype') !== value) return {};
    return isClass(object) ? { classOf: found.id } : {};
  }

  private func(held: HeapObject, object: ObjectState): FunctionAnswer | { readonly refused: string } {
    const code = this.codeOf(held);
    const name = object.properties.find(({ key }) => key === 'name')?.value;
    const { code: where } = object;
    const line = where?.place ? `${where.path.replace(/^.*[\\/]/, '')}:${where.place.line}` : '';
    const shown = typeof name === 'string' && name ? name : `A function${line && ` at ${line}`}`;
    if (code === undefined) return { refused: `${shown} is code that was not recorded.` };
    if ('refused' in code) return code;
    const at = this.closures.place(held);
    const scope = at && this.closures.scopeOf(held, at);
    if (!scope) return { refused: `${shown}: the recording does not tell which scope it was made in.` };
    const isArrow = at?.file.table.functions[at.functionIndex]?.kind === 'arrow';
    const self = isArrow && scope ? lexicalThis(scope) : undefined;
    return {
      ...code,
      scope: this.scopeId(scope),
      self: self === undefined || self === opaque ? null : encodeValue(self),
    };
  }

  private codeOf(held: HeapObject): Code | undefined {
    const at = this.closures.place(held);
    if (!at) return undefined;
    return isClass(held) ? this.code.classAt(at.file, at.start) : this.code.of(at.file, at.functionIndex);
  }
}

interface Tagged {
  readonly $: string;
  readonly [key: string]: Json | undefined;
}

/** Objects that the evaluation made or may have changed, before those of the recording. */
function decode(
  { value, objects, printed }: Extract<Outcome, { readonly value: Json }>,
  recorded: StateReader,
  { heap }: StreamState,
): Evaluated {
  const made = new Map<ObjectValue, ObjectState>();
  const values = new Map<number, ObjectValue>();
  const valueOf = (json: Json): Value | Accessor => {
    if (typeof json !== 'object' || json === null) return json;
    const tagged = json as unknown as Tagged;
    switch (tagged.$) {
      case 'undefined':
        return undefined;
      case 'number':
        return tagged.value === '-0' ? -0 : Number(tagged.value);
      case 'bigint':
        return BigInt(String(tagged.digits));
      case 'symbol':
        return new SymbolValue(
          Number(tagged.id),
          (tagged.description ?? undefined) as string | undefined,
          tagged.origin as 'local',
        );
      case 'accessor':
        return new Accessor(valueOf(tagged.get!) as Value, valueOf(tagged.set!) as Value);
      case 'hole':
        return hole;
      case 'object':
        return values.get(Number(tagged.id)) ?? heap.value(Number(tagged.id));
      default:
        return opaque;
    }
  };
  for (const id of Object.keys(objects)) values.set(Number(id), new ObjectValue(Number(id)));
  for (const [id, json] of Object.entries(objects)) {
    const object = json as unknown as Omit<ObjectState, 'properties'> & {
      readonly made: keyof typeof ObjectKind;
      readonly properties: readonly { readonly key: Json; readonly value: Json; readonly attributes: number }[];
      readonly elements?: readonly Json[];
      readonly entries?: readonly (readonly [Json, Json])[];
    };
    const entries = object.entries?.map(([key, held]) => [valueOf(key) as Value, valueOf(held) as Value] as const);
    made.set(values.get(Number(id))!, {
      id: Number(id),
      kind: object.kind,
      kindCode: ObjectKind[object.made],
      typeName: object.typeName,
      flags: object.flags,
      prototype: valueOf(object.prototype as Json) as Value,
      properties: object.properties.map(({ key, value: held, attributes }) => ({
        key: valueOf(key) as Key,
        value: valueOf(held),
        attributes,
      })),
      elements: object.elements?.map((each) => valueOf(each as Json) as Value),
      entries: entries && new Map(entries),
      bytes: undefined,
      view: undefined,
      inner: valueOf((object.inner ?? { $: 'undefined' }) as Json) as Value,
      inner2: valueOf((object.inner2 ?? { $: 'undefined' }) as Json) as Value,
      code: undefined,
    });
  }
  const reader = { object: (each: ObjectValue) => made.get(each) ?? recorded.object(each) };
  if (printed !== true) return { value: valueOf(value), reader };
  const parts = (array: Value | Accessor): readonly Value[] => made.get(array as ObjectValue)?.elements ?? [];
  const [result, ...lines] = parts(valueOf(value));
  return { value: result, reader, printed: lines.map(parts) };
}
