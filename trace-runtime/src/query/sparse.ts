/** Arrays whose length says nothing about what they hold. */
const MANY_ELEMENTS = 1_000_000;

const SAMPLES = 64;

/** Large and nearly empty: to go through all its indices would take for ever. */
export function isSparse(elements: readonly unknown[]): boolean {
  const { length } = elements;
  if (length <= MANY_ELEMENTS) return false;
  let present = 0;
  for (let i = 0; i < SAMPLES; i++) if (Math.floor((i * length) / SAMPLES) in elements) present++;
  // to list all indices takes long
  return present < SAMPLES / 4 && Object.keys(elements).length < length / 16;
}

/** Absent elements stay absent. */
export function copyElements<T>(elements: readonly T[]): T[] {
  if (!isSparse(elements)) return elements.slice();
  const copy: T[] = [];
  copy.length = elements.length;
  for (const index of Object.keys(elements)) copy[Number(index)] = elements[Number(index)]!;
  return copy;
}
