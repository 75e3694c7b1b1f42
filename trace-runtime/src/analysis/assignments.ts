/** What an assignment gave when it ran. */
import type { AnyNode } from 'acorn';
import { EventCode } from '../query/moments.ts';
import { opaque, type Value } from '../query/values.ts';
import type { Caller, Facts } from './evaluated.ts';
import { continues } from './primitives.ts';
import type { Reenactment } from './reenact.ts';
import type { Of } from './syntax.ts';

export function assign(re: Reenactment, node: Of<'AssignmentExpression'>, facts: Facts): Value {
  const { left, operator, right } = node;
  if (operator === '=' && left.type !== 'Identifier' && left.type !== 'MemberExpression') {
    const value = re.eval(right);
    re.pattern(left, value);
    return value;
  }
  const old =
    left.type === 'MemberExpression' ? memberBefore(re, left, right) : operator === '=' ? opaque : re.eval(left);
  const isLogical = operator === '&&=' || operator === '||=' || operator === '??=';
  if (isLogical) {
    const goesOn = continues(operator.slice(0, -1), old);
    if (goesOn === undefined) return re.uncertain(right);
    if (!goesOn) {
      // a property that keeps its value is recorded as set to it
      re.consume(node);
      return old;
    }
  }
  const value = re.eval(right);
  facts.written = re.consume(node) ?? re.consume(right, EventCode.closure);
  if (facts.written && (operator === '=' || isLogical)) re.learn(right, facts.written.value);
  if (facts.written) return facts.written.value;
  if (left.type === 'MemberExpression') {
    const setter = re.nextCall(({ file, functionIndex }) => file.table.functions[functionIndex]!.kind === 'setter');
    if (setter) re.callers.set(setter.serial, accessorCaller(node, opaque, re.next));
  }
  return operator === '=' ? value : opaque;
}

/** What the property held; evaluation stops where there is nothing that could have it. */
function memberBefore(re: Reenactment, left: Of<'MemberExpression'>, right: AnyNode): Value {
  const old = re.target(left);
  if (left.object.type === 'Super' || re.isQuiet) return old;
  const object = re.valueOf(left.object);
  if (object !== null && object !== undefined) return old;
  // the right side is evaluated first
  re.eval(right);
  return re.stop(left, 'nullish');
}

/** An expression that calls a getter or a setter. */
export function accessorCaller(node: AnyNode, receiver: Value, before: number): Caller {
  const callee = { value: opaque, receiver, name: '', holder: '', code: undefined, isFunction: true };
  return { node, callee, before, round: undefined };
}
