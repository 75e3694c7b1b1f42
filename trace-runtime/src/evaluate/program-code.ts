/** The program's functions as text that the sandbox can compile: one function, method or class at a time. */
import type { AnyNode } from 'acorn';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionSite } from '../model/sites.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import {
  eachNode,
  parseAs,
  type ClassNode,
  type ParsedSource,
  type ParsedSources,
  type Ranged,
} from './parsed-source.ts';
import { SANDBOX_NAMES } from './sandbox-names.ts';

/** `text` is an expression: the function; for methods and accessors an object that has it as its one property. */
export interface FunctionCode {
  readonly text: string;
  readonly form: 'function' | 'method' | 'class' | 'derivedClass';
  readonly strict: boolean;
}

/** A change of a file's text. */
export interface SourceEdit {
  readonly file: LoadedFile;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export type Code = FunctionCode | { readonly refused: string };

export class ProgramCode {
  private readonly codes = new Map<string, Code>();

  constructor(private readonly sources: ParsedSources) {}

  /** A function's code. */
  of(file: LoadedFile, functionIndex: number): Code {
    const key = `${file.hash} ${functionIndex}`;
    let code = this.codes.get(key);
    if (code === undefined) this.codes.set(key, (code = this.find(file, functionIndex)));
    return code;
  }

  /** The class around an offset of the source. */
  classAt(file: LoadedFile, offset: number): Code {
    const key = `${file.hash} class ${offset}`;
    let code = this.codes.get(key);
    if (code === undefined) {
      const parsed = file.table.level === 'steps' ? this.sources.of(file) : undefined;
      const node = parsed?.classes.findLast((each) => each.start <= offset && each.end >= offset);
      this.codes.set(key, (code = parsed && node ? classCode(parsed, node) : { refused: unreadable(file) }));
    }
    return code;
  }

  /** An expression that makes the call again, in the call's own scope. */
  callOf({ file, functionIndex, site }: Activation): string | { readonly refused: string } {
    const code = this.of(file, functionIndex);
    if ('refused' in code) return code;
    if (site.generator || (code.form !== 'function' && code.form !== 'method') || /etter$|onstructor$/.test(site.kind))
      return { refused: `${site.name || 'A function'} is no function that is called by itself.` };
    if (!site.parameters.every((each) => /^(\.\.\.)?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(each)))
      return { refused: `What ${site.name || 'a function'} was called with is not known.` };
    const called = code.form === 'method' ? `${code.text}.method` : code.text;
    return `(${called}).apply(this, [${site.parameters.join(', ')}])`;
  }

  /** The statement that a file's body is at. */
  statement({ file, position }: Activation): string | { readonly refused: string } {
    const parsed = this.sources.of(file);
    const [start, end] = [file.code.start[position] ?? -1, file.code.end[position] ?? -1];
    if (!parsed || start < 0) return { refused: unreadable(file) };
    return parsed.text.slice(start, end);
  }

  /** By the texts of functions: their texts with the changes. Functions that cannot be run again are left out. */
  replaced(edits: readonly SourceEdit[]): readonly (readonly [string, string])[] {
    const list: (readonly [string, string])[] = [];
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const own = edits.filter((edit) => edit.file === file);
      const holdsSome = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
        own.some(({ from, to }) => start <= from && end >= to);
      file.table.functions.forEach((site, index) => {
        if (index === 0 || !holdsSome(site)) return;
        const code = this.of(file, index);
        const changed = this.find(file, index, own);
        if (!('refused' in code) && !('refused' in changed)) list.push([code.text, changed.text]);
      });
      const parsed = this.sources.of(file);
      for (const node of parsed?.classes ?? [])
        if (holdsSome(node)) list.push([classCode(parsed!, node).text, classCode(parsed!, node, own).text]);
    }
    return list;
  }

  private find(file: LoadedFile, functionIndex: number, edits: readonly SourceEdit[] = []): Code {
    const site = file.table.functions[functionIndex];
    if (site === undefined || functionIndex === 0) return { refused: 'A file is not run again.' };
    if (file.table.level !== 'steps')
      return {
        refused: `${site.name || 'A function'} is in ${file.path}, of which only changes of objects are recorded.`,
      };
    const parsed = this.sources.of(file);
    const node = parsed && nodeAt(parsed, site);
    if (!parsed || !node) return { refused: unreadable(file) };
    const { strict } = site;
    if (node.type !== 'MethodDefinition' && node.type !== 'Property')
      return { text: `(${rewritten(parsed, node, node.start, node.end, edits)})`, form: 'function', strict };
    const value = node.value as Extract<AnyNode, { type: 'FunctionExpression' }>;
    const accessor = node.kind === 'get' || node.kind === 'set' ? `${node.kind} ` : '';
    const head = `${value.async ? 'async ' : ''}${value.generator ? '*' : ''}${accessor}method`;
    return { text: `({${head}${rewritten(parsed, value, value.start, value.end, edits)}})`, form: 'method', strict };
  }
}

/** Where `export`, types or modifiers stand before it, a function begins later in its text than in the table. */
export function nodeAt({ nodes, text }: ParsedSource, { start, end }: FunctionSite): Ranged | undefined {
  const exact = nodes.get(`${start}:${end}`);
  if (exact) return exact;
  const alike = [...nodes.values()].filter((each) => each.end === end && each.start > start);
  return alike.find((each) => /^\s*(export\s+(default\s+)?)?$/.test(text.slice(start, each.start)));
}

function unreadable({ path }: LoadedFile): string {
  return `The code in ${path} cannot be run again: the recording lacks it, or it is no plain JavaScript.`;
}

/** Its constructor, its instances' fields and its private methods; methods and statics are objects of the recording. */
function classCode(parsed: ParsedSource, node: ClassNode, edits: readonly SourceEdit[] = []): FunctionCode {
  const members = node.body.body.filter((member) => {
    if (member.type === 'StaticBlock' || member.static) return false;
    if (member.type === 'PropertyDefinition') return true;
    return member.kind === 'constructor' || member.key.type === 'PrivateIdentifier';
  });
  const body = members.map((member) => rewritten(parsed, member, member.start, member.end, edits)).join('\n');
  const head = `class ${node.id?.name ?? ''}${node.superClass ? ` extends ${SANDBOX_NAMES.superclass}` : ''}`;
  return { text: `(${head} {${body}})`, form: node.superClass ? 'derivedClass' : 'class', strict: true };
}

/** Private names are keys of the sandbox's own: outside their class they would be no syntax. */
function rewritten(
  { text, path: file }: Pick<ParsedSource, 'text' | 'path'>,
  node: AnyNode,
  start: number,
  end: number,
  changes: readonly SourceEdit[] = [],
): string {
  const edits: Pick<SourceEdit, 'from' | 'to' | 'text'>[] = [];
  const key = (name: string): string => `${SANDBOX_NAMES.privateKey}(${JSON.stringify(name)})`;
  eachNode(node, (each) => {
    if (each.type === 'MemberExpression' && each.property.type === 'PrivateIdentifier') {
      const { name, end: to } = each.property;
      edits.push({ from: each.object.end, to, text: `${each.optional ? '?.' : ''}[${key(name)}]` });
    } else if (each.type === 'MemberExpression' && each.object.type === 'MetaProperty' && !each.computed) {
      const known = each.property.type === 'Identifier' ? metaOf(file, each.property.name) : undefined;
      if (known !== undefined) edits.push({ from: each.start, to: each.end, text: JSON.stringify(known) });
    } else if (each.type === 'BinaryExpression' && each.left.type === 'PrivateIdentifier') {
      edits.push({ from: each.left.start, to: each.left.end, text: key(each.left.name) });
    } else if (
      (each.type === 'MethodDefinition' || each.type === 'PropertyDefinition') &&
      each.key.type === 'PrivateIdentifier'
    ) {
      edits.push({ from: each.key.start, to: each.key.end, text: `[${key(each.key.name)}]` });
    }
  });
  edits.push(...changes.filter(({ from, to }) => from >= start && to <= end));
  edits.sort((a, b) => a.from - b.from || b.to - a.to);
  let result = '';
  let at = start;
  for (const edit of edits) {
    if (edit.from < at) continue;
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at, end);
}

/** What `import.meta` of a file says. */
function metaOf(file: string, name: string): string | undefined {
  if (file === '') return undefined;
  if (name === 'url') return pathToFileURL(file).href;
  if (name === 'filename') return file;
  return name === 'dirname' ? path.dirname(file) : undefined;
}

/** An expression or statements that a person typed, private names rewritten; as they are where they do not parse. */
export function typedCode(text: string): string {
  const program = text.includes('#') ? parseAs(text, false) : undefined;
  return program ? rewritten({ text, path: '' }, program, 0, text.length) : text;
}
