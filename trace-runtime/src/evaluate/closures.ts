/** Where the program's functions were made: their code, and the scopes that they see. */
import type { ScopeInstance } from '../query/activation.ts';
import { type CodePlace, codePlaceOf } from '../query/closures.ts';
import type { HeapObject } from '../query/heap.ts';
import { withClass } from '../query/scopes.ts';
import type { StreamState } from '../query/stream-state.ts';
import type { ScopeSite } from '../model/sites.ts';
import { Attribute } from '../wire/words.ts';

export class Closures {
  constructor(private readonly state: StreamState) {}

  /** Where its code stands; undefined where it is none that was recorded. */
  place(held: HeapObject): CodePlace | undefined {
    return codePlaceOf(this.state, held);
  }

  /** The scope that a function was made in; undefined where the recording does not tell which of several. */
  scopeOf(held: HeapObject, { file, functionIndex, start }: CodePlace): ScopeInstance | undefined {
    const known = held.closure ?? this.state.environment(held.code?.environment ?? 0);
    if (known) return known;
    const { scopes, functions } = file.table;
    const site = functions[functionIndex];
    let at = isClass(held) ? scopeAround(scopes, start) : (site?.outer ?? 0);
    // that of a function expression's own name
    if (!isClass(held) && at > 0 && site && scopes[at]!.start >= site.start && scopes[at]!.end <= site.end)
      at = Math.max(0, scopes[at]!.parent);
    const classScope = scopes[at]?.kind === 'class' ? at : -1;
    while (at > 0 && (scopes[at]!.kind === 'class' || !scopes[at]!.captured)) at = scopes[at]!.parent;
    if (at <= 0) return file.moduleScope && withClass(file.moduleScope, classScope);
    const made = this.state.environmentsOf(file, at);
    return made.length === 1 ? withClass(made[0]!, classScope) : undefined;
  }
}

/** A class's `prototype` cannot be replaced. */
export function isClass(held: HeapObject): boolean {
  return held.properties.has('prototype') && (held.attributesOf('prototype') & Attribute.writable) === 0;
}

/** The innermost scope of a class around an offset, else the file's. */
function scopeAround(scopes: readonly ScopeSite[], offset: number): number {
  return Math.max(
    0,
    scopes.findLastIndex(({ kind, start, end }) => kind === 'class' && start <= offset && end >= offset),
  );
}
