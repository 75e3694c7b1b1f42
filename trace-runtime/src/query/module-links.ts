/**
 * Bindings of ES modules are live: an import shows what the exporting module's variable holds now. Each module's body
 * begins with what its imports held then; where the exporter is recorded too, its variable is looked up instead. Which
 * module a specifier means its text says, where it is a path; else what is imported by it may prove it. Where neither
 * does, and a module that it may mean has another value by now, the import is opaque.
 */
import { isBuiltin } from 'node:module';
import nodePath from 'node:path';
import { dataModulePath, isLoadedAs } from '../wire/loaded-as.ts';
import { ObjectKind } from '../wire/words.ts';
import type { ModuleImport } from '../model/sites.ts';
import type { LoadedFile, ScopeInstance } from './activation.ts';
import type { HeapObject } from './heap.ts';
import type { Key, Value } from './values.ts';
import { Accessor, isPrimitive, ObjectValue, opaque, uninitialised } from './values.ts';

interface Found {
  readonly value: Value;
  /** the variable that holds it */
  readonly scope: ScopeInstance;
  readonly slot: number;
}

export class ModuleLinks {
  private readonly namespaces = new WeakMap<HeapObject, LoadedFile>();
  private readonly maybe = new WeakMap<LoadedFile, Map<string, Candidates>>();

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
    const found = file && this.exported(file, key, 0);
    return found ? found.value : contents;
  }

  private followed(scope: ScopeInstance, slot: number, hops: number): Found {
    const own = { value: scope.values[slot], scope, slot };
    const { table } = scope.file;
    if (scope.parent !== undefined || table.imports === undefined || table.imports.length === 0) return own;
    const index = table.scopes[scope.scope]?.variables[slot] ?? -1;
    const link = table.imports.find(({ variable }) => variable === index);
    if (link === undefined || link.imported === '*') return own;
    const from = this.resolve(scope.file, link.specifier);
    if (from) return this.exported(from, link.imported, hops + 1) ?? own;
    // a module without a record may change what it exports
    if (link.specifier.startsWith('data:') && isPrimitive(own.value)) return { ...own, value: opaque };
    const found = this.proven(scope, link, hops);
    return found === 'doubtful' ? { ...own, value: opaque } : (found ?? own);
  }

  /**
   * The exporter of what a specifier does not name by its path, a package or a file of another ending: it exports a
   * function or an object of its own by the name under which the importer has had it from there.
   */
  private proven(importer: ScopeInstance, link: ModuleImport, hops: number): Found | 'doubtful' | undefined {
    const links = (importer.file.table.imports ?? []).filter(({ specifier }) => specifier === link.specifier);
    const slots = importer.file.table.scopes[importer.scope]?.variables ?? [];
    const had = ({ variable }: ModuleImport): Value => importer.values[slots.indexOf(variable)];
    const founds: Found[] = [];
    let isDoubtful = false;
    for (const file of this.candidates(importer.file, links)) {
      const found = this.exported(file, link.imported, hops + 1);
      if (found === undefined) continue;
      const isProof = (each: ModuleImport): boolean => {
        const value = had(each);
        return value instanceof ObjectValue && this.exported(file, each.imported, hops + 1)?.value === value;
      };
      if (links.some(isProof)) founds.push(found);
      else if (found.value !== had(link) && (had(link) === uninitialised || mayChange(found))) isDoubtful = true;
    }
    const [first, ...others] = founds;
    if (first === undefined) return isDoubtful ? 'doubtful' : undefined;
    return others.every(({ scope, slot }) => scope === first.scope && slot === first.slot) ? first : 'doubtful';
  }

  /** The other recorded modules that export all those names. */
  private candidates(importer: LoadedFile, links: readonly ModuleImport[]): readonly LoadedFile[] {
    const specifier = links[0]?.specifier ?? '';
    if (isBuiltin(specifier)) return [];
    let known = this.maybe.get(importer);
    if (known === undefined) this.maybe.set(importer, (known = new Map()));
    const last = known.get(specifier);
    if (last?.among === this.files.length) return last.files;
    const names = links.map(({ imported }) => imported).filter((name) => name !== '*');
    // what has but a default may be any module
    const isTelling = names.some((name) => name !== 'default') && !this.isCommonJs(importer, specifier);
    const mayMean = (file: LoadedFile): boolean =>
      file !== importer && mayBeAt(file.path, specifier) && names.every((name) => mayExport(file, name));
    const files = isTelling ? this.files.filter(mayMean) : [];
    known.set(specifier, { among: this.files.length, files });
    return files;
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
    const data = specifier.startsWith('data:') && URL.canParse(specifier) && dataModulePath(new URL(specifier).href);
    if (data) return this.files.find(({ path }) => path === data);
    const url = urlOf(from.path, specifier);
    if (url === undefined) return undefined;
    const path = nodePath.normalize(decodeURIComponent(url.pathname));
    const loads = this.files.filter((file) => file.path === path && file.table.exports !== undefined);
    if (loads.length < 2) return loads[0];
    const found = loads.filter(({ how }) => isLoadedAs(how, url));
    return found.length === 1 ? found[0] : undefined;
  }

  /** Its exports are no bindings: an import holds what they were. */
  private isCommonJs(from: LoadedFile, specifier: string): boolean {
    const url = urlOf(from.path, specifier);
    const path = url && nodePath.normalize(decodeURIComponent(url.pathname));
    return this.files.some((file) => file.path === path && file.table.exports === undefined);
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

/** Modules that a specifier may mean, as of how many there were. */
interface Candidates {
  readonly among: number;
  readonly files: readonly LoadedFile[];
}

function mayExport({ table }: LoadedFile, name: string): boolean {
  return table.exports?.some((each) => each.name === name || (each.name === '*' && name !== 'default')) ?? false;
}

/** A path in a specifier may lack the ending, have that of the compiled file, or name a folder or a link. */
function mayBeAt(path: string, specifier: string): boolean {
  if (!/^(?:\.{1,2}\/|\/|file:)/.test(specifier)) return true;
  const [stem, wanted] = [path, specifier.replace(/[?#].*$/, '')].map((each) => nodePath.parse(each).name);
  return stem === 'index' || stem === wanted;
}

function mayChange({ scope, slot }: Found): boolean {
  const { scopes, variables } = scope.file.table;
  const kind = variables[scopes[scope.scope]?.variables[slot] ?? -1]?.kind;
  return kind === 'let' || kind === 'var';
}

function urlOf(from: string, specifier: string): URL | undefined {
  if (!/^(?:\.{1,2}\/|\/|file:)/.test(specifier)) return undefined;
  try {
    const url = specifier.startsWith('file:') ? new URL(specifier) : new URL(specifier, `file://${escapeRest(from)}`);
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    return undefined;
  }
}

function escapeRest(path: string): string {
  return path.replace(/[%?#\\]/g, (character) => encodeURIComponent(character));
}
