/**
 * `using` and `await using`: what a block disposes of at its end, however it is left. No text can stand where an activation
 * suspends there, so text of `await using` hands the engine something that stands for the resource
 * (recorder/disposals.ts): `await using a = f();` becomes
 *
 *     const __hcg1=__hcUB(…);using __hcg1z=__hcg1.last;                                   at the block's beginning
 *     await using __hcg2/*a = *\/=__hcg1.take(f(),…);const a=__hcg1.value;using __hcg2z=__hcg1.absent;
 *
 * In the reader the block's end is a `finally` block of its own, with a suspension for each declaration, the last first.
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
  return statements.some((s) => ts.isVariableStatement(s) && isUsing(s.declarationList));
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

/** Begins a statement list; gives what to call behind it. */
export function beginDisposal(
  e: Emitter,
  c: FunctionContext,
  statements: readonly ts.Statement[],
  anchor: number,
): () => void {
  if (!disposes(statements)) return () => undefined;
  const scope = e.bindings.scopeOf.get(c.node);
  const first = statements.find((s) => ts.isVariableStatement(s) && canWatch(s.declarationList));
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
  { anchor, first }: { readonly anchor: number; readonly first: ts.Statement },
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
  const { name: block, suspensions } = c.disposals.at(-1)!;
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
    const op: OpRef = { index: 0, flow: false, op: { k: 'suspend', kind: 'await', ...e.at(declaration) } };
    suspensions.push(op);
    const end = declaration.getEnd();
    e.insertBoth(end, ',v=>{__hcS(', { word: op }, ',v,__hcs=', { index: op }, ',__hcc)}', `);const ${name.text}=`);
    e.insertBoth(end, `${block}.value;`);
    e.edits.insert(end, ...hooks.flatMap((hook) => [...hook, ';']));
    e.insertBoth(end, `using ${stand}z=${block}.absent`);
  });
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
  statement: ts.Statement,
): void {
  const scope = e.bindings.scopeOf.get(c.node);
  if (!c.suspendable || scope === undefined || isAwaited(list)) return;
  const block = c.disposals.at(-1)?.name;
  const names = list.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ''));
  const text = (resume: string): string =>
    `;using __hcg${e.start(list)}=${block ? `${block}.before(${names.join(',')})` : `__hcUD(()=>{${resume}})`};`;
  e.edits.insert(statement.getEnd(), text(resumeText(scope, true)));
  e.light.insert(statement.getEnd(), text(RESUME));
}
