/** Arrays whose length says nothing about what they hold. */
const MANY_ELEMENTS = 1_000_000;

/** Large and nearly empty: to go through all its indices would take for ever. */
export function isSparse(elements: readonly unknown[]): boolean {
  return elements.length > MANY_ELEMENTS && Object.keys(elements).length < elements.length / 16;
}

/** Absent elements stay absent. */
export function copyElements<T>(elements: readonly T[]): T[] {
  if (!isSparse(elements)) return elements.slice();
  const copy: T[] = [];
  copy.length = elements.length;
  for (const index of Object.keys(elements)) copy[Number(index)] = elements[Number(index)]!;
  return copy;
}
