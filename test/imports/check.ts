import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { layers, type Layer } from './rules.ts';

/** One source file: its path from the repository's root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every import that goes against the rules, as `file imports what: why not`. Tests and what stands in a `testing` folder of the
 * runtime may import anything; nothing else may import them. */
export function violations(files: readonly SourceFile[], rules: readonly Layer[] = layers): readonly string[] {
  return files.filter((file) => !isForTests(file.path)).flatMap((file) => violationsOf(file, rules));
}

/** The TypeScript sources under the folders that the rules name. */
export function readSources(root: string, rules: readonly Layer[] = layers): readonly SourceFile[] {
  const tops = [...new Set(rules.map(({ folder }) => folder.split('/')[0] ?? folder))];
  return tops
    .flatMap((top) => walk(root, top))
    .map((name) => ({ path: name, text: readFileSync(path.join(root, name), 'utf8') }));
}

function walk(root: string, folder: string): readonly string[] {
  let entries;
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch {
    return []; // a workspace that has no code yet
  }
  return entries.flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : walk(root, name);
    return /\.[cm]?tsx?$/.test(entry.name) ? [name] : [];
  });
}

function violationsOf(file: SourceFile, rules: readonly Layer[]): readonly string[] {
  const layer = layerOf(file.path, rules);
  if (!layer) return [`${file.path}: its folder is in no layer`];
  return importsOf(file).flatMap((specifier) => {
    const reason = specifier.startsWith('.')
      ? relativeFault(file.path, specifier, layer, rules)
      : packageFault(specifier, layer);
    return reason ? [`${file.path} imports ${specifier}: ${reason}`] : [];
  });
}

function relativeFault(from: string, specifier: string, layer: Layer, rules: readonly Layer[]): string | undefined {
  const target = path.posix.join(path.posix.dirname(from), specifier);
  if (isForTests(target)) return 'that is for tests only';
  const other = layerOf(target, rules);
  if (!other) return 'that is in no layer';
  if (other === layer || layer.sees.includes(other.folder)) return undefined;
  return `${layer.folder} must not see ${other.folder}`;
}

function packageFault(specifier: string, layer: Layer): string | undefined {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (specifier.startsWith('node:') || layer.npm.includes(name)) return undefined;
  if (builtinModules.includes(specifier)) return 'a module of Node is imported as node:…';
  return `${layer.folder} must not import ${name}`;
}

function isForTests(file: string): boolean {
  return /\.test\.m?tsx?$/.test(file) || /^trace-runtime\/.*\/testing\//.test(file);
}

function layerOf(file: string, rules: readonly Layer[]): Layer | undefined {
  return rules.find(({ folder }) => file.startsWith(`${folder}/`));
}

/** All specifiers: imports, type imports, re-exports, `import()` and `require()`. */
function importsOf(file: SourceFile): readonly string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
}
