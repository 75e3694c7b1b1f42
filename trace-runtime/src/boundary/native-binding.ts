/** What Node's own modules get of its native code. Node warns of `process.binding` where it is told to: these calls are not the program's. */
export function nativeBinding(name: string): object {
  const { noDeprecation } = process;
  const binding = Reflect.get(process, 'binding') as (name: string) => object;
  try {
    process.noDeprecation = true;
    return binding(name);
  } finally {
    if (noDeprecation === undefined) delete (process as { noDeprecation?: boolean }).noDeprecation;
    else process.noDeprecation = noDeprecation;
  }
}
