/**
 * What a slice depends on before the stretch that was looked at run by run. There the texts tell: statements that ran and,
 * by what they name, may have set what was read (a static slice of what was executed: Agrawal and Horgan 1990, their first
 * approach). It names too much rather than too little, and its cost does not grow with the recording.
 */
import type { AnyNode } from 'acorn';
import type { Ranged } from '../../evaluate/parsed-source.ts';
import type { LoadedFile } from '../../query/activation.ts';
import type { Moment } from '../../query/moments.ts';
import type { Traced } from '../traced.ts';
import { childrenOf, isFunction, keyText, plain } from '../syntax.ts';
import { ANY_PROPERTY, ANYTHING, changesIn, ELEMENTS, HELD_BY, keyChange, namesOf } from './possible-changes.ts';
import type { StatementFacts } from './statement-facts.ts';

export interface EarlierStatement {
  readonly file: LoadedFile;
  readonly op: number;
}

/** What the text of one statement names. */
interface Named {
  /** what it may set, and what it reads (possible-changes.ts) */
  readonly sets: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  /** names of what it calls */
  readonly calls: ReadonlySet<string>;
}

interface Statement extends EarlierStatement {
  readonly facts: StatementFacts;
  readonly named: Named;
}

export class Earlier {
  private readonly found = new Map<number, Statement>();
  private readonly asked = new Set<string>();
  private readonly queue: Statement[] = [];
  private bySite: Map<number, Statement> | undefined;
  private readonly settingAny: Statement[] = [];
  private readonly settingProperties: Statement[] = [];
  private readonly setting = new Map<string, Statement[]>();
  private readonly calling = new Map<string, Statement[]>();
  /** by the name of a function: statements by which it ends */
  private readonly ending = new Map<string, Statement[]>();

  /** `before`: where the stretch begins */
  constructor(
    private readonly traced: Traced,
    private readonly before: Moment,
    private readonly factsOf: (file: LoadedFile) => StatementFacts | undefined,
  ) {}

  get isEmpty(): boolean {
    return this.asked.size === 0;
  }

  /** Something that such a change may have set was read. */
  change(change: string): void {
    if (this.before > 0) this.asked.add(change);
  }

  /** A statement that ran before has a part in it, by its file and op. */
  statement(file: LoadedFile, op: number): void {
    if (this.before > 0) this.asked.add(`statement ${file.base + op}`);
  }

  /** Every statement that may have a part in what was asked for. */
  *all(): Generator<EarlierStatement, void> {
    if (this.isEmpty) return;
    const bySite = (this.bySite ??= this.index());
    for (const each of this.asked) {
      if (each.startsWith('statement ')) this.add(bySite.get(Number(each.slice('statement '.length))));
      else this.addSetting(each);
    }
    for (let next = this.queue.pop(); next; next = this.queue.pop()) this.follow(next);
    yield* this.found.values();
  }

  private add(statement: Statement | undefined): void {
    if (!statement) return;
    const site = statement.file.base + statement.op;
    if (this.found.has(site)) return;
    this.found.set(site, statement);
    this.queue.push(statement);
  }

  private addSetting(change: string): void {
    for (const each of this.setting.get(change) ?? []) this.add(each);
    for (const each of this.settingAny) this.add(each);
    if (!change.startsWith('variable ')) for (const each of this.settingProperties) this.add(each);
    const [, hash, variable] = /^variable (\S+) (\d+)$/.exec(change) ?? [];
    if (hash !== undefined) this.addArguments(hash, Number(variable));
  }

  /** A parameter has what callers of its function passed. */
  private addArguments(hash: string, variable: number): void {
    const file = this.traced.files.find((each) => each.hash === hash);
    const { kind, scope } = file?.table.variables[variable] ?? {};
    if (!file || kind !== 'parameter' || scope === undefined) return;
    this.addCallers(file, file.table.scopes[scope]!.function);
  }

  private addCallers(file: LoadedFile, functionIndex: number): void {
    const facts = this.factsOf(file);
    const { start, end, firstOp } = file.table.functions[functionIndex]!;
    const node = functionIndex > 0 ? facts?.syntax.within(start, end) : undefined;
    if (!facts || !node) return;
    for (const name of namesOf(node, facts.syntax.parentOf(node)))
      for (const each of this.calling.get(name) ?? []) this.add(each);
    const made = facts.stepAroundFunction(firstOp);
    if (made >= 0) this.add(this.bySite!.get(file.base + made));
  }

  private follow({ file, op, facts, named }: Statement): void {
    for (const each of facts.controllersOf(op).ops) this.add(this.bySite!.get(file.base + each));
    this.addCallers(file, file.code.owner[op]!);
    for (const each of named.reads) this.setBy(each);
    for (const name of named.calls) for (const each of this.ending.get(name) ?? []) this.add(each);
  }

  private setBy(change: string): void {
    if (this.asked.has(change)) return;
    this.asked.add(change);
    this.addSetting(change);
  }

  /** The statements that ran before the stretch, by all that one may look for. */
  private index(): Map<number, Statement> {
    const { timeline, files } = this.traced;
    const ran = timeline.sitesBetween(0, this.before);
    const bySite = new Map<number, Statement>();
    for (const file of files) {
      const facts = this.factsOf(file);
      if (!facts) continue;
      file.table.ops.forEach(({ k }, op) => {
        const site = file.base + op;
        if (k !== 'statement' || !ran.has(site)) return;
        const node = facts.nodeOf(op);
        if (!node) return;
        const statement = { file, op, facts, named: namedIn(facts, node) };
        bySite.set(site, statement);
        this.enter(statement, node);
      });
    }
    return bySite;
  }

  private enter(statement: Statement, node: AnyNode): void {
    const { named, facts } = statement;
    // what an arm that it did not take would have set counts as well
    const sets = new Set([...named.sets, ...[...facts.possibleChanges(statement.op)].map(withoutHolder)]);
    for (const change of sets) put(this.setting, change, statement);
    if (sets.has(ANY_PROPERTY)) this.settingProperties.push(statement);
    if (sets.has(ANYTHING)) this.settingAny.push(statement);
    for (const name of named.calls) put(this.calling, name, statement);
    const around = facts.syntax.functionAround(node);
    if (!around || (node.type !== 'ReturnStatement' && facts.syntax.parentOf(node) !== around)) return;
    for (const name of namesOf(around, facts.syntax.parentOf(around))) put(this.ending, name, statement);
  }
}

function put<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

/** Without the statements and functions inside of it. */
function namedIn(facts: StatementFacts, root: AnyNode): Named {
  const isOther = (node: AnyNode): boolean => node !== root && facts.isStep(node);
  const { changes, calls } = changesIn(facts.file, root, isOther);
  const sets = new Set([...changes].map(withoutHolder));
  const reads = new Set<string>();
  const visit = (node: AnyNode, parent: AnyNode | undefined): void => {
    if (isOther(node)) return;
    if (node.type === 'Identifier' && !isKeyOf(node, parent)) {
      const variable = facts.variableOf(node);
      if (variable >= 0) reads.add(facts.changeOf(variable));
    }
    if (node.type === 'MemberExpression') {
      const key = keyText(node.property, node.computed);
      reads.add(key === undefined ? ELEMENTS : keyChange(key));
    }
    if (node.type === 'SpreadElement' || node.type === 'ForOfStatement') reads.add(ELEMENTS);
    if (node.type === 'Property') {
      const key = keyText(node.key, node.computed);
      if (key !== undefined) (parent?.type === 'ObjectPattern' ? reads : sets).add(keyChange(key));
    }
    if (node.type === 'ArrayExpression') sets.add(ELEMENTS);
    // what is in a function counts where that runs
    if (isFunction(node) && node !== root) return;
    for (const each of childrenOf(node as Ranged)) visit(each, node);
  };
  visit(root, undefined);
  return { sets, reads, calls: new Set([...calls].map((name) => name.slice(1))) };
}

function isKeyOf(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent?.type === 'Property') return parent.key === node && !parent.computed && plain(parent.value) !== node;
  return false;
}

function withoutHolder(change: string): string {
  const at = change.indexOf(`${HELD_BY}[`);
  return at < 0 ? change : change.slice(0, at);
}
