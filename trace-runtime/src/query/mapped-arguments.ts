import { valuesOf, type ScopeInstance } from './activation.ts';
import type { Place } from './derive.ts';
import type { Heap, HeapObject } from './heap.ts';
import { Accessor, type ObjectValue, type Value } from './values.ts';
import { Attribute, ObjectFlag } from '../wire/words.ts';

/**
 * In sloppy functions with simple parameters the elements of `arguments` and the parameters are the same variables,
 * each until the element is deleted, or made an accessor or read-only.
 */
export interface MappedArguments {
  readonly object: ObjectValue;
  readonly scope: ScopeInstance;
  /** by element: the parameter's slot in the scope; -1: none */
  readonly slots: number[];
}

/** Joins a call's arguments object with its parameters; of two of one name the last is meant. */
export function mapArguments(
  heap: Heap,
  object: ObjectValue,
  scope: ScopeInstance,
  parameters: readonly Place[],
): void {
  const contents = heap.get(object);
  const count = contents?.elements?.length ?? 0;
  if (contents === undefined || count === 0) return;
  const slots = parameters.map(({ slot }) => slot);
  heap.journal.touch(scope);
  scope.mapped = heap.change(contents).mapped = {
    object,
    scope,
    slots: slots.slice(0, count).map((slot, i) => (slots.lastIndexOf(slot) === i ? slot : -1)),
  };
}

/** A parameter was assigned. */
export function assignElement(heap: Heap, { object, slots }: MappedArguments, slot: number, value: Value): void {
  const index = slots.indexOf(slot);
  const contents = heap.get(object);
  if (index < 0 || contents?.elements === undefined) return;
  if (index in contents.elements) heap.elementsOf(contents, index)[index] = value;
  else heap.setContents(contents, String(index), value);
}

/** The arguments object was changed. */
export function assignParameters(heap: Heap, contents: HeapObject, { scope, slots }: MappedArguments): void {
  const values = valuesOf(heap.journal, scope);
  slots.forEach((slot, index) => {
    if (slot < 0) return;
    const { elements, properties } = contents;
    if (elements !== undefined && index in elements && (contents.flags & ObjectFlag.frozen) === 0) {
      values[slot] = elements[index];
      return;
    }
    const key = String(index);
    const own = properties.get(key);
    if (own !== undefined && !(own instanceof Accessor)) values[slot] = own;
    const stays = own !== undefined && !(own instanceof Accessor) && contents.attributesOf(key) & Attribute.writable;
    if (stays) return;
    heap.journal.slot(slots, index);
    slots[index] = -1;
  });
}
