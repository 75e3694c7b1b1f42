/**
 * State at a moment, in a form that both halves of the oracle produce: V8's inspector (observe.ts) and the recording
 * (recorded.ts). Object ids are of the side that made them; compare.ts matches them by a bijection.
 */
export type Value =
  | { readonly t: 'undefined' | 'null' | 'hole' | 'uninitialised' }
  | { readonly t: 'boolean'; readonly v: boolean }
  /** NaN, -0 and the infinities as text */
  | { readonly t: 'number'; readonly v: number | string }
  | { readonly t: 'string'; readonly v: string }
  | { readonly t: 'bigint'; readonly v: string }
  | { readonly t: 'symbol'; readonly id: number; readonly v: string }
  | { readonly t: 'object'; readonly id: number }
  /** a value that the side cannot tell, and why */
  | { readonly t: 'opaque'; readonly v: string };

export interface Property {
  readonly key: Value;
  readonly value?: Value;
  readonly get?: Value;
  readonly set?: Value;
  /** bits of Attribute; private fields have 7 and a key that starts with '#' */
  readonly attributes: number;
}

export interface HeapObject {
  readonly kind: string;
  readonly className: string;
  readonly prototype: Value;
  /** 0 extensible, 1 not extensible, 2 sealed, 3 frozen */
  readonly level: number;
  readonly properties: readonly Property[];
  /** elements of arrays and sets, alternating keys and values of maps, target and handler of proxies */
  readonly elements?: readonly Value[];
  /** function name, error stack, bytes as hex, regular expression, intrinsic paths joined by spaces */
  readonly text?: string;
  /** an error's stack that nobody has looked at */
  readonly unread?: boolean;
  /** array length, date, offset and length of a view */
  readonly numbers?: readonly (number | string)[];
  /** the primitive of a box, the buffer of a view */
  readonly inner?: Value;
}

export interface Scope {
  /** offsets in the source, -1 where unknown */
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly variables: ReadonlyMap<string, Value>;
  /** where each is declared; only the recording says */
  readonly declared?: ReadonlyMap<string, number>;
}

export interface Frame {
  readonly functionName: string;
  /** an offset inside the function's head or text; -1 where unknown */
  readonly at: number;
  /** where the statement begins that the frame is at; only the recording says */
  readonly position?: number;
  /** its `this` is its surroundings': V8 forgets that where the arrow function does not use it */
  readonly arrow?: boolean;
  /** the ledger declares that not all of the function is recorded; only the recording says */
  readonly degraded?: boolean;
  /** undefined where the side does not know it */
  readonly self: Value | undefined;
  /** innermost first */
  readonly scopes: readonly Scope[];
}

export interface Snapshot {
  /** innermost first; only frames of the program's file */
  readonly frames: readonly Frame[];
  readonly heap: (id: number) => HeapObject | undefined;
}

export interface Pause {
  /** source offset of the statement, and which of its executions this is, from 1 */
  readonly start: number;
  readonly hit: number;
}
