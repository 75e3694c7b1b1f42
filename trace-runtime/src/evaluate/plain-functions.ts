/**
 * Functions of the program that only compute: they name what they compute from, decide and return, and change nothing. They
 * can be told from their text, without running any code.
 */
import type { AnyNode, Statement, VariableDeclaration } from 'acorn';
import type { LoadedFile, ScopeInstance } from '../query/activation.ts';
import type { FunctionSite } from '../model/sites.ts';
import { lexicalThis } from '../query/derive.ts';
import type { StreamState } from '../query/stream-state.ts';
import { ObjectKind } from '../wire/words.ts';
import { ObjectValue, opaque } from '../query/values.ts';
import { Closures, isClass } from './closures.ts';
import { needsCode, type Item } from './expression-values.ts';
import type { ParsedSources } from './parsed-source.ts';
import { nodeAt } from './program-code.ts';

export type Parameter = AnyNode;

/** A function's text, of which each statement computes, decides, names or returns. */
export interface PlainFunction {
  readonly parameters: readonly Parameter[];
  /** an expression, or statements */
  readonly body: AnyNode;
  readonly isArrow: boolean;
  /** of a function expression that has one */
  readonly ownName: string | undefined;
}

/** A plain function with what it sees. */
export interface PlainCall {
  readonly code: PlainFunction;
  readonly scope: ScopeInstance;
  readonly self: Item;
  readonly strict: boolean;
}

export class PlainFunctions {
  private readonly closures: Closures;
  private readonly known = new Map<string, PlainFunction | undefined>();

  constructor(
    private readonly state: StreamState,
    private readonly sources: ParsedSources,
  ) {
    this.closures = new Closures(state);
  }

  /** Throws where its code would have to run. */
  of(callee: ObjectValue, self: Item): PlainCall {
    const held = this.state.heap.get(callee);
    if (held?.kind !== ObjectKind.function || isClass(held)) throw needsCode();
    const at = this.closures.place(held);
    const site = at?.file.table.functions[at.functionIndex];
    const code = at && site && at.functionIndex > 0 ? this.codeOf(at.file, at.functionIndex, site) : undefined;
    const scope = code && this.closures.scopeOf(held, at!);
    if (!code || !scope) throw needsCode();
    return { code, scope, self: code.isArrow ? lexicalThis(scope) : self, strict: site!.strict };
  }

  private codeOf(file: LoadedFile, functionIndex: number, site: FunctionSite): PlainFunction | undefined {
    const key = `${file.hash} ${functionIndex}`;
    if (!this.known.has(key)) {
      const parsed = file.table.level === 'steps' ? this.sources.of(file) : undefined;
      const node = parsed && nodeAt(parsed, site);
      this.known.set(key, node && plainFunction(node));
    }
    return this.known.get(key);
  }
}

/** undefined where the function does more than compute */
export function plainFunction(node: AnyNode): PlainFunction | undefined {
  if (node.type === 'MethodDefinition' || node.type === 'Property')
    return node.kind === 'constructor' ? undefined : plainFunction(node.value);
  const isArrow = node.type === 'ArrowFunctionExpression';
  if (!isArrow && node.type !== 'FunctionExpression' && node.type !== 'FunctionDeclaration') return undefined;
  if (node.async || node.generator || !node.params.every(isPlainPattern)) return undefined;
  if (node.body.type === 'BlockStatement' && !node.body.body.every(isPlain)) return undefined;
  const ownName = node.type === 'FunctionExpression' ? node.id?.name : undefined;
  return { parameters: node.params, body: node.body, isArrow, ownName };
}

/** A name, `[name, name]` or `{name, other: name}`, with values for what is undefined. */
function isPlainPattern(node: AnyNode): boolean {
  if (node.type === 'Identifier') return true;
  if (node.type === 'AssignmentPattern') return isPlainPattern(node.left);
  if (node.type === 'ArrayPattern') return node.elements.every((each) => each !== null && isPlainPattern(each));
  if (node.type !== 'ObjectPattern') return false;
  return node.properties.every(
    (each) =>
      each.type === 'Property' && !each.computed && each.key.type === 'Identifier' && isPlainPattern(each.value),
  );
}

function isPlain(node: Statement): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'EmptyStatement':
      return true;
    case 'IfStatement':
      return isPlain(node.consequent) && (!node.alternate || isPlain(node.alternate));
    case 'BlockStatement':
      return node.body.every(isPlain);
    case 'VariableDeclaration':
      return isPlainDeclaration(node);
    case 'ExpressionStatement':
      return true;
    case 'BreakStatement':
    case 'ContinueStatement':
      return !node.label;
    case 'WhileStatement':
    case 'DoWhileStatement':
      return isPlain(node.body);
    case 'ForStatement':
      return (node.init?.type !== 'VariableDeclaration' || isPlainDeclaration(node.init)) && isPlain(node.body);
    case 'ForOfStatement':
      return (node.left.type !== 'VariableDeclaration' || isPlainDeclaration(node.left)) && isPlain(node.body);
    case 'SwitchStatement':
      return node.cases.every(({ consequent }) => consequent.every(isPlain));
    default:
      return false;
  }
}

function isPlainDeclaration({ kind, declarations }: VariableDeclaration): boolean {
  return /^(?:var|let|const)$/.test(kind) && declarations.every(({ id }) => isPlainPattern(id));
}

/** `this` of a call that is not strict is an object. */
export function selfOf({ code, self, strict }: PlainCall): Item {
  if (!code.isArrow && !strict && !(self instanceof ObjectValue)) throw needsCode();
  if (self === opaque) throw needsCode();
  return self;
}
