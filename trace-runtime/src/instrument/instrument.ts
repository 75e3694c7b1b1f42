import { createHash } from 'node:crypto';
import { ts } from 'ts-morph';
import { SITE_TABLE_VERSION, type FunctionSite, type Op, type SiteTable } from '../model/sites.ts';
import { type Goal, NODE_TEST_MARK } from '../model/instrument-cache.ts';
import { bind } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import { FLOW_VERSION, hashVariable, lightExit, lightPrologue, rolled } from './flow-text.ts';
import { Emitter, environmentName, FunctionContext } from './emitter.ts';
import { emitQuietly } from './expressions.ts';
import { firstReads } from './first-reads.ts';
import { knowsThis, resumeText } from './functions.ts';
import { exportsOf, importsOf, isLink } from './module-links.ts';
import { Rules } from './rules.ts';
import { markStackLimit } from './stack-limit.ts';
import { disposes, isAwaited } from './disposals.ts';
import { afterDirectives, emitStatements } from './statements.ts';
import { instrumentText, instrumentWrites } from './writes.ts';

export interface InstrumentOptions {
  readonly fileName: string;
  /** steps: everything; writes: only mutations of objects, for dependencies */
  readonly level: 'steps' | 'writes';
  readonly goal: Goal;
  /** the table's hash; the cache key of the caller */
  readonly hash?: string;
}

export interface Instrumented {
  /** source with hooks; op words are U+0001 and nine hex digits, see wire/words.ts */
  readonly code: string;
  /** flat triples: line (from 0), original column, inserted length; sorted. Behind them those of first-reads.ts. */
  readonly edits: readonly number[];
  /** code and edits of level light; the table is the same */
  readonly light: { readonly code: string; readonly edits: readonly number[] };
  readonly table: SiteTable;
}

/** Prefix of every name that instrumented code uses; a source that has it already is refused. */
export const HOOK_PREFIX = '__hc';

/** What TypeScript's parser rejects and sloppy mode allows: octal literals and escapes, with, delete of a name, duplicate keys. */
const SLOPPY_MODE: ReadonlySet<number> = new Set([
  1085, 1100, 1101, 1102, 1117, 1121, 1210, 1215, 1250, 1251, 1252, 1487, 1488, 1489,
]);

/** A source that cannot be instrumented: it does not parse, or it is instrumented already. */
export class NotInstrumentable extends Error {}

export function instrument(source: string, options: InstrumentOptions): Instrumented {
  if (source.includes(HOOK_PREFIX))
    throw new NotInstrumentable(`${options.fileName} uses names that begin with ${HOOK_PREFIX}`);
  const file = parse(source, options);
  const goal = options.goal === 'text' ? 'script' : options.goal;
  const bindings = bind(file, goal);
  const rules = new Rules(bindings, (node) => knowsThis(bindings.usesThis, node, goal !== 'script'));
  const e = new Emitter(file, goal, bindings, rules);
  if (options.goal === 'text') instrumentText(e);
  else if (options.level === 'writes') instrumentWrites(e);
  else emitFile(e);
  if (source.includes('node:test')) markNodeTest(e, file);
  markStackLimit(e);
  return finish(e, options);
}

/** Tells the file apart from others in the control-flow hash. The same for every build of Hindcast. */
function flowKey(source: string, { level, goal }: InstrumentOptions): number {
  return createHash('sha256').update(`${FLOW_VERSION} ${level} ${goal}\n${source}`).digest().readInt32LE();
}

function markAsModule(file: ts.SourceFile): void {
  (file as { externalModuleIndicator?: unknown }).externalModuleIndicator = true;
}

function parse(source: string, { fileName, goal }: InstrumentOptions): ts.SourceFile {
  const typescript = /\.[cm]?tsx?$/.test(fileName);
  const kind = typescript ? (fileName.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS) : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(
    fileName,
    source,
    {
      languageVersion: ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
      // else a module without imports and exports has no `await` at its top
      ...(goal === 'module' && { setExternalModuleIndicator: markAsModule }),
    },
    true,
    kind,
  );
  const problems =
    (file as unknown as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
  const fatal = problems.find(
    (p) => p.category === ts.DiagnosticCategory.Error && p.code < 8000 && !SLOPPY_MODE.has(p.code),
  );
  if (fatal) {
    const { line } = file.getLineAndCharacterOfPosition(fatal.start);
    throw new NotInstrumentable(`line ${line + 1}: ${ts.flattenDiagnosticMessageText(fatal.messageText, ' ')}`);
  }
  return file;
}

/** The loader hands out node:test in its own way. */
function markNodeTest(e: Emitter, node: ts.Node): void {
  const name = ts.isImportDeclaration(node)
    ? node.moduleSpecifier
    : ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require'
      ? node.arguments[0]
      : undefined;
  if (name && ts.isStringLiteral(name) && name.text === 'node:test')
    for (const edits of [e.edits, e.light]) edits.insert(e.start(name), NODE_TEST_MARK);
  ts.forEachChild(node, (child) => markNodeTest(e, child));
}

function emitFile(e: Emitter): void {
  const { file } = e;
  const suspendable = e.goal === 'module' && awaitsAtTop(file);
  const c = new FunctionContext(0, file, suspendable);
  c.protect = false;
  c.rolls = !suspendable;
  const site: Omit<FunctionSite, 'firstOp' | 'endOp'> = {
    name: '',
    kind: 'module',
    async: suspendable,
    generator: false,
    strict: e.goal === 'module',
    start: 0,
    end: e.source.length,
    parent: -1,
    scope: 0,
    outer: -1,
    parameters: [],
    length: 0,
  };
  e.functions.push({ site, context: c });
  const entry = c.push(
    {
      k: 'enter',
      function: 0,
      outerEnvironment: false,
      environment: suspendable,
      this: e.goal !== 'script',
      newTarget: false,
      parameters: [],
      arguments: false,
      start: 0,
      end: 0,
    },
    true,
  );
  if (e.goal === 'script') {
    c.hasTemps = false;
    emitQuietly(e, c, file);
    c.push({ k: 'exit', start: e.source.length, end: e.source.length });
    return;
  }
  const { position: first, statements } = afterDirectives(file.statements, afterShebang(e.source));
  const position = behindLinks(e, statements, first);
  const prologue = e.edits.reserve(position);
  const light = e.light.reserve(position);
  if (e.goal === 'module') emitImports(e, c, position);
  const exit: OpRef = { index: 0, flow: false, op: { k: 'exit', start: e.source.length, end: e.source.length } };
  const exits = disposes(statements) ? [e.edits, e.light].map((edits) => edits.reserve(position)) : undefined;
  emitStatements(e, c, statements, position);
  c.add(exit);
  const root = e.bindings.scopes[0];
  const environment = suspendable && root ? environmentName(root) : undefined;
  prologue.push(
    ';',
    environment ? `const ${environment}=__hcI();` : '',
    environment ? 'let __hcc=__hcE2(' : 'let __hcc=__hcE1(',
    { word: entry },
    environment ? `,${environment}` : '',
    ',this),__hcd=0',
    suspendable ? ',__hcs=0' : '',
    Array.from({ length: c.maxTemps }, (_, i) => `,__hct${i + 1}`).join(''),
    ...hashVariable(c, entry),
    ';__hcA[2]=',
    { index: entry },
    ';',
    ...(suspendable ? rolled(c, entry) : []),
  );
  // A last line comment must not swallow the exit hook.
  const last = file.statements.at(-1)?.getEnd() ?? position;
  const resume = suspendable && root ? resumeText(root) : '';
  const end = Math.max(last, position);
  const leave: Piece[] = ['__hcZ(', { word: exit }, suspendable ? ',__hcc);' : ',__hcc);__hck(__hch);'];
  light.push(';', ...lightPrologue(c, entry, false));
  e.edits.insert(end, `;${resume}__hcd=1;`);
  if (exits === undefined) {
    e.edits.insert(end, ...leave);
    e.light.insert(end, ';', ...lightExit(c, entry));
    return;
  }
  // the file's end disposes of something
  const open = ';using __hcge=__hcUD(()=>{';
  exits[0]!.push(open, 'if(__hcd===1){', ...leave, '}});');
  exits[1]!.push(open, ...lightExit(c, entry), '});');
}

/** What the imports hold as the body begins; in a cycle some have no value yet. */
function emitImports(e: Emitter, c: FunctionContext, position: number): void {
  for (const { bound } of importsOf(e.file, e.bindings)) {
    const { index: variable, start, end } = bound;
    const ref = c.push({
      k: 'write',
      variable,
      value: { from: 'logged' },
      elided: false,
      guarded: false,
      start,
      end,
    });
    e.edits.insert(position, 'try{__hc1(', { word: ref }, `,${bound.name})}catch{}`);
  }
}

/**
 * Where a module's body begins: behind the imports and exports at its beginning, whose lines Node shows as they are where a module
 * does not have what is imported. `first` where they share a line with the body.
 */
function behindLinks({ file, source }: Emitter, statements: readonly ts.Statement[], first: number): number {
  const body = statements.findIndex((statement) => !isLink(statement));
  const links = body < 0 ? statements : statements.slice(0, body);
  const last = links.at(-1);
  if (!last) return first;
  const begin = body < 0 ? source.length : statements[body]!.getStart(file);
  return source.slice(last.getEnd(), begin).includes('\n') && (body >= 0 || source.endsWith('\n')) ? begin : first;
}

function afterShebang(source: string): number {
  if (!source.startsWith('#!')) return 0;
  const line = source.indexOf('\n');
  return line < 0 ? source.length : line + 1;
}

function linksOf({ file, bindings }: Emitter): Pick<SiteTable, 'imports' | 'exports'> {
  const imports = importsOf(file, bindings);
  return {
    imports: imports.map(({ variable, specifier, imported }) => ({ variable, specifier, imported })),
    exports: exportsOf(file, bindings),
  };
}

function awaitsAtTop(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  if (ts.isVariableDeclarationList(node) && isAwaited(node)) return true;
  if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) return false;
  return ts.forEachChild(node, (child) => awaitsAtTop(child) || undefined) ?? false;
}

function finish(e: Emitter, options: InstrumentOptions): Instrumented {
  const ops: Op[] = [{ k: 'none' }];
  const take = (ref: OpRef): void => {
    ref.index = ops.length;
    ops.push(ref.op);
  };
  const functions: FunctionSite[] = e.functions.map(({ site, context }) => {
    const firstOp = ops.length;
    context.ops.forEach(take);
    return { ...site, firstOp, endOp: ops.length };
  });
  e.detached.forEach(take);
  for (const { context } of e.functions) {
    for (const { ref, field, label } of context.fixups)
      (ref.op as { to?: number; else?: number })[field] = label.target?.index ?? 0;
  }
  const indexOf = new Map(e.functions.map(({ context }, i) => [context.node, i]));
  for (const { ref, node } of e.closures) (ref.op as { function: number }).function = indexOf.get(node) ?? -1;
  const key = flowKey(e.source, options);
  const { code, edits } = e.edits.render(e.source, e.file.getLineStarts(), key);
  const light = e.light.render(e.source, e.file.getLineStarts(), key);
  const moved = edits.length > 0 ? firstReads(e) : [];
  const { scopes, variables } = e.bindings;
  const ownerIndex = (node: ts.Node): number => {
    for (let at: ts.Node | undefined = node; at; at = at.parent) {
      const index = indexOf.get(at);
      if (index !== undefined) return index;
    }
    return 0;
  };
  return {
    code,
    edits: [...edits, ...moved],
    light: { code: light.code, edits: [...light.edits, ...moved] },
    table: {
      version: SITE_TABLE_VERSION,
      language: /\.[cm]?tsx?$/.test(options.fileName) ? 'typescript' : 'javascript',
      hash: options.hash ?? '',
      level: options.level,
      functions,
      scopes: scopes.map((s) => ({
        kind: s.kind,
        function: ownerIndex(s.owner),
        parent: s.parent?.index ?? -1,
        start: (s.kind === 'switch' ? s.node.parent : s.node).getStart(e.file),
        end: s.node.getEnd(),
        captured: s.captured,
        variables: [...s.names.values()].map((v) => v.index),
      })),
      variables: variables.map((v) => ({ name: v.name, scope: v.scope.index, kind: v.kind, start: v.start })),
      ops,
      degraded: e.degraded,
      ...(options.goal === 'module' && options.level === 'steps' && linksOf(e)),
    },
  };
}
