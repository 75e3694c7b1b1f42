/** Assignments, as far as they change nothing but what the expression itself has made. */
import type { AnyNode } from 'acorn';
import { binary } from './expression-operators.ts';
import { List, Made, isTrue, needsCode, primitive, type Computing, type Item } from './expression-values.ts';
import { eachNode } from './parsed-source.ts';

export function assign(
  { operator, left, right }: Extract<AnyNode, { type: 'AssignmentExpression' }>,
  at: Computing,
): Item {
  if (operator === '=') {
    if (left.type === 'MemberExpression') return put(left, undefined, at, right);
    const value = at.value(right);
    at.bind(left, value, (name, each) => at.names.set(name, each));
    return value;
  }
  const old = readOnce(left, at);
  const sign = operator.slice(0, -1);
  if (sign === '&&' || sign === '||' || sign === '??') {
    const isKept = sign === '??' ? old !== undefined && old !== null : isTrue(old) === (sign === '||');
    return isKept ? old : put(left, at.value(right), at);
  }
  return put(left, binary(sign, old, at.value(right)), at);
}

/** Writes to a variable of the expression's own, or into an object that it has made. `right`: computed behind the place. */
function put(left: AnyNode, value: Item, at: Computing, right?: AnyNode): Item {
  if (left.type === 'Identifier') {
    at.names.set(left.name, value);
    return value;
  }
  if (left.type !== 'MemberExpression') throw needsCode();
  const [holder, key] = at.keyed(left);
  const given = right ? at.value(right) : value;
  if (!(holder instanceof Made) || typeof key !== 'string' || key === '__proto__') throw needsCode();
  if (!(holder instanceof List)) holder.properties.set(key, given);
  else if (!/^(?:0|[1-9]\d{0,5})$/.test(key) || Number(key) > holder.elements.length) throw needsCode();
  else holder.own[Number(key)] = given;
  return given;
}

export function update(
  { operator, prefix, argument }: Extract<AnyNode, { type: 'UpdateExpression' }>,
  at: Computing,
): Item {
  const old = primitive(readOnce(argument, at));
  if (typeof old === 'bigint') throw needsCode();
  const number = Number(old);
  const next = operator === '++' ? number + 1 : number - 1;
  put(argument, next, at);
  return prefix ? next : number;
}

/** The value of a place that is written to next: what names the place is computed twice, so it must change nothing. */
function readOnce(place: AnyNode, at: Computing): Item {
  if (place.type !== 'Identifier')
    eachNode(place, ({ type }) => {
      if (/^(?:Assignment|Update|Call)Expression$/.test(type)) throw needsCode();
    });
  return at.value(place);
}
