/** Names that can follow what was typed so far. */
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { isViteName } from '../../trace-runtime/src/query/source-places.ts';
import type { ObjectReader, StateReader } from '../../trace-runtime/src/query/state.ts';
import { indexOfKey, ObjectValue, type Accessor, type Key, type Value } from '../../trace-runtime/src/query/values.ts';
import { lookUp } from '../../trace-runtime/src/evaluate/expression.ts';

/** What lines of the console have declared. */
export interface KeptNames {
  readonly names: ReadonlySet<string>;
  /** what a name stands for; undefined where that cannot be told */
  value(name: string): Held | undefined;
}

interface Held {
  readonly value: Value | Accessor;
  readonly reader: ObjectReader;
}

/** Names that can follow what was typed so far: variables, or properties of the path before the last dot. */
export function completions(reader: StateReader, call: Activation, typed: string, kept?: KeptNames): string[] {
  const dot = typed.lastIndexOf('.');
  const prefix = typed.slice(dot + 1);
  const names = new Set<string>(dot < 0 ? kept?.names : []);
  if (dot < 0) for (const scope of reader.scopes(call.scope)) for (const { name } of scope.variables) names.add(name);
  else {
    const looked = lookUp(reader, call, typed.slice(0, dot));
    const held = 'value' in looked ? { reader, value: looked.value } : keptUnder(kept, typed.slice(0, dot));
    const keys = held ? inheritedKeys(held) : [];
    for (const key of keys) if (typeof key === 'string' && !/^\d/.test(key)) names.add(key);
  }
  return [...names].filter((name) => name.startsWith(prefix) && !isViteName(name)).sort();
}

/** What a path of names and indices leads to from a kept name; no getter is run. */
function keptUnder(kept: KeptNames | undefined, path: string): Held | undefined {
  if (!/^[\p{ID_Continue}$]+(?:\.[\p{ID_Continue}$]+|\[\d+\])*$/u.test(path)) return undefined;
  const [root, ...keys] = path.match(/[\p{ID_Continue}$]+/gu)!;
  const held = kept?.names.has(root!) === true ? kept.value(root!) : undefined;
  if (!held) return undefined;
  let { value } = held;
  for (const key of keys) value = propertyOf(held.reader, value, key);
  return { reader: held.reader, value };
}

function propertyOf(reader: ObjectReader, from: Value | Accessor, key: string): Value | Accessor {
  const index = indexOfKey(key);
  for (let at = from; at instanceof ObjectValue;) {
    const object = reader.object(at);
    const own = object?.properties.find((each) => each.key === key);
    if (own) return own.value;
    if (index >= 0 && object?.elements && index in object.elements) return object.elements[index];
    at = object?.prototype;
  }
  return undefined;
}

function inheritedKeys({ reader, value }: Held): Key[] {
  const keys: Key[] = [];
  for (let next: Value | Accessor = value; next instanceof ObjectValue;) {
    const object = reader.object(next);
    if (object === undefined) break;
    keys.push(...object.properties.map(({ key }) => key));
    next = object.prototype;
  }
  return keys;
}
