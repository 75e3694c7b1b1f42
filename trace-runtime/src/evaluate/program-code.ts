/** The program's functions as text that the sandbox can compile: one function, method or class at a time. */
import { parse, type AnyNode, type Program } from 'acorn';
import nodeModule from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionSite } from '../model/sites.ts';
import type { LoadedFile } from '../query/activation.ts';
import { SANDBOX_NAMES } from './sandbox-names.ts';

/** `text` is an expression: the function; for methods and accessors an object that has it as its one property. */
export interface FunctionCode {
  readonly text: string;
  readonly form: 'function' | 'method' | 'class' | 'derivedClass';
  readonly strict: boolean;
}

export type Code = FunctionCode | { readonly refused: string };

type Ranged = AnyNode & { readonly start: number; readonly end: number };
type ClassNode = Extract<AnyNode, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** A source's functions and classes by where they stand. */
interface Parsed {
  readonly path: string;
  readonly text: string;
  readonly nodes: ReadonlyMap<string, Ranged>;
  /** innermost last, where several begin at one place */
  readonly classes: readonly ClassNode[];
}

export class ProgramCode {
  private readonly parsed = new Map<string, Parsed | undefined>();
  private readonly codes = new Map<string, Code>();

  constructor(private readonly source: (hash: string) => string | undefined) {}

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
      const parsed = file.table.level === 'steps' ? this.parse(file) : undefined;
      const node = parsed?.classes.findLast((each) => each.start <= offset && each.end >= offset);
      this.codes.set(key, (code = parsed && node ? classCode(parsed, node) : { refused: unreadable(file) }));
    }
    return code;
  }

  private find(file: LoadedFile, functionIndex: number): Code {
    const site = file.table.functions[functionIndex];
    if (site === undefined || functionIndex === 0) return { refused: 'A file is not run again.' };
    if (file.table.level !== 'steps')
      return {
        refused: `${site.name || 'A function'} is in ${file.path}, of which only changes of objects are recorded.`,
      };
    const parsed = this.parse(file);
    const node = parsed && nodeAt(parsed, site);
    if (!parsed || !node) return { refused: unreadable(file) };
    const { strict } = site;
    if (node.type !== 'MethodDefinition' && node.type !== 'Property')
      return { text: `(${rewritten(parsed, node, node.start, node.end)})`, form: 'function', strict };
    const value = node.value as Extract<AnyNode, { type: 'FunctionExpression' }>;
    const accessor = node.kind === 'get' || node.kind === 'set' ? `${node.kind} ` : '';
    const head = `${value.async ? 'async ' : ''}${value.generator ? '*' : ''}${accessor}method`;
    return { text: `({${head}${rewritten(parsed, value, value.start, value.end)}})`, form: 'method', strict };
  }

  private parse(file: LoadedFile): Parsed | undefined {
    const { hash, table } = file;
    if (!this.parsed.has(hash)) {
      const source = this.source(hash);
      const isModule = table.imports !== undefined;
      const parse = (text: string | undefined) =>
        text === undefined ? undefined : parseFile(file.path, text, isModule);
      // Node takes types out of what it loads; the recording has the source as it was written
      this.parsed.set(hash, parse(source) ?? (source === undefined ? undefined : parse(withoutTypes(source))));
    }
    return this.parsed.get(hash);
  }
}

/** Where types or modifiers stood before it, a function begins later in its text than in the source. */
function nodeAt({ nodes, text }: Parsed, { start, end }: FunctionSite): Ranged | undefined {
  const exact = nodes.get(`${start}:${end}`);
  if (exact) return exact;
  const alike = [...nodes.values()].filter((each) => each.end === end && each.start > start);
  return alike.find((each) => text.slice(start, each.start).trim() === '');
}

function unreadable({ path }: LoadedFile): string {
  return `The code in ${path} cannot be run again: the recording lacks it, or it is no plain JavaScript.`;
}

/** With spaces where types were; undefined where this Node cannot, or the source has more than types. */
function withoutTypes(source: string): string | undefined {
  const strip = (nodeModule as unknown as { stripTypeScriptTypes?: (code: string) => string }).stripTypeScriptTypes;
  const { emitWarning } = process;
  try {
    // it is experimental, and would say so into the client's output
    process.emitWarning = () => undefined;
    return strip?.(source);
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function parseFile(file: string, text: string, isModule: boolean): Parsed | undefined {
  const program = parseAs(text, isModule) ?? parseAs(text, !isModule);
  if (!program) return undefined;
  const nodes = new Map<string, Ranged>();
  const classes: ClassNode[] = [];
  eachNode(program, (node) => {
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') classes.push(node);
    else if (/Function|^MethodDefinition$|^Property$/.test(node.type)) {
      const key = `${node.start}:${node.end}`;
      // a property of short form has the range of its value
      if (!nodes.has(key) || /Function/.test(node.type)) nodes.set(key, node);
    }
  });
  return { path: file, text, nodes, classes };
}

function parseAs(text: string, isModule: boolean): Program | undefined {
  try {
    return parse(text, {
      ecmaVersion: 'latest',
      sourceType: isModule ? 'module' : 'script',
      allowReturnOutsideFunction: !isModule,
      allowHashBang: true,
      checkPrivateFields: false,
    });
  } catch {
    return undefined;
  }
}

function eachNode(node: unknown, visit: (node: Ranged) => void): void {
  const queue: unknown[] = [node];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (typeof (next as Ranged).type === 'string') visit(next as Ranged);
    for (const child of Object.values(next as object).reverse()) {
      if (Array.isArray(child)) for (const each of child.toReversed()) if (isNode(each)) queue.push(each);
      if (isNode(child)) queue.push(child);
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Its constructor, its instances' fields and its private methods; methods and statics are objects of the recording. */
function classCode(parsed: Parsed, node: ClassNode): FunctionCode {
  const members = node.body.body.filter((member) => {
    if (member.type === 'StaticBlock' || member.static) return false;
    if (member.type === 'PropertyDefinition') return true;
    return member.kind === 'constructor' || member.key.type === 'PrivateIdentifier';
  });
  const body = members.map((member) => rewritten(parsed, member, member.start, member.end)).join('\n');
  const head = `class ${node.id?.name ?? ''}${node.superClass ? ` extends ${SANDBOX_NAMES.superclass}` : ''}`;
  return { text: `(${head} {${body}})`, form: node.superClass ? 'derivedClass' : 'class', strict: true };
}

/** Private names are keys of the sandbox's own: outside their class they would be no syntax. */
function rewritten(
  { text, path: file }: Pick<Parsed, 'text' | 'path'>,
  node: AnyNode,
  start: number,
  end: number,
): string {
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = [];
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
  edits.sort((a, b) => a.from - b.from);
  let result = '';
  let at = start;
  for (const edit of edits) {
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
