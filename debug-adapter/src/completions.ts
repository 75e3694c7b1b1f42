/** Names that can follow what was typed so far. */
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { isViteName } from '../../trace-runtime/src/query/source-places.ts';
import type { StateReader } from '../../trace-runtime/src/query/state.ts';
import { ObjectValue, type Accessor, type Key, type Value } from '../../trace-runtime/src/query/values.ts';
import { lookUp } from '../../trace-runtime/src/evaluate/expression.ts';

/**
 * Names that can follow what was typed so far: variables, or properties of the path before the last dot. `kept`: what lines of
 * the console have declared.
 */
export function completions(
  reader: StateReader,
  call: Activation,
  typed: string,
  kept: Iterable<string> = [],
): string[] {
  const dot = typed.lastIndexOf('.');
  const prefix = typed.slice(dot + 1);
  const names = new Set<string>(dot < 0 ? kept : []);
  if (dot < 0) for (const scope of reader.scopes(call.scope)) for (const { name } of scope.variables) names.add(name);
  else {
    const looked = lookUp(reader, call, typed.slice(0, dot));
    const keys = 'value' in looked ? inheritedKeys(reader, looked.value) : [];
    for (const key of keys) if (typeof key === 'string' && !/^\d/.test(key)) names.add(key);
  }
  return [...names].filter((name) => name.startsWith(prefix) && !isViteName(name)).sort();
}

function inheritedKeys(reader: StateReader, value: Value | Accessor): Key[] {
  const keys: Key[] = [];
  for (let next: Value | Accessor = value; next instanceof ObjectValue;) {
    const object = reader.object(next);
    if (object === undefined) break;
    keys.push(...object.properties.map(({ key }) => key));
    next = object.prototype;
  }
  return keys;
}
