/** Bytes made smaller by what they are: JSON, lines of JSON, tables, forms, text. */
import { parseJson, reduceJson, reduceScalars, writeJson, type JsonNode } from './json-tree.ts';
import { reduceList, type First } from './search.ts';

/** In parts that it is made of. What is left may be refined. */
export async function reduceCoarsely(bytes: Buffer, first: First<Buffer>): Promise<Buffer> {
  const text = textOf(bytes);
  if (text === undefined) return reduceBytes(bytes, first);
  const json = parseJson(text);
  if (json) return reduceDocument(bytes, text, json, reduceJson, first);
  const form = formOf(text);
  if (form) return Buffer.from((await reduceList(form, joined(first, '&'))).join('&'));
  const lines = await reduceList(linesOf(text), joined(first, ''));
  const rows = await reduceColumns(lines, joined(first, ''));
  return Buffer.from((await reduceLinesOfJson(rows, joined(first, ''), reduceJson)).join(''));
}

/** Words, letters and digits. */
export async function reduceFinely(bytes: Buffer, first: First<Buffer>): Promise<Buffer> {
  const text = textOf(bytes);
  if (text === undefined) return bytes;
  const json = parseJson(text);
  if (json) return reduceDocument(bytes, text, json, reduceScalars, first);
  const lines = linesOf(text);
  if (lines.every((line) => line.trim() === '' || parseJson(line)))
    return Buffer.from((await reduceLinesOfJson(lines, joined(first, ''), reduceScalars)).join(''));
  const words = await reduceList(text.match(WORDS) ?? [], joined(first, ''));
  return Buffer.from((await reduceList([...words.join('')], joined(first, ''))).join(''));
}

const WORDS = /\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;

/** undefined: these bytes are no text. */
export function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return text.includes('\0') || !Buffer.from(text).equals(bytes) ? undefined : text;
}

/** With their ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function joined(first: First<Buffer>, between: string): First<readonly string[]> {
  return (candidates) => first(candidates.map((parts) => Buffer.from(parts.join(between))));
}

async function reduceBytes(bytes: Buffer, first: First<Buffer>): Promise<Buffer> {
  return Buffer.from(await reduceList([...bytes], (candidates) => first(candidates.map((each) => Buffer.from(each)))));
}

type ReduceNode = (node: JsonNode, first: First<JsonNode>) => Promise<JsonNode>;

/** Without blanks where it may be so. */
async function reduceDocument(
  bytes: Buffer,
  text: string,
  node: JsonNode,
  reduce: ReduceNode,
  first: First<Buffer>,
): Promise<Buffer> {
  const compact = Buffer.from(writeJson(node));
  const isCompact = compact.length >= bytes.length || (await first([compact])) === 0;
  const indent = isCompact ? 0 : indentOf(text);
  const write = (each: JsonNode): Buffer => Buffer.from(writeJson(each, indent));
  const left = await reduce(node, (candidates) => first(candidates.map(write)));
  const written = write(left);
  return left === node && compact.length >= bytes.length ? bytes : isCompact || left !== node ? written : bytes;
}

function indentOf(text: string): number {
  return /\n( +)\S/.exec(text)?.[1]?.length ?? 0;
}

async function reduceLinesOfJson(
  lines: readonly string[],
  first: First<readonly string[]>,
  reduce: ReduceNode,
): Promise<readonly string[]> {
  let best = lines;
  for (let index = 0; index < lines.length; index++) {
    const node = parseJson(lines[index]!);
    if (!node) continue;
    const end = /\r?\n?$/.exec(lines[index]!)![0];
    const base = best;
    const put = (each: JsonNode): readonly string[] => base.with(index, writeJson(each) + end);
    const left = await reduce(node, (candidates) => first(candidates.map(put)));
    if (left !== node) best = put(left);
  }
  return best;
}

const SEPARATORS = [',', ';', '\t', '|'];

/** Of a table, whose lines have one number of fields. Quoted separators are none. */
async function reduceColumns(lines: readonly string[], first: First<readonly string[]>): Promise<readonly string[]> {
  const separator = SEPARATORS.find((each) => {
    const counts = new Set(lines.map((line) => fieldsOf(line, each).length));
    return counts.size === 1 && !counts.has(1);
  });
  if (separator === undefined || lines.length === 0) return lines;
  const rows = lines.map((line) => fieldsOf(line.replace(/\r?\n$/, ''), separator));
  const ends = lines.map((line) => /\r?\n?$/.exec(line)![0]);
  const put = (columns: readonly number[]): readonly string[] =>
    rows.map((row, index) => columns.map((column) => row[column]).join(separator) + ends[index]!);
  const columns = rows[0]!.map((_, column) => column);
  return put(await reduceList(columns, (candidates) => first(candidates.map(put)), 1));
}

function fieldsOf(line: string, separator: string): readonly string[] {
  const fields: string[] = [''];
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    if (letter === separator && !isQuoted) fields.push('');
    else fields[fields.length - 1] += letter;
  }
  return fields;
}

function formOf(text: string): readonly string[] | undefined {
  return /^[^\s=&?{}]+=[^\s&]*(?:&[^\s=&]+=[^\s&]*)+$/.test(text) ? text.split('&') : undefined;
}
