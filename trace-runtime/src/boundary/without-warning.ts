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

/** The same of any warning, such as of what is experimental; undefined, and nothing done, where it cannot be kept back. */
export function withoutAnyWarning<T>(work: () => T): T | undefined {
  const warning = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  if (!warning?.configurable) return undefined;
  try {
    Object.defineProperty(process, 'emitWarning', { value: () => {}, configurable: true });
    return work();
  } finally {
    Object.defineProperty(process, 'emitWarning', warning);
  }
}
