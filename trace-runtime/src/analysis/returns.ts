/** What a recorded call gave: the expression that it returned. */
import type { AnyNode } from 'acorn';
import { Ending } from '../query/call-log.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import { armDecision } from './control.ts';
import { AWAITED, expression, nameOf, type Answer, type Path } from './hops.ts';
import type { Reenactment } from './reenact.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import { reenactAt } from './variables.ts';

/** `node`: the call's expression. */
export function* returnAnswer(re: Reenactment, serial: number, path: Path, until: Moment, node: AnyNode): Work<Answer> {
  const { traced } = re;
  const found = yield* returnOf(traced, serial, until);
  if (!found) return { kind: 'unknown', what: `The recording does not show what ${nameOf(re, node)} returned.` };
  const { name, isAsync } = found;
  const isConstructor = found.isConstructor || node.type === 'NewExpression';
  if (isConstructor && !(found.returned && found.value instanceof ObjectValue && found.value !== found.self))
    return path.length === 0
      ? { kind: 'literal', what: `${nameOf(re, node)} made it.` }
      : { kind: 'unknown', what: 'The recording does not tell.' };
  if (isAsync && path[0] !== AWAITED) return { kind: 'literal', what: `${name} is async: the call gave a promise.` };
  if (!found.returned) {
    const { at } = found;
    const what = `${name} gave undefined: it returned no value.`;
    return at ? { kind: 'return', what, next: expression(at.re, at.node) } : { kind: 'missing', what };
  }
  const { re: own, argument, because } = found.returned;
  const what = `${name} returned ${nameOf(own, argument)}${because === undefined ? '' : `, as ${because}`}.`;
  return {
    kind: 'return',
    what,
    next: { ...expression(own, argument, path), ...(path.length === 0 && { value: found.value }) },
  };
}

interface Returned {
  readonly name: string;
  readonly isConstructor: boolean;
  readonly isAsync: boolean;
  readonly value: Value;
  /** `this` */
  readonly self: Value;
  readonly returned:
    | {
        readonly re: Reenactment;
        readonly argument: AnyNode;
        /** what had decided for it, in a sentence without its end */
        readonly because: string | undefined;
      }
    | undefined;
  /** a return without a value, or the body that ended without one */
  readonly at: Answer['at'];
}

export function* returnOf(traced: Traced, serial: number, until: Moment): Work<Returned | undefined> {
  const { timeline } = traced;
  const { calls } = timeline.overview;
  const span = calls.spansOf(serial).at(-1);
  if (span === undefined || calls.endingOf(span) !== Ending.returned || calls.exit[span]! >= until) return undefined;
  const exit = calls.exit[span]!;
  let ended = stepAt(traced, exit);
  const { file, site, newTarget, functionScope } = ended.activation;
  const self = functionScope.thisValue;
  const { value } = ended;
  const syntax = syntaxOf(traced, file);
  if (!syntax) return undefined;
  let moment = exit;
  if (file.table.ops[ended.op]?.k !== 'return' && file.table.ops[ended.op]?.k !== 'exit') {
    // a `finally` block ran between the return and the end
    const found = yield* timeline.backward(ended.position, {
      since: serial,
      event: ({ code, activation }) => code === EventCode.return && activation?.serial === serial,
    });
    if (!found) return undefined;
    moment = timeline.position.moment;
    ended = stepAt(traced, moment);
  }
  const op = file.table.ops[ended.op];
  if (!op || !('start' in op)) return undefined;
  const isConstructor =
    site.kind === 'constructor' || site.kind === 'derivedConstructor' || newTarget instanceof ObjectValue;
  const known = {
    name: site.name || 'the function',
    isConstructor,
    isAsync: site.async && !site.generator,
    value,
    self,
  };
  const node = syntax.within(op.start, op.end);
  if (op.k === 'exit' || !node) {
    const around = syntax.typed(
      site.start,
      site.end,
      'FunctionDeclaration',
      'FunctionExpression',
      'ArrowFunctionExpression',
    );
    const re = around && (yield* reenactAt(traced, serial, file, syntax, around.body, moment));
    return { ...known, returned: undefined, at: re && around && { re, node: around.body } };
  }
  const re = yield* reenactAt(traced, serial, file, syntax, node, moment);
  const argument = node.type === 'ReturnStatement' ? node.argument : node;
  if (!argument) return { ...known, returned: undefined, at: { re, node } };
  timeline.seekMoment(moment);
  const arm = yield* armDecision(traced, { call: serial, file, node, before: timeline.position });
  return { ...known, returned: { re, argument, because: arm?.what.replace(/\.$/, '') }, at: undefined };
}

function stepAt({ timeline }: Traced, moment: Moment) {
  timeline.seekMoment(moment);
  const { position, replay } = timeline;
  replay.step();
  const { activation, op, value } = replay.event;
  return { activation: activation!, op, value, position };
}
