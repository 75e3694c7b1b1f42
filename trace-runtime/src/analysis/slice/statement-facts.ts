/** What a file's text says of its statements: which others decide whether they run, and what arms not taken might change. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../../query/activation.ts';
import { exitsIn, statementsOf } from '../control.ts';
import { stepsOf } from '../run.ts';
import { isFunction, variableAt, type Syntax } from '../syntax.ts';
import { ANYTHING, variableChange, type Changes } from './possible-changes.ts';

export interface Controllers {
  /** ops of statements and conditions; of each the last run before counts */
  readonly ops: readonly number[];
  /** it stands in a `catch` clause */
  readonly afterThrow: boolean;
}

export class StatementFacts {
  private readonly steps: ReadonlyMap<AnyNode, number>;
  private readonly owners = new Map<number, number>();
  private readonly controllers = new Map<number, Controllers>();
  private readonly choices = new Map<number, boolean>();
  private readonly possible = new Map<number, ReadonlySet<string>>();
  private readonly nodes = new Map<number, AnyNode | undefined>();
  private readonly variables = new Map<AnyNode, number>();
  private readonly changeNames: string[] = [];

  constructor(
    readonly file: LoadedFile,
    readonly syntax: Syntax,
    private readonly changes: Changes,
  ) {
    this.steps = stepsOf(file, syntax);
  }

  nodeOf(op: number): AnyNode | undefined {
    const known = this.nodes.get(op);
    if (known !== undefined || this.nodes.has(op)) return known;
    const { code } = this.file;
    const node = this.syntax.within(code.start[op]!, code.end[op]!);
    this.nodes.set(op, node);
    return node;
  }

  /** Whether a node is a statement or a condition that runs as a step of its own. */
  isStep(node: AnyNode): boolean {
    const step = this.steps.get(node);
    return step !== undefined && this.file.table.ops[step]!.k === 'statement';
  }

  /** The variable that a name in the text means; -1: a global. */
  variableOf(node: AnyNode & { readonly name: string; readonly start?: number }): number {
    let variable = this.variables.get(node);
    if (variable === undefined)
      this.variables.set(node, (variable = variableAt(this.file.table, node.name, node.start ?? 0)));
    return variable;
  }

  /** What a change of the variable is called (possible-changes.ts). */
  changeOf(variable: number): string {
    return (this.changeNames[variable] ??= variableChange(this.file, variable));
  }

  /** The statement or condition whose evaluation an op is part of; -1: the function's own beginning. */
  stepOfOp(op: number): number {
    let step = this.owners.get(op);
    if (step === undefined) {
      const node = this.file.code.start[op]! < 0 ? undefined : this.nodeOf(op);
      this.owners.set(op, (step = node ? this.stepOf(node) : -1));
    }
    return step;
  }

  /** The statement in which the function is made that begins with the op. */
  stepAroundFunction(op: number): number {
    const { functionIndex, site } = this.functionOf(op);
    const node = functionIndex > 0 ? this.syntax.within(site.start, site.end) : undefined;
    const parent = node && this.syntax.parentOf(node);
    return parent ? this.stepOf(parent) : -1;
  }

  private functionOf(op: number) {
    const functionIndex = this.file.code.owner[op]!;
    return { functionIndex, site: this.file.table.functions[functionIndex]! };
  }

  private stepOf(node: AnyNode): number {
    for (const at of [node, ...this.syntax.around(node)]) {
      const step = this.steps.get(at);
      if (step !== undefined && this.file.table.ops[step]!.k === 'statement') return step;
      if (isFunction(at) && at !== node) return -1;
    }
    return -1;
  }

  /** What decided that the statement runs, within its function. */
  controllersOf(op: number): Controllers {
    let known = this.controllers.get(op);
    if (!known) this.controllers.set(op, (known = this.findControllers(op)));
    return known;
  }

  private findControllers(op: number): Controllers {
    const { syntax } = this;
    const node = this.nodeOf(op);
    const ops = new Set<number>();
    let afterThrow = false;
    let inner = node;
    for (const at of node ? syntax.around(node) : []) {
      const list = statementsOf(at);
      for (const each of list.slice(0, Math.max(0, list.indexOf(inner!)))) this.addExits(each, each, ops);
      switch (at.type) {
        case 'IfStatement':
          if (inner !== at.test) this.addStep(at, ops);
          break;
        case 'SwitchStatement':
          this.addStep(at, ops);
          break;
        case 'WhileStatement':
        case 'DoWhileStatement':
        case 'ForStatement':
          if (at.type === 'ForStatement' && inner === at.init) break;
          this.addStep(at.test ?? at, ops);
          this.addExits(at.body, at.body, ops);
          break;
        case 'ForOfStatement':
        case 'ForInStatement':
          if (inner !== at.body) break;
          this.addStep(at, ops);
          this.addExits(at.body, at.body, ops);
          break;
        case 'CatchClause':
          afterThrow = true;
          break;
        default:
      }
      if (isFunction(at)) break;
      inner = at;
    }
    return { ops: [...ops], afterThrow };
  }

  private addStep(node: AnyNode, ops: Set<number>): void {
    const step = this.stepOf(node);
    if (step >= 0) ops.add(step);
  }

  /** The conditions around statements that leave `outer`. */
  private addExits(node: AnyNode, outer: AnyNode, ops: Set<number>): void {
    for (const exit of exitsIn(this.syntax, node))
      for (const around of this.syntax.around(exit)) {
        if (/^(If|While|DoWhile|For|ForOf|ForIn|Switch)Statement$/.test(around.type)) {
          const test = 'test' in around && around.type !== 'IfStatement' ? around.test : undefined;
          this.addStep((test as AnyNode | null | undefined) ?? around, ops);
        }
        if (around === outer) break;
      }
  }

  /** What may change where an arm of the statement, or a part of it that may be left out, runs. */
  possibleChanges(op: number): ReadonlySet<string> {
    let known = this.possible.get(op);
    if (!known) this.possible.set(op, (known = this.findPossible(op)));
    return known;
  }

  private findPossible(op: number): ReadonlySet<string> {
    const node = this.nodeOf(op);
    if (!node) return new Set();
    const parent = this.syntax.parentOf(node);
    const isTest = parent !== undefined && 'test' in parent && parent.test === node && 'body' in parent;
    const whole = isTest ? parent : node;
    const isBranch = /^(If|While|DoWhile|For|ForOf|ForIn|Switch)Statement$/.test(whole.type) || this.hasChoice(op);
    const found = new Set(isBranch ? this.changes.of(this.file, whole) : []);
    // where it throws, the rest of the block is left out, and the `catch` clause runs
    if ([...this.syntax.inside(whole)].some(mayThrow)) for (const each of this.caughtAround(whole)) found.add(each);
    if (!isBranch) return found;
    // where it does not leave, what it left out runs, too
    for (const exit of exitsIn(this.syntax, whole)) for (const each of this.leftOutBy(exit)) found.add(each);
    return found;
  }

  /** What the `try` statement changes in whose block a node stands. */
  private caughtAround(node: AnyNode): ReadonlySet<string> {
    let inner = node;
    for (const around of this.syntax.around(node)) {
      if (around.type === 'TryStatement' && around.handler && inner === around.block)
        return this.changes.of(this.file, around);
      if (isFunction(around)) break;
      inner = around;
    }
    return new Set();
  }

  private leftOutBy(exit: AnyNode): ReadonlySet<string> {
    const isWithin = exit.type === 'BreakStatement' || exit.type === 'ContinueStatement';
    for (const around of this.syntax.around(exit)) {
      if (isFunction(around) || around.type === 'Program') {
        if (exit.type === 'ThrowStatement' && this.changes.hasCatch) return new Set([ANYTHING]);
        return this.changes.of(this.file, around);
      }
      const isLoop = /^(While|DoWhile|For|ForOf|ForIn|Switch|Labeled)Statement$/.test(around.type);
      const isCaught = exit.type === 'ThrowStatement' && around.type === 'TryStatement';
      if ((isWithin && isLoop && !('label' in exit && exit.label)) || isCaught)
        return this.changes.of(this.file, around);
    }
    return new Set();
  }

  /** Whether parts of the statement itself may be left out. */
  hasChoice(op: number): boolean {
    let known = this.choices.get(op);
    if (known === undefined) {
      const node = this.nodeOf(op);
      known =
        node !== undefined &&
        !/^(If|Switch|For|ForOf|ForIn)Statement$/.test(node.type) &&
        [...this.syntax.inside(node)].some(isChoice);
      this.choices.set(op, known);
    }
    return known;
  }
}

function mayThrow({ type }: AnyNode): boolean {
  return /^(?:Member|Call|New|TaggedTemplate|Await)Expression$|^(?:Object|Array)Pattern$/.test(type);
}

function isChoice(node: AnyNode): boolean {
  return (
    /^(Conditional|Logical)Expression$|^AssignmentPattern$/.test(node.type) || ('optional' in node && node.optional)
  );
}
