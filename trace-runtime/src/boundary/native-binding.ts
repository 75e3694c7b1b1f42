import { withoutWarning } from './without-warning.ts';

/** What Node's own modules get of its native code. */
export function nativeBinding(name: string): object {
  const binding = Reflect.get(process, 'binding') as (name: string) => object;
  return withoutWarning(() => binding(name));
}
