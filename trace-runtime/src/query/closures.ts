import { ObjectKind } from '../wire/words.ts';
import { changeFile, type LoadedFile, type ScopeInstance } from './activation.ts';
import { functionPrototype, type HeapObject, nameFunction } from './heap.ts';
import type { StreamState } from './stream-state.ts';
import type { ObjectValue } from './values.ts';

/** Gives a function its definition from the site table; the stream only names it. */
export function defineClosure(
  state: StreamState,
  file: LoadedFile,
  functionIndex: number,
  value: ObjectValue,
  scope: ScopeInstance | undefined,
): void {
  const site = file.table.functions[functionIndex];
  if (scope !== undefined && site !== undefined && seesCaptured(file, site.outer))
    changeFile(state.heap.journal, file, functionIndex).lastClosures[functionIndex] = scope;
  if (site === undefined || state.heap.get(value) !== undefined) return;
  const object = state.heap.define(value.id);
  object.kind = ObjectKind.function;
  object.className = site.generator
    ? site.async
      ? 'AsyncGeneratorFunction'
      : 'GeneratorFunction'
    : site.async
      ? 'AsyncFunction'
      : 'Function';
  state.heap.inherit(object, functionPrototype(object.className));
  object.code = {
    name: site.name,
    length: site.length,
    site: file.base + site.firstOp,
    environment: scope?.environment ?? 0,
  };
  object.closure = scope;
  nameFunction(object, site.name, site.length);
  object.lazyPrototype = site.kind === 'function' && (site.generator || !site.async);
  if (site.kind === 'constructor' || site.kind === 'derivedConstructor') object.lazyPrototype = true;
}

export interface CodePlace {
  readonly file: LoadedFile;
  readonly functionIndex: number;
  /** offset in the source where the op stands */
  readonly start: number;
}

/** Where a function's code stands; undefined where it is none that was recorded. */
export function codePlaceOf(state: StreamState, { code, properties }: HeapObject): CodePlace | undefined {
  const file = code === undefined || code.site === 0 ? undefined : state.fileOf(code.site);
  if (file === undefined) return undefined;
  const op = code!.site - file.base;
  const { functions } = file.table;
  let functionIndex = file.code.owner[op] ?? 0;
  // a function among the parameters comes first in the text
  for (let at = functionIndex; at > 0; at = functions[at]?.parent ?? -1) {
    const site = functions[at]!;
    if (site.length !== properties.get('length') || site.name !== code!.name) continue;
    functionIndex = at;
    break;
  }
  return { file, functionIndex, start: file.code.start[op] ?? -1 };
}

/** Whether a scope around the function, other than the file's, is one that closures capture. */
function seesCaptured(file: LoadedFile, scope: number): boolean {
  const { scopes } = file.table;
  for (let at = scope; at > 0; at = scopes[at]?.parent ?? -1) if (scopes[at]!.captured) return true;
  return false;
}
