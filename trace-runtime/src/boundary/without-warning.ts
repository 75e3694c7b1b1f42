/** What `make` gives, without a warning of what is deprecated: the call is not the program's. */
export function withoutWarning<T>(make: () => T): T {
  const { noDeprecation } = process;
  try {
    process.noDeprecation = true;
    return make();
  } finally {
    if (noDeprecation === undefined) delete (process as { noDeprecation?: boolean }).noDeprecation;
    else process.noDeprecation = noDeprecation;
  }
}
