/** What a WeakMap held: its contents are not recorded, but the calls that put them there are. */
import type { AnyNode } from 'acorn';
import { ObjectValue } from '../query/values.ts';
import { argumentsOf } from './arguments.ts';
import { expression, inputOf, nameOf, type Answer, type Path } from './hops.ts';
import { nearestCall, type MadeCall } from './named-calls.ts';
import { propertyAnswer } from './objects.ts';
import type { Reenactment } from './reenact.ts';
import type { Work } from './traced.ts';

/** `on.get(key)` gave a value, of which the path is asked about. Undefined where no recorded code has put it there. */
export function* weakAnswer(
  re: Reenactment,
  get: AnyNode,
  on: AnyNode,
  key: AnyNode,
  path: Path,
): Work<Answer | undefined> {
  const put = yield* weakCall(re, get, on, key, 'set');
  const given = put && argumentsOf(put.call)[1];
  if (!put || !given) return undefined;
  const [step, ...rest] = path;
  const held = put.re.valueOf(given);
  if (step !== undefined && held instanceof ObjectValue) {
    const reader = expression(re, get, path);
    return yield* propertyAnswer(re.traced, {
      kind: 'property',
      object: held,
      path: [step, ...rest],
      before: re.standAt(get),
      reader,
    });
  }
  return {
    kind: 'element',
    what: `It was under ${nameOf(re, key)} in ${nameOf(re, on)}.`,
    next: expression(put.re, given, path),
    inputs: [inputOf(re, on), inputOf(re, key)],
  };
}

/** Whether a WeakMap or a WeakSet has a key. Undefined where no recorded code has put it there, or taken it out. */
export function* weakHas(
  re: Reenactment,
  has: AnyNode,
  on: AnyNode,
  key: AnyNode,
  name: string,
  isThere: boolean,
): Work<Answer | undefined> {
  const made = isThere
    ? ((yield* weakCall(re, has, on, key, 'set')) ?? (yield* weakCall(re, has, on, key, 'add')))
    : yield* weakCall(re, has, on, key, 'delete');
  const [first] = made ? argumentsOf(made.call) : [];
  if (!made || !first) return undefined;
  const call = nameOf(made.re, made.call);
  return {
    kind: 'operation',
    what: `${name}: ${call} ${isThere ? 'had put it there' : 'had taken it out'}.`,
    inputs: [inputOf(re, on), inputOf(re, key)],
    next: expression(made.re, first),
  };
}

/** The last call before an expression of a method of what `on` is, with the same key. */
function* weakCall(
  re: Reenactment,
  before: AnyNode,
  on: AnyNode,
  key: AnyNode,
  name: string,
): Work<MadeCall | undefined> {
  const { timeline } = re.traced;
  const map = re.valueOf(on);
  const of = re.valueOf(key);
  if (!(map instanceof ObjectValue) || !(of instanceof ObjectValue)) return undefined;
  timeline.seekMoment(re.momentOf(before));
  return yield* nearestCall(re.traced, name, timeline.position, 'backward', ({ re: own, call }) => {
    const [first] = argumentsOf(call);
    return own.values.get(call)?.callee?.receiver === map && first !== undefined && own.valueOf(first) === of;
  });
}
