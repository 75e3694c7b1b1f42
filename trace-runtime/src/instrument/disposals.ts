/**
 * `using` and `await using`: what a block disposes of at its end, however it is left. No text can stand where an activation
 * suspends there, so text of `await using` hands the engine something that stands for the resource
 * (recorder/disposals.ts): `await using a = f();` becomes
 *
 *     const __hcg1=__hcUB(…);using __hcg1z=__hcg1.last;                                   at the block's beginning
 *     await using __hcg2/*a = *\/=__hcg1.take(f(),…);const a=__hcg1.value;using __hcg2z=__hcg1.absent;
 *
 * In the reader the block's end is a `finally` block of its own, with a suspension for each declaration, the last first.
 * What a loop's head declares becomes such a declaration of its body, or around it.
 */
import { ts } from 'ts-morph';
import { isFunction, type Scope } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import { environmentName, type Emitter, type FunctionContext } from './emitter.ts';
import { RESUME } from './flow-text.ts';
import { resumeText } from './functions.ts';
import { strip } from './rules.ts';

/** Whether a block's end disposes of something: the code of that runs before its function ends. */
export function disposes(statements: readonly ts.Statement[]): boolean {
  return usings(statements).length > 0;
}

/** What a `for` declares in its head and disposes of at its end. */
export function usingHead({ initializer: list }: ts.ForStatement): ts.VariableDeclarationList | undefined {
  return list && ts.isVariableDeclarationList(list) && isUsing(list) ? list : undefined;
}

/** Those of `await using` are among its flags. */
export function isUsing({ flags }: ts.VariableDeclarationList): boolean {
  return (flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
}

export function isAwaited({ flags }: ts.VariableDeclarationList): boolean {
  return (flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
}

/** A nameless function or class would lose the name that it gets from its variable. */
function isNamed({ initializer }: ts.VariableDeclaration): boolean {
  const value = initializer && strip(initializer);
  return value !== undefined && (ts.isClassExpression(value) ? !value.name : isFunction(value));
}

function canWatch(list: ts.VariableDeclarationList): boolean {
  return isAwaited(list) && !list.declarations.some(isNamed);
}

/** Whether the suspensions of an `await using` are recorded. */
export function isAwaitedUsing(c: FunctionContext, list: ts.VariableDeclarationList): boolean {
  return c.disposals.length > 0 && canWatch(list);
}

/** The declarations of a statement list that are disposed of at its end. */
export function usings(statements: readonly ts.Statement[]): ts.VariableDeclarationList[] {
  return statements.flatMap((s) => (ts.isVariableStatement(s) && isUsing(s.declarationList) ? s.declarationList : []));
}

/** Begins what disposes of declarations at its end; gives what to call behind it. */
export function beginDisposal(
  e: Emitter,
  c: FunctionContext,
  lists: readonly ts.VariableDeclarationList[],
  anchor: number,
): () => void {
  if (lists.length === 0) return () => undefined;
  const scope = e.bindings.scopeOf.get(c.node);
  const first = lists.find(canWatch);
  if (first === undefined || !c.suspendable || scope === undefined) {
    c.closings += 1;
    return () => void (c.closings -= 1);
  }
  return beginAwaited(e, c, scope, { anchor, first });
}

function beginAwaited(
  e: Emitter,
  c: FunctionContext,
  scope: Scope,
  { anchor, first }: { readonly anchor: number; readonly first: ts.VariableDeclarationList },
): () => void {
  const name = `__hcg${e.start(first)}`;
  const around = c.openScopes.at(-1) ?? scope.index;
  const begins: OpRef = { index: 0, flow: true, op: { k: 'finally', scope: around, ...e.at(first) } };
  const last = `using ${name}z=${name}.last;`;
  const goOn = `__hcs&&(__hcc=__hcU(n*${environmentName(scope)},__hcs),__hcs=0);`;
  const begin: Piece[] = ['()=>{const d=__hcd;__hcd=0;__hcF(', { word: begins }, ');return d}'];
  e.edits.insert(anchor, `;const ${name}=__hcUB(n=>{${goOn}},`, ...begin, `,d=>{__hcd=d});${last}`);
  e.light.insert(anchor, `;const ${name}=__hcUB(()=>{${RESUME}},()=>0,()=>{});${last}`);
  const suspensions: OpRef[] = [];
  c.disposals.push({ name, suspensions });
  c.enterTry();
  return () => {
    c.leaveTry();
    c.disposals.pop();
    c.add(begins);
    for (const suspension of suspensions.reverse()) c.add(suspension);
    c.push({ k: 'endFinally' });
  };
}

/** The declarations of an `await using`; `emit` instruments one and gives the hook calls behind it. */
export function emitAwaitedUsing(
  e: Emitter,
  c: FunctionContext,
  list: ts.VariableDeclarationList,
  emit: (declaration: ts.VariableDeclaration) => Piece[][],
): void {
  const { name: block } = c.disposals.at(-1)!;
  list.declarations.forEach((declaration, i) => {
    const { name, initializer } = declaration;
    if (initializer === undefined || !ts.isIdentifier(name)) return;
    const start = e.start(name);
    const value = e.start(initializer);
    const stand = `__hcg${start}`;
    // the comma before the next declaration is hidden with its name
    const from = i === 0 ? start : list.declarations[i - 1]!.getEnd();
    e.insertBoth(from, i === 0 ? '' : ';await using ', stand, '/*');
    hideEnds(e, from, value);
    e.insertBoth(value, `*/=${block}.take(`);
    const hooks = emit(declaration);
    e.insertBoth(declaration.getEnd(), ...takenText(e, c, declaration));
    emitTaken(e, c, name, declaration.getEnd(), hooks);
  });
}

/** Behind the resource: the last argument of `take`. */
function takenText(e: Emitter, c: FunctionContext, declaration: ts.VariableDeclaration): Piece[] {
  const op: OpRef = { index: 0, flow: false, op: { k: 'suspend', kind: 'await', ...e.at(declaration) } };
  c.disposals.at(-1)!.suspensions.push(op);
  return [',v=>{__hcS(', { word: op }, ',v,__hcs=', { index: op }, ',__hcc)});'];
}

/** Behind `take`: the variable itself. */
function emitTaken(e: Emitter, c: FunctionContext, name: ts.Identifier, at: number, hooks: readonly Piece[][]): void {
  const block = c.disposals.at(-1)!.name;
  e.insertBoth(at, `const ${name.text}=${block}.value;`);
  e.edits.insert(at, ...hooks.flatMap((hook) => [...hook, ';']));
  e.insertBoth(at, `using __hcg${e.start(name)}z=${block}.absent`);
}

/**
 * `for (using a = f(); …) {…}` becomes `{using a = f();for(; …) {…}}`: what it disposes of lasts as long as the loop.
 * `names`: its labels; `emit` instruments the declarations. Gives what to call behind the loop.
 */
export function beginUsingFor(
  e: Emitter,
  c: FunctionContext,
  {
    s,
    list,
    names,
  }: { readonly s: ts.Statement; readonly list: ts.VariableDeclarationList; readonly names: readonly string[] },
  emit: () => void,
): () => void {
  const start = e.start(outermostLabel(s));
  const anchor = e.start(list);
  e.insertBoth(start, '{/*');
  hideEnds(e, start, anchor);
  e.insertBoth(anchor, '*/');
  const dispose = beginDisposal(e, c, [list], anchor);
  emit();
  e.insertBoth(list.getEnd(), `;${names.map((name) => `${name}:`).join('')}for(`);
  return () => {
    dispose();
    e.insertBoth(s.getEnd(), '}');
  };
}

function outermostLabel(s: ts.Statement): ts.Statement {
  return ts.isLabeledStatement(s.parent) ? outermostLabel(s.parent) : s;
}

/** What stands in a round of a loop whose head is a `using`. */
export interface UsingRound {
  /** `again` runs when all is disposed of */
  readonly beforeContinue: readonly Piece[];
  /** what the body begins with, at a position before it; gives what to call behind it */
  readonly open: (position: number, end: number, hooks: readonly Piece[][]) => () => void;
}

/**
 * `for (using a of all) {…}` becomes `for (const __hcg1v/*using a*\/ of all) {using a=__hcg1v;{…}}`. `again`: what the
 * round's end says.
 */
export function beginUsingRounds(
  e: Emitter,
  c: FunctionContext,
  { initializer: list, expression }: ts.ForInStatement | ts.ForOfStatement,
  again: readonly Piece[],
): UsingRound | undefined {
  if (!ts.isVariableDeclarationList(list) || !isUsing(list)) return undefined;
  const name = list.declarations[0]?.name;
  // what the loop goes over sees the variable without a value
  if (name === undefined || !ts.isIdentifier(name) || mentions(expression, name.text)) return undefined;
  const stand = `__hcg${e.start(name)}`;
  e.insertBoth(e.start(list), `const ${stand}v/*`);
  hideEnds(e, e.start(list), list.getEnd());
  e.insertBoth(list.getEnd(), '*/');
  const ends: Piece[] = again.length > 0 ? [`;${stand}e=1;`] : [];
  const open: UsingRound['open'] = (position, end, hooks) => {
    e.insertBoth(position, '{');
    if (again.length > 0)
      e.edits.insert(position, `let ${stand}e=0;using ${stand}y=__hcUD(()=>{if(${stand}e){`, ...again, '}});');
    const dispose = beginDisposal(e, c, [list], position);
    if (isAwaitedUsing(c, list)) {
      const taken = takenText(e, c, list.declarations[0]!);
      e.insertBoth(position, `await using ${stand}=${c.disposals.at(-1)!.name}.take(${stand}v`, ...taken);
      emitTaken(e, c, name, position, hooks);
    } else {
      e.insertBoth(position, `${isAwaited(list) ? 'await ' : ''}using ${name.text}=${stand}v`);
      e.edits.insert(position, ...hooks.flatMap((hook) => [';', ...hook]));
      emitThrownIntoDisposal(e, c, list, position);
    }
    e.insertBoth(position, ';');
    return () => {
      e.edits.insert(end, ...ends);
      dispose();
      e.insertBoth(end, '}');
    };
  };
  return { beforeContinue: ends, open };
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node) && node.text === name) return true;
  return ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false;
}

/** Comments that end within a text that is hidden in one. */
function hideEnds(e: Emitter, start: number, end: number): void {
  const text = e.source.slice(start, end);
  for (let at = text.indexOf('*/'); at >= 0; at = text.indexOf('*/', at + 2)) e.insertBoth(start + at + 2, '/*');
}

/** Behind a `using`: what is disposed of before it has the activation go on, where a throw or a return came into it. */
export function emitThrownIntoDisposal(
  e: Emitter,
  c: FunctionContext,
  list: ts.VariableDeclarationList,
  at: number,
): void {
  const scope = e.bindings.scopeOf.get(c.node);
  if (!c.suspendable || scope === undefined || isAwaited(list)) return;
  const block = c.disposals.at(-1)?.name;
  const names = list.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''));
  const text = (resume: string): string =>
    `;using __hcg${e.start(list)}t=${block ? `${block}.before(${names.join(',')})` : `__hcUD(()=>{${resume}})`};`;
  e.edits.insert(at, text(resumeText(scope, true)));
  e.light.insert(at, text(RESUME));
}
