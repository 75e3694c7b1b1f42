/** Recorded values as a client shows them: one line each, with references to what can be opened. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Activation, ScopeInstance } from '../../trace-runtime/src/query/activation.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import type { ObjectState, ScopeState, ObjectReader } from '../../trace-runtime/src/query/state.ts';
import { ObjectKind } from '../../trace-runtime/src/wire/words.ts';
import { Accessor, ObjectValue, SymbolValue, type Key, type Value } from '../../trace-runtime/src/query/values.ts';
import { watchVariable, type Watched } from '../../trace-runtime/src/query/watched.ts';
import { References } from './references.ts';
import type { RecordedThread } from './recorded-thread.ts';

/** Where values come from: the recording as a thread stands in it, or an evaluation there. */
export interface Origin {
  readonly reader: ObjectReader;
  readonly thread: RecordedThread;
}

/** What a reference opens. */
type Container =
  | {
      readonly kind: 'scope';
      readonly from: Origin;
      readonly scope: ScopeState;
      readonly extra: readonly Named[];
      readonly seen: SeenScope;
    }
  /** `receiver`: whose getters they are, where the object is a prototype */
  | {
      readonly kind: 'object' | 'entries';
      readonly from: Origin;
      readonly value: ObjectValue;
      readonly name: string;
      readonly receiver: ObjectValue;
    }
  | { readonly kind: 'getter'; readonly from: Origin; readonly getter: Getter }
  | { readonly kind: 'returned'; readonly from: Origin }
  | { readonly kind: 'history'; readonly from: Origin; readonly watched: Watched };

/** A property whose value code has to tell. */
export interface Getter {
  readonly receiver: ObjectValue;
  readonly key: string;
  readonly path: string;
}

/** A scope as a call sees it. */
export interface SeenScope {
  readonly activation: Activation;
  readonly instance: ScopeInstance | undefined;
}

export interface Named {
  readonly name: string;
  readonly value: Value | Accessor;
}

export interface Page {
  readonly filter?: 'indexed' | 'named' | undefined;
  readonly start?: number | undefined;
  readonly count?: number | undefined;
}

/** Indexed variables come in pages beyond these. */
const PAGED = 100;

export class ValueView {
  /** one more is the scope of `early.ts` */
  private readonly containers = new References<Container>(2);
  /** by location reference: what was written where that is asked for */
  private readonly written = new References<{ readonly thread: RecordedThread; readonly watched: Watched }>();
  /** whether getters can be run */
  runsGetters = false;

  /** References die at every move. */
  clear(): void {
    this.containers.clear();
    this.written.clear();
  }

  scope(from: Origin, scope: ScopeState, extra: readonly Named[], seen: SeenScope): number {
    return this.containers.add({ kind: 'scope', from, scope, extra, seen });
  }

  /** What the calls of the statement before have given. */
  returned(from: Origin): number {
    return this.containers.add({ kind: 'returned', from });
  }

  /** What a name in an opened scope or object stands for; undefined where it cannot be watched. */
  watched(reference: number, name: string): Watched | undefined {
    const container = this.containers.get(reference);
    if (container?.kind === 'object') return { kind: 'property', name, object: container.value.id };
    if (container?.kind !== 'scope' || container.seen.instance === undefined) return undefined;
    return watchVariable(container.seen.activation, container.seen.instance, name);
  }

  /** The same, with the thread that it is of. */
  watchedIn(
    reference: number,
    name: string,
  ): { readonly thread: RecordedThread; readonly watched: Watched } | undefined {
    const watched = this.watched(reference, name);
    const from = this.containers.get(reference)?.from;
    return watched && from && { thread: from.thread, watched };
  }

  /** Whether a reference was given since the replay has moved. */
  isOfNow(reference: number): boolean {
    return this.containers.get(reference) !== undefined;
  }

  /** Whose last write a location reference asks for. */
  writtenAt(reference: number): { readonly thread: RecordedThread; readonly watched: Watched } | undefined {
    return this.written.get(reference);
  }

  /** The property that a lazy variable stands for; undefined where the reference is none of one. */
  getter(reference: number): { readonly from: Origin; readonly getter: Getter } | undefined {
    const container = this.containers.get(reference);
    return container?.kind === 'getter' ? container : undefined;
  }

  /** What a variable or property was and will be. */
  history(from: Origin, watched: Watched): number {
    return this.containers.add({ kind: 'history', from, watched });
  }

  /** Whose history the reference opens. */
  historyOf(reference: number): { readonly thread: RecordedThread; readonly watched: Watched } | undefined {
    const container = this.containers.get(reference);
    return container?.kind === 'history' ? { thread: container.from.thread, watched: container.watched } : undefined;
  }

  /** Whether the reference opens what calls have given. */
  isReturned(reference: number): Origin | undefined {
    const container = this.containers.get(reference);
    return container?.kind === 'returned' ? container.from : undefined;
  }

  /** undefined where the reference is none of now */
  variables(reference: number, page: Page = {}): DebugProtocol.Variable[] | undefined {
    const container = this.containers.get(reference);
    if (container === undefined || !('scope' in container || 'receiver' in container)) return undefined;
    const { from } = container;
    if (container.kind === 'scope') {
      const { seen } = container;
      const own = container.scope.variables.map(({ name, value, type }) => ({
        ...this.variable(from, name, value, name, type),
        ...this.location(from, seen.instance && watchVariable(seen.activation, seen.instance, name)),
      }));
      const extra = container.extra.map(({ name, value }) => this.variable(from, name, value, name));
      return cut([...extra, ...own], page);
    }
    const object = from.reader.object(container.value);
    if (object === undefined) return [];
    if (container.kind === 'entries') return cut(this.entries(from, object), page);
    return this.contents(from, object, container, page);
  }

  variable(from: Origin, name: string, value: Value | Accessor, path: string, type?: string): DebugProtocol.Variable {
    const text = printLine(from.reader, 1, value);
    const presentation = value instanceof Accessor ? { presentationHint: { attributes: ['readOnly'] } } : {};
    const object = value instanceof ObjectValue ? from.reader.object(value) : undefined;
    const shown = { name, value: text, type: type ?? typeName(value, object), evaluateName: path, ...presentation };
    if (!(value instanceof ObjectValue) || object === undefined) return { ...shown, variablesReference: 0 };
    const variablesReference = this.containers.add({ kind: 'object', from, value, name: path, receiver: value });
    const indexed = object.elements?.length ?? 0;
    const memory =
      object.kind === 'view' || object.kind === 'buffer' ? { memoryReference: `${from.thread.id}:${value.id}` } : {};
    return indexed > PAGED
      ? {
          ...shown,
          ...memory,
          variablesReference,
          indexedVariables: indexed,
          namedVariables: object.properties.length + 1,
        }
      : { ...shown, ...memory, variablesReference };
  }

  private location(from: Origin, watched: Watched | undefined): { readonly valueLocationReference?: number } {
    return watched ? { valueLocationReference: this.written.add({ thread: from.thread, watched }) } : {};
  }

  private contents(
    from: Origin,
    object: ObjectState,
    { value, name: path, receiver }: Extract<Container, { kind: 'object' | 'entries' }>,
    page: Page,
  ): DebugProtocol.Variable[] {
    const elements = object.elements ?? [];
    const indexed: DebugProtocol.Variable[] = [];
    const written = (name: string) => this.location(from, { kind: 'property', name, object: value.id });
    if (page.filter !== 'named') {
      const start = page.filter === 'indexed' ? (page.start ?? 0) : 0;
      const end = page.filter === 'indexed' && page.count ? start + page.count : elements.length;
      for (let i = start; i < Math.min(end, elements.length); i++)
        indexed.push({ ...this.variable(from, String(i), elements[i], `${path}[${i}]`), ...written(String(i)) });
      if (page.filter === 'indexed') return indexed;
    }
    const named = object.properties
      .filter(({ key }) => object.elements === undefined || !/^\d+$/.test(String(key)))
      .map(({ key, value: held }) => ({
        ...this.variable(from, keyText(key), held, memberPath(path, key)),
        ...(typeof key === 'string' ? written(key) : {}),
        ...this.lazy(from, held, receiver, key, path),
      }));
    if (object.entries !== undefined) {
      const variablesReference = this.containers.add({ kind: 'entries', from, value, name: path, receiver });
      named.push({ name: '[[Entries]]', value: `${object.entries.size} entries`, variablesReference });
    }
    if (object.kind === 'error' && typeof object.inner === 'string')
      named.push({ ...this.variable(from, 'stack', object.inner, `${path}.stack`) });
    if (object.kind === 'proxy') {
      named.push(this.variable(from, '[[Target]]', object.inner, path));
      named.push(this.variable(from, '[[Handler]]', object.inner2, path));
    }
    if (object.kind === 'opaque' && object.kindCode === ObjectKind.opaque)
      named.push({
        name: '[[Recorded]]',
        value: 'in part: an object of Node or of native code',
        variablesReference: 0,
        presentationHint: { visibility: 'internal' },
      });
    if (object.prototype !== undefined) {
      const prototype = this.variable(from, '[[Prototype]]', object.prototype, `${path}.__proto__`);
      if (object.prototype instanceof ObjectValue && prototype.variablesReference > 0)
        prototype.variablesReference = this.containers.add({
          kind: 'object',
          from,
          value: object.prototype,
          name: `${path}.__proto__`,
          receiver,
        });
      named.push({ ...prototype, presentationHint: { visibility: 'internal' } });
    }
    return cut([...indexed, ...named], page.filter === 'named' ? page : {});
  }

  /** A getter runs when it is opened. */
  private lazy(
    from: Origin,
    held: Value | Accessor,
    receiver: ObjectValue,
    key: Key,
    path: string,
  ): Partial<DebugProtocol.Variable> {
    if (!(held instanceof Accessor) || held.get === undefined || typeof key !== 'string' || !this.runsGetters)
      return {};
    const getter = { receiver, key, path: memberPath(path, key) };
    const variablesReference = this.containers.add({ kind: 'getter', from, getter });
    return { variablesReference, presentationHint: { lazy: true, attributes: ['readOnly'] } };
  }

  private entries(from: Origin, object: ObjectState): DebugProtocol.Variable[] {
    return [...(object.entries ?? [])].map(([key, held], i) => {
      const value = object.kind === 'set' ? key : held;
      const name = object.kind === 'set' ? String(i) : printLine(from.reader, 0, key);
      const { evaluateName: _, ...variable } = this.variable(from, name, value, '');
      return variable;
    });
  }
}

function cut<T>(list: readonly T[], { start, count }: Page): T[] {
  return start === undefined && !count ? [...list] : list.slice(start ?? 0, count ? (start ?? 0) + count : undefined);
}

function typeName(value: Value | Accessor, object: ObjectState | undefined): string {
  if (object !== undefined) return object.kind === 'function' ? 'function' : object.typeName || 'Object';
  if (value instanceof Accessor) return 'accessor';
  if (value instanceof SymbolValue) return 'symbol';
  return value === null ? 'null' : typeof value === 'object' ? '' : typeof value;
}

function keyText(key: Key): string {
  if (typeof key === 'string') return key;
  return key.origin === 'well-known' ? `[${key.description ?? ''}]` : `[Symbol(${key.description ?? ''})]`;
}

function memberPath(path: string, key: Key): string {
  if (typeof key !== 'string') return path;
  return /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
