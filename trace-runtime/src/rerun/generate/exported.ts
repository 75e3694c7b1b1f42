/** What a module exports, by the names that its functions have in it; read from its text. */

/** `whole`: what `require` gives, or the default export. */
export type Export = { readonly kind: 'named'; readonly name: string } | { readonly kind: 'whole' };

export function exportsOf(source: string): ReadonlyMap<string, Export> {
  const found = new Map<string, Export>();
  const named = (local: string, name: string): void => {
    if (!found.has(local)) found.set(local, name === 'default' ? { kind: 'whole' } : { kind: 'named', name });
  };
  const whole = (local: string): void => void (found.has(local) || found.set(local, { kind: 'whole' }));
  const all = (pattern: RegExp): readonly RegExpExecArray[] => [...source.matchAll(pattern)];

  for (const [, name] of all(/^[ \t]*export\s+(?:(?:async\s+)?function\s*\*?|(?:abstract\s+)?class)\s*([\w$]+)/gm))
    named(name!, name!);
  for (const [, name] of all(/^[ \t]*export\s+(?:const|let|var)\s+([\w$]+)/gm)) named(name!, name!);
  for (const [, name] of all(/^[ \t]*export\s+default\s+(?:(?:async\s+)?function|class)\s*([\w$]+)/gm)) whole(name!);
  for (const [, name] of all(/^[ \t]*export\s+default\s+([\w$]+)\s*;?\s*$/gm)) whole(name!);
  for (const [, list] of all(/^[ \t]*export\s*\{([^}]*)\}(?!\s*from)/gm))
    for (const part of list!.split(',')) {
      const [local, name = local] = part.trim().split(/\s+as\s+/);
      if (local) named(local, name!);
    }

  for (const [, name, local, other] of all(
    /(?:^|[^.\w$])(?:module\.)?exports\.([\w$]+)\s*=\s*(?:(?:(?:async\s+)?function\s*\*?|class)\s*([\w$]+)|([\w$]+)\s*(?:;|$|,))?/gm,
  )) {
    if (local) named(local, name!);
    if (other) named(other, name!);
    named(name!, name!);
  }
  for (const [, list] of all(/module\.exports\s*=\s*\{([^}]*)\}/g))
    for (const part of list!.split(',')) {
      const [, name, local = name] = /^\s*([\w$]+)(?:\s*:\s*([\w$]+))?\s*$/.exec(part) ?? [];
      if (name) named(local!, name);
    }
  for (const [, local] of all(/module\.exports\s*=\s*(?:(?:async\s+)?function\s*\*?|class)\s*([\w$]+)/g)) whole(local!);
  for (const [, local] of all(/module\.exports\s*=\s*([\w$]+)\s*(?:;|$)/gm)) whole(local!);
  return found;
}

/** Whether the text is an ES module's. */
export function isModuleText(source: string): boolean {
  return /^[ \t]*(?:export\s|import\s*(?:[\w$*{]|['"]))/m.test(source);
}
