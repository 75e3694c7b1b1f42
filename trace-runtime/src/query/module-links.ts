/**
 * Bindings of ES modules are live: an import shows what the exporting module's variable holds now. Each module's body
 * begins with what its imports held then; where the exporter is recorded too, its variable is looked up instead.
 */
import nodePath from 'node:path';
import { ObjectKind } from '../wire/words.ts';
import type { LoadedFile, ScopeInstance } from './activation.ts';
import type { HeapObject } from './heap.ts';
import type { Key, Value } from './values.ts';
import { Accessor, ObjectValue } from './values.ts';

interface Found {
  readonly value: Value;
  /** the variable that holds it */
  readonly scope: ScopeInstance;
  readonly slot: number;
}

export class ModuleLinks {
  private readonly namespaces = new WeakMap<HeapObject, LoadedFile>();

  constructor(private readonly files: readonly LoadedFile[]) {}

  /** What a variable of a scope holds, imports followed. */
  variable(scope: ScopeInstance, slot: number): Value {
    return this.followed(scope, slot, 0).value;
  }

  /** The variable of the exporting module, where it is an import whose exporter is recorded. */
  exporter(scope: ScopeInstance, slot: number): { readonly scope: ScopeInstance; readonly slot: number } | undefined {
    const found = this.followed(scope, slot, 0);
    return found.scope === scope ? undefined : found;
  }

  /** A property of a module's namespace object. */
  property(object: HeapObject, value: ObjectValue, key: Key, contents: Value | Accessor): Value | Accessor {
    if (object.kind !== ObjectKind.namespace || typeof key !== 'string' || contents instanceof Accessor)
      return contents;
    const file = this.moduleOf(object, value);
    return (file && this.exported(file, key, 0)?.value) ?? contents;
  }

  private followed(scope: ScopeInstance, slot: number, hops: number): Found {
    const own = { value: scope.values[slot], scope, slot };
    const { table } = scope.file;
    if (scope.parent !== undefined || table.imports === undefined || table.imports.length === 0) return own;
    const index = table.scopes[scope.scope]?.variables[slot] ?? -1;
    const link = table.imports.find(({ variable }) => variable === index);
    if (link === undefined || link.imported === '*') return own;
    const from = this.resolve(scope.file, link.specifier);
    const found = from && this.exported(from, link.imported, hops + 1);
    return found ?? own;
  }

  /** undefined where it cannot be told, or its module has not begun: what hoisting gives is in the importer's own slot */
  private exported(file: LoadedFile, name: string, hops: number): Found | undefined {
    if (hops > 100) return undefined;
    const exports = file.table.exports ?? [];
    const entry = exports.find((each) => each.name === name);
    if (entry !== undefined) {
      if (entry.specifier === undefined) return this.local(file, entry.variable, hops);
      if (entry.imported === '*') return undefined;
      const from = this.resolve(file, entry.specifier);
      return from && this.exported(from, entry.imported ?? name, hops + 1);
    }
    if (name === 'default') return undefined;
    for (const star of exports) {
      if (star.name !== '*' || star.specifier === undefined) continue;
      const from = this.resolve(file, star.specifier);
      const found = from && this.exported(from, name, hops + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private local(file: LoadedFile, variable: number, hops: number): Found | undefined {
    const { moduleScope, table } = file;
    const slot = table.scopes[0]?.variables.indexOf(variable) ?? -1;
    if (moduleScope === undefined || slot < 0) return undefined;
    return this.followed(moduleScope, slot, hops);
  }

  /** The recorded module that a specifier means, where its text alone says so. */
  private resolve(from: LoadedFile, specifier: string): LoadedFile | undefined {
    const path = pathOf(from.path, specifier);
    if (path === undefined) return undefined;
    const found = this.files.filter((file) => file.path === path && file.table.exports !== undefined);
    // loaded more than once, under different queries: the text does not say which
    return found.length === 1 ? found[0] : undefined;
  }

  private moduleOf(object: HeapObject, value: ObjectValue): LoadedFile | undefined {
    const known = this.namespaces.get(object);
    if (known !== undefined) return known;
    const file = this.importedAs(value) ?? this.exportsLike(object);
    if (file !== undefined) this.namespaces.set(object, file);
    return file;
  }

  private importedAs(value: ObjectValue): LoadedFile | undefined {
    for (const file of this.files) {
      for (const { variable, specifier, imported } of file.table.imports ?? []) {
        if (imported !== '*') continue;
        const slot = file.table.scopes[0]?.variables.indexOf(variable) ?? -1;
        if (file.moduleScope?.values[slot] === value) return this.resolve(file, specifier);
      }
    }
    return undefined;
  }

  /** Of a dynamic import: the one module with exports of these names, all objects among them the same. */
  private exportsLike(object: HeapObject): LoadedFile | undefined {
    const names = [...object.properties.keys()].filter((key) => typeof key === 'string');
    const alike = this.files.filter((file) => {
      const exports = file.table.exports;
      if (exports === undefined || exports.length === 0) return false;
      if (!exports.some(({ name }) => name === '*') && exports.length !== names.length) return false;
      return names.every((name) => {
        const found = this.exported(file, name, 0);
        const held = object.properties.get(name);
        if (found === undefined) return exports.some((each) => each.name === name);
        return !(held instanceof ObjectValue && found.value instanceof ObjectValue) || held === found.value;
      });
    });
    return alike.length === 1 ? alike[0] : undefined;
  }
}

function pathOf(from: string, specifier: string): string | undefined {
  if (!/^(?:\.{1,2}\/|\/|file:)/.test(specifier)) return undefined;
  try {
    const url = specifier.startsWith('file:') ? new URL(specifier) : new URL(specifier, `file://${escapeRest(from)}`);
    return nodePath.normalize(decodeURIComponent(url.pathname));
  } catch {
    return undefined;
  }
}

function escapeRest(path: string): string {
  return path.replace(/[%?#\\]/g, (character) => encodeURIComponent(character));
}
