/** Files and folders that the program read, as inputs that can be made smaller. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FileAnswer, FileFacts, WorldJson } from '../../model/recorded-world.ts';
import type { PreparedRerun, RunInputs } from '../prepare.ts';
import type { Input } from './inputs.ts';

export function fileInputs(prepared: PreparedRerun, isTest: boolean): readonly Input[] {
  const { inputs, recording, streams } = prepared;
  const sources = new Set(streams.flatMap(({ end }) => end.files.map((file) => file.path)));
  const asked = askedFor(prepared);
  const found: Input[] = [];
  for (const [file, facts] of Object.entries(inputs.files)) {
    if (sources.has(file) || /[\\/]node_modules[\\/]/.test(file)) continue;
    // a runner, a compiler and Node itself read files, too
    if (!asked.has(file) && (isTest || OF_TOOLS.test(file))) continue;
    const name = path.relative(recording.manifest.cwd, file);
    const shown = name.startsWith('..') ? file : name;
    found.push(...contentsOf(prepared, file, facts, shown), ...folderOf(file, facts, `${shown || '.'}/`));
  }
  return found;
}

const OF_TOOLS = /(?:\.[cm]?[jt]sx?|\.node|\.map|[\\/](?:package(?:-lock)?|tsconfig[^\\/]*)\.json)$/;

/** What recorded code was on the stack for. */
function askedFor({ streams, recording }: PreparedRerun): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { entries } of streams)
    for (const { kind, at, detail } of entries)
      if (kind.startsWith('fs.') && at && typeof detail['path'] === 'string')
        found.add(path.resolve(recording.manifest.cwd, detail['path'].replace(/^file:\/\//, '')));
  return found;
}

/** An answer by its call and its turn. */
type Turn = readonly [call: string, turn: number];

/** A content that was read; one path has several where the file was changed in between. */
function contentsOf(prepared: PreparedRerun, file: string, { answers }: FileFacts, name: string): readonly Input[] {
  const turns = new Map<string, Turn[]>();
  for (const [call, list] of Object.entries(answers))
    list.forEach(({ content }, turn) => {
      if (content !== undefined) turns.set(content, [...(turns.get(content) ?? []), [call, turn]]);
    });
  return [...turns.values()].map((own, index) => {
    const read = (inputs: RunInputs): Buffer => readFileSync(answerAt(inputs, file, own[0]!).content!);
    const sized = statsOf(answers, read(prepared.inputs).length);
    const write = (inputs: RunInputs, bytes: Buffer): RunInputs => {
      const content = prepared.contents.file(bytes);
      const withContent = replaced(inputs, file, own, (answer) => ({ ...answer, content }));
      return replaced(withContent, file, sized, (answer) => ({
        ...answer,
        stat: withSize(answer.stat!, bytes.length),
      }));
    };
    return {
      kind: 'file',
      name: index === 0 ? name : `${name} (content ${index + 1})`,
      bytes: read,
      lists: () => [],
      parts: () => [{ read, write }],
    };
  });
}

const SIZE = 8;

/** Stats that tell the size. */
function statsOf(answers: FileFacts['answers'], size: number): readonly Turn[] {
  return Object.entries(answers).flatMap(([call, list]) =>
    list.flatMap(({ stat }, turn): Turn[] => (stat?.split(',')[SIZE] === String(size) ? [[call, turn]] : [])),
  );
}

function withSize(stat: string, size: number): string {
  return stat.split(',').with(SIZE, String(size)).join(',');
}

function folderOf(file: string, { answers }: FileFacts, name: string): readonly Input[] {
  const [first, ...others] = answers['readdir'] ?? [];
  if (!first || !Array.isArray(first.entries) || first.entries.length === 0) return [];
  const turns = [first, ...others].map((_, turn): Turn => ['readdir', turn]);
  const read = (inputs: RunInputs): readonly WorldJson[] => answerAt(inputs, file, turns[0]!).entries as WorldJson[];
  const nameOf = (entry: WorldJson): string => String(Array.isArray(entry) ? entry[0] : entry);
  const write = (inputs: RunInputs, list: readonly unknown[]): RunInputs => {
    const kept = new Set(list.map((entry) => nameOf(entry as WorldJson)));
    return replaced(inputs, file, turns, (answer) => ({
      ...answer,
      entries: Array.isArray(answer.entries)
        ? answer.entries.filter((entry) => kept.has(nameOf(entry)))
        : answer.entries,
    }));
  };
  return [
    {
      kind: 'folder',
      name,
      bytes: (inputs) =>
        Buffer.from(
          read(inputs)
            .map((entry) => `${nameOf(entry)}\n`)
            .join(''),
        ),
      lists: () => [{ least: 0, read, write }],
      parts: () => [],
    },
  ];
}

function answerAt({ files }: RunInputs, file: string, [call, turn]: Turn): FileAnswer {
  return files[file]!.answers[call]![turn]!;
}

function replaced(
  inputs: RunInputs,
  file: string,
  turns: readonly Turn[],
  by: (answer: FileAnswer) => FileAnswer,
): RunInputs {
  if (turns.length === 0) return inputs;
  const facts = inputs.files[file]!;
  const answers = { ...facts.answers };
  for (const [call, turn] of turns) answers[call] = answers[call]!.with(turn, by(answers[call]![turn]!));
  return { ...inputs, files: { ...inputs.files, [file]: { ...facts, answers } } };
}
