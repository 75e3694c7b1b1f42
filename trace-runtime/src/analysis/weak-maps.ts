/** What a WeakMap held: its contents are not recorded, but the calls that put them there are. */
import type { AnyNode } from 'acorn';
import { ObjectValue } from '../query/values.ts';
import { argumentsOf } from './arguments.ts';
import { expression, inputOf, nameOf, type Answer, type Path } from './hops.ts';
import { nearestCall } from './named-calls.ts';
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
  const { timeline } = re.traced;
  const map = re.valueOf(on);
  const of = re.valueOf(key);
  if (!(map instanceof ObjectValue) || !(of instanceof ObjectValue)) return undefined;
  timeline.seekMoment(re.momentOf(get));
  const before = timeline.position;
  const put = yield* nearestCall(re.traced, 'set', before, 'backward', ({ re: own, call }) => {
    const [first] = argumentsOf(call);
    return own.values.get(call)?.callee?.receiver === map && first !== undefined && own.valueOf(first) === of;
  });
  const given = put && argumentsOf(put.call)[1];
  if (!put || !given) return undefined;
  const [step, ...rest] = path;
  const held = put.re.valueOf(given);
  if (step !== undefined && held instanceof ObjectValue) {
    const reader = expression(re, get, path);
    return yield* propertyAnswer(re.traced, { kind: 'property', object: held, path: [step, ...rest], before, reader });
  }
  return {
    kind: 'element',
    what: `It was under ${nameOf(re, key)} in ${nameOf(re, on)}.`,
    next: expression(put.re, given, path),
    inputs: [inputOf(re, on), inputOf(re, key)],
  };
}
