/** The recording's sources as syntax trees, at the offsets of the sources as they were written. */
import { parse, type AnyNode, type Program } from 'acorn';
import nodeModule from 'node:module';
import type { LoadedFile } from '../query/activation.ts';
import type { OriginalText } from '../query/original-text.ts';

export type Ranged = AnyNode & { readonly start: number; readonly end: number };
export type ClassNode = Extract<AnyNode, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** A source's functions and classes by where they stand. */
export interface ParsedSource {
  readonly path: string;
  /** with spaces where types were */
  readonly text: string;
  readonly program: Program;
  readonly nodes: ReadonlyMap<string, Ranged>;
  /** innermost last, where several begin at one place */
  readonly classes: readonly ClassNode[];
  /** of what was made from other sources */
  readonly original: OriginalText | undefined;
}

/** Parses each source once. */
export class ParsedSources {
  private readonly parsed = new Map<string, ParsedSource | undefined>();

  /** `original`: what files were made from, where texts are shown to people */
  constructor(
    private readonly source: (hash: string) => string | undefined,
    private readonly original: (file: LoadedFile) => OriginalText | undefined = () => undefined,
  ) {}

  /** The source as it was written. */
  text({ hash }: LoadedFile): string | undefined {
    return this.source(hash);
  }

  /** undefined where the recording lacks the source, or it is no plain JavaScript */
  of(file: LoadedFile): ParsedSource | undefined {
    const { hash, path, table } = file;
    if (!this.parsed.has(hash)) {
      const source = this.source(hash);
      const isModule = table.imports !== undefined;
      const parsed = (text: string | undefined): ParsedSource | undefined => {
        const found = text === undefined ? undefined : parseFile(path, text, isModule);
        return found && { ...found, original: this.original(file) };
      };
      // Node takes types out of what it loads; the recording has the source as it was written
      this.parsed.set(hash, parsed(source) ?? (source === undefined ? undefined : parsed(withoutTypes(source))));
    }
    return this.parsed.get(hash);
  }
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

function parseFile(file: string, text: string, isModule: boolean): Omit<ParsedSource, 'original'> | undefined {
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
  return { path: file, text, program, nodes, classes };
}

export function parseAs(text: string, isModule: boolean): Program | undefined {
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

/** The nodes of a tree, each before those in it; in the order of the text. */
export function eachNode(node: unknown, visit: (node: Ranged) => void): void {
  const queue: unknown[] = [node];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (typeof (next as Ranged).type === 'string') visit(next as Ranged);
    for (const child of Object.values(next as object).reverse()) {
      if (Array.isArray(child)) for (const each of child.toReversed()) if (isNode(each)) queue.push(each);
      if (isNode(child)) queue.push(child);
    }
  }
}

export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
