/** Recorded values as a client shows them: one line each, with references to what can be opened. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Activation, ScopeInstance } from '../../trace-runtime/src/query/activation.ts';
import { valuePrinter } from '../../trace-runtime/src/query/print-value.ts';
import type { ObjectState, ScopeState, ObjectReader } from '../../trace-runtime/src/query/state.ts';
import { Accessor, ObjectValue, SymbolValue, type Key, type Value } from '../../trace-runtime/src/query/values.ts';
import { watchVariable, type Watched } from './data-breakpoints.ts';

/** What a reference opens. */
type Container =
  | {
      readonly kind: 'scope';
      readonly reader: ObjectReader;
      readonly scope: ScopeState;
      readonly extra: readonly Named[];
      readonly seen: SeenScope;
    }
  | { readonly kind: 'object'; readonly reader: ObjectReader; readonly value: ObjectValue; readonly name: string }
  | { readonly kind: 'entries'; readonly reader: ObjectReader; readonly value: ObjectValue; readonly name: string };

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

export class ValueView {
  private readonly containers: Container[] = [];

  /** References die at every move. */
  clear(): void {
    this.containers.length = 0;
  }

  scope(reader: ObjectReader, scope: ScopeState, extra: readonly Named[], seen: SeenScope): number {
    return this.containers.push({ kind: 'scope', reader, scope, extra, seen });
  }

  /** What a name in an opened scope or object stands for; undefined where it cannot be watched. */
  watched(reference: number, name: string): Watched | undefined {
    const container = this.containers[reference - 1];
    if (container?.kind === 'object') return { kind: 'property', name, object: container.value.id };
    if (container?.kind !== 'scope' || container.seen.instance === undefined) return undefined;
    return watchVariable(container.seen.activation, container.seen.instance, name);
  }

  /** undefined where the reference is none of now */
  variables(reference: number, page: Page = {}): DebugProtocol.Variable[] | undefined {
    const container = this.containers[reference - 1];
    if (container === undefined) return undefined;
    const { reader } = container;
    if (container.kind === 'scope') {
      const own = container.scope.variables.map(({ name, value, type }) =>
        this.variable(reader, name, value, name, type),
      );
      const extra = container.extra.map(({ name, value }) => this.variable(reader, name, value, name));
      return cut([...extra, ...own], page);
    }
    const object = reader.object(container.value);
    if (object === undefined) return [];
    if (container.kind === 'entries') return cut(this.entries(reader, object), page);
    return this.contents(reader, object, container, page);
  }

  variable(
    reader: ObjectReader,
    name: string,
    value: Value | Accessor,
    path: string,
    type?: string,
  ): DebugProtocol.Variable {
    const text = valuePrinter(reader, 1).print(value, 0).replace(/\n\s*/g, ' ');
    const presentation = value instanceof Accessor ? { presentationHint: { attributes: ['readOnly'] } } : {};
    const object = value instanceof ObjectValue ? reader.object(value) : undefined;
    const shown = { name, value: text, type: type ?? typeName(value, object), evaluateName: path, ...presentation };
    if (!(value instanceof ObjectValue) || object === undefined) return { ...shown, variablesReference: 0 };
    const variablesReference = this.containers.push({ kind: 'object', reader, value, name: path });
    const indexed = object.elements?.length ?? 0;
    return indexed > 100
      ? { ...shown, variablesReference, indexedVariables: indexed, namedVariables: object.properties.length + 1 }
      : { ...shown, variablesReference };
  }

  private contents(
    reader: ObjectReader,
    object: ObjectState,
    { value, name: path }: Extract<Container, { kind: 'object' }>,
    page: Page,
  ): DebugProtocol.Variable[] {
    const elements = object.elements ?? [];
    const indexed: DebugProtocol.Variable[] = [];
    if (page.filter !== 'named') {
      const start = page.filter === 'indexed' ? (page.start ?? 0) : 0;
      const end = page.filter === 'indexed' && page.count ? start + page.count : elements.length;
      for (let i = start; i < Math.min(end, elements.length); i++)
        indexed.push(this.variable(reader, String(i), elements[i], `${path}[${i}]`));
      if (page.filter === 'indexed') return indexed;
    }
    const named = object.properties
      .filter(({ key }) => object.elements === undefined || !/^\d+$/.test(String(key)))
      .map(({ key, value: held }) => this.variable(reader, keyText(key), held, memberPath(path, key)));
    if (object.entries !== undefined) {
      const variablesReference = this.containers.push({ kind: 'entries', reader, value, name: path });
      named.push({ name: '[[Entries]]', value: `${object.entries.size} entries`, variablesReference });
    }
    if (object.kind === 'error' && typeof object.inner === 'string')
      named.push({ ...this.variable(reader, 'stack', object.inner, `${path}.stack`) });
    if (object.kind === 'proxy') {
      named.push(this.variable(reader, '[[Target]]', object.inner, path));
      named.push(this.variable(reader, '[[Handler]]', object.inner2, path));
    }
    if (object.prototype !== undefined) {
      const prototype = this.variable(reader, '[[Prototype]]', object.prototype, `${path}.__proto__`);
      named.push({ ...prototype, presentationHint: { visibility: 'internal' } });
    }
    return cut([...indexed, ...named], page.filter === 'named' ? page : {});
  }

  private entries(reader: ObjectReader, object: ObjectState): DebugProtocol.Variable[] {
    return [...(object.entries ?? [])].map(([key, held], i) => {
      const value = object.kind === 'set' ? key : held;
      const name = object.kind === 'set' ? String(i) : valuePrinter(reader, 0).print(key, 0);
      const { evaluateName: _, ...variable } = this.variable(reader, name, value, '');
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
