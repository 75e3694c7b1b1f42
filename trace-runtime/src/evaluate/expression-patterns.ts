import type { AnyNode } from 'acorn';
import { Accessor } from '../query/values.ts';
import { needsCode, type Computing, type Item } from './expression-values.ts';

/** Takes a value apart as the pattern says; `declare` is given each name with its part. */
export function bind(pattern: AnyNode, value: Item, declare: (name: string, value: Item) => void, at: Computing): void {
  switch (pattern.type) {
    case 'Identifier':
      return declare(pattern.name, value);
    case 'AssignmentPattern':
      return bind(pattern.left, value === undefined ? at.value(pattern.right) : value, declare, at);
    case 'ArrayPattern': {
      const items = at.iterate(value);
      for (const each of pattern.elements) {
        if (!each || each.type === 'RestElement') throw needsCode();
        const { done, value: item } = items.next();
        bind(each, done === true ? undefined : (item as Item), declare, at);
      }
      return;
    }
    case 'ObjectPattern':
      for (const each of pattern.properties) {
        if (each.type !== 'Property' || each.computed || each.key.type !== 'Identifier') throw needsCode();
        const found = at.member(value, each.key.name, pattern);
        if (found instanceof Accessor) throw needsCode();
        bind(each.value, found, declare, at);
      }
      return;
    default:
      throw needsCode();
  }
}
