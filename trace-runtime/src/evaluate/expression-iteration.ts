import type { ObjectFacts } from '../query/object-facts.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import { whole } from './expression-builtins.ts';
import { List, needsCode, type Item } from './expression-values.ts';

/** What `for … of` goes through; throws where a program's own code would say. */
export function* iterate(value: Item, facts: ObjectFacts): Generator<Item, void> {
  if (value instanceof List || typeof value === 'string') {
    if (facts.iteratesOtherwise(typeof value === 'string' ? 'String' : 'Array')) throw needsCode();
    if (typeof value === 'string') yield* value;
    else for (let i = 0; i < value.elements.length; i++) yield value.elements[i];
    return;
  }
  const held = value instanceof ObjectValue ? facts.iterated(value) : undefined;
  if (!held) throw needsCode();
  if (Array.isArray(held)) yield* whole(held);
  else
    for (const [key, own] of held as ReadonlyMap<Value, Value>)
      yield facts.isMap(value as ObjectValue) ? new List([key, own]) : key;
}
