/**
 * `node types.cjs RECORDING`: adds what TypeScript knows of the recorded variables. `record` starts it when all is said,
 * for projects with a tsconfig.json; nothing waits for it.
 */
import '../../trace-runtime/src/base/own-process.ts';
import os from 'node:os';
import { keepCompiledCode } from '../../trace-runtime/src/base/compiled-code.ts';
import { projectOf } from '../../trace-runtime/src/instrument/typed-files.ts';
import type { TypedSource } from '../../trace-runtime/src/instrument/types.ts';
import { LineMap } from '../../trace-runtime/src/query/places.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { writeTypes } from '../../trace-runtime/src/store/types-file.ts';
import { originalText, parseMap, resolveSource } from '../../trace-runtime/src/query/source-places.ts';

/** Variables of one recorded file that were written in one original file. */
interface Origin {
  readonly hash: string;
  readonly variables: number[];
  readonly source: TypedSource & { readonly names: number[] };
}

keepCompiledCode('types');
try {
  os.setPriority(os.constants.priority.PRIORITY_LOW);
} catch {
  // It runs as it is.
}
void addTypes(process.argv[2] ?? '');

async function addTypes(folder: string): Promise<void> {
  const opened = openRecording(folder);
  if (!opened.ok) return;
  const origins = filesOf(opened.value)
    .flatMap(({ hash, path }) => originsOf(opened.value, hash, path))
    .filter(({ source }) => projectOf(source.file) !== undefined);
  if (origins.length === 0) return;
  const { typesOf } = await import('../../trace-runtime/src/instrument/types.ts');
  const types = typesOf(origins.map(({ source }) => source));
  const found = new Map<string, (string | null)[]>();
  for (const { hash, variables, source } of origins) {
    const known = types.get(source);
    if (!known) continue;
    const list = found.get(hash) ?? [];
    found.set(hash, list);
    variables.forEach((variable, index) => (list[variable] = known[index] ?? null));
  }
  for (const [hash, list] of found)
    writeTypes(
      folder,
      hash,
      Array.from(list, (type) => type ?? null),
    );
}

function filesOf({ streams }: Recording): readonly { readonly hash: string; readonly path: string }[] {
  const files = streams.flatMap(({ segments }) => segments.flatMap(({ footer }) => footer?.files ?? []));
  return [...new Map(files.map((file) => [file.hash, file])).values()];
}

function originsOf(recording: Recording, hash: string, file: string): readonly Origin[] {
  const table = recording.table(hash);
  const text = recording.source(hash);
  if (table?.level !== 'steps' || text === undefined) return [];
  const map = parseMap(recording.sourceMap(hash));
  if (!map) {
    const variables = table.variables.map((_, index) => index);
    return [{ hash, variables, source: { file, text, names: table.variables.map(({ start }) => start) } }];
  }
  const lines = new LineMap(text);
  const origins = new Map<string, Origin & { readonly starts: readonly number[] }>();
  table.variables.forEach(({ start }, variable) => {
    const { line, column } = lines.place(start);
    const entry = map.map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry) || !entry.originalSource) return;
    const name = entry.originalSource;
    let origin = origins.get(name);
    if (!origin) {
      const original = originalText(recording, map, file, name) ?? '';
      const source = { file: resolveSource(file, name), text: original, names: [] };
      origin = { hash, variables: [], source, starts: lineStarts(original) };
      origins.set(name, origin);
    }
    origin.variables.push(variable);
    origin.source.names.push((origin.starts[entry.originalLine] ?? -1) + entry.originalColumn);
  });
  return [...origins.values()];
}

function lineStarts(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|[\n\r\u2028\u2029]/g), (end) => end.index + end[0].length)];
}
