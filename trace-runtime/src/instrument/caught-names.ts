import { ts } from 'ts-morph';
import type { Scope, Variable } from './bindings.ts';

/**
 * `catch (e) { var e = 1; }` declares a variable of the function, and assigns the one that was caught. Gives the names of
 * such a declaration the variables that they assign.
 */
export function assignCaught(
  { name, parent }: ts.VariableDeclaration,
  around: Scope,
  variableOf: Map<ts.Node, Variable>,
): void {
  if ((parent.flags & ts.NodeFlags.BlockScoped) !== 0) return;
  for (const id of namesOf(name)) {
    for (let scope: Scope | undefined = around; scope?.owner === around.owner; scope = scope.parent) {
      const caught = scope.kind === 'catch' ? scope.names.get(id.text) : undefined;
      if (caught === undefined) continue;
      variableOf.set(id, caught);
      break;
    }
  }
}

function namesOf(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}
