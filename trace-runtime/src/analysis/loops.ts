/** Where the variables of a `for … of` and `for … in` got their values: the element of the round. */
import { Ending } from '../query/call-log.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { ObjectValue, opaque } from '../query/values.ts';
import { AWAITED, Entry, expression, inputOf, nameOf, Pair, type Answer, type Path } from './hops.ts';
import { indexOfSame } from './natives.ts';
import type { Binding } from './patterns.ts';
import { Reenactment } from './reenact.ts';
import { returnAnswer } from './returns.ts';
import { isOfNode, lastRun, stepsOf, type Run } from './run.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import { reenactAt, type VariableWrite } from './variables.ts';

type Loop = Extract<Binding, { kind: 'loop' }>;

export function* roundOf(traced: Traced, write: VariableWrite, { node, steps, rest }: Loop, path: Path): Work<Answer> {
  const { call, file, moment } = write;
  const { timeline } = traced;
  const syntax = syntaxOf(traced, file)!;
  const op = stepsOf(file, syntax).get(node);
  timeline.seekMoment(moment);
  const before = timeline.position;
  const run = op === undefined ? undefined : yield* lastRun(traced, { call, file, op }, before, moment);
  if (!run || rest) return { kind: 'unknown', what: 'The recording does not tell which element it was.' };
  const re = new Reenactment(traced, run);
  const { right } = node;
  if (node.type === 'ForInStatement')
    return {
      kind: 'operation',
      what: `It is the name of a property of ${nameOf(re, right)}.`,
      inputs: [inputOf(re, right)],
      at: { re, node: right },
    };
  // a `for await` waits for each element
  const awaits: Path = node.type === 'ForOfStatement' && node.await ? [AWAITED] : [];
  const taken: Path = [...awaits, ...steps.flatMap(({ key }) => (key === undefined ? [] : [key])), ...path];
  const yielded = yield* yieldedTo(traced, write, taken);
  if (yielded) return yielded;
  const list = re.valueOf(right);
  const what = `It is an element of ${nameOf(re, right)}.`;
  const contents = list instanceof ObjectValue ? timeline.replay.heap.get(list) : undefined;
  if (contents && !contents.elements && !contents.entries)
    return {
      kind: 'unknown',
      what: `The recording does not tell what ${nameOf(re, right)} gave.`,
      inputs: [inputOf(re, right)],
    };
  if (contents?.entries) {
    const isMap = contents.className.endsWith('Map');
    if (!isMap && write.value !== opaque)
      return { kind: 'element', what, next: expression(re, right, [new Entry(write.value, true), ...taken]) };
    const index = yield* roundsBefore(traced, write, run);
    const entry = [...contents.entries][index];
    return entry
      ? { kind: 'element', what, next: expression(re, right, [new Pair(entry[0], index), ...taken]) }
      : { kind: 'unknown', what: 'The recording does not tell which element it was.' };
  }
  const same = steps.length === 0 ? indexOfSame(contents?.elements, write.value) : -1;
  const index = same >= 0 ? same : yield* roundsBefore(traced, write, run);
  if (!(list instanceof ObjectValue) || !contents?.elements)
    return { kind: 'element', what, next: expression(re, right, [String(index), ...taken]) };
  // the array may have grown since the loop began
  const reader = expression(re, right);
  return {
    kind: 'element',
    what,
    next: { kind: 'property', object: list, path: [String(index), ...taken], before, reader },
  };
}

/** What a recorded generator gave for the round. */
function* yieldedTo(traced: Traced, { call, moment }: VariableWrite, path: Path): Work<Answer | undefined> {
  const { timeline } = traced;
  const { calls } = timeline.overview;
  let span = calls.spanFrom(moment) - 1;
  while (span >= 0 && calls.exit[span]! > moment) span--;
  const parent = span < 0 ? -1 : calls.parentOf(span);
  // the branch into the loop's body stands between
  for (; span >= 0 && calls.exit[span]! >= moment - 4; span--) {
    if (calls.endingOf(span) !== Ending.waits || parent < 0 || calls.serial[calls.parentOf(span)] !== call) continue;
    return yield* yieldedAt(traced, calls.exit[span]!, path);
  }
  return undefined;
}

/** What a generator yielded by the event. */
function* yieldedAt(traced: Traced, moment: Moment, path: Path): Work<Answer | undefined> {
  const { timeline } = traced;
  timeline.seekMoment(moment);
  timeline.replay.step();
  const { code, activation, file, op } = timeline.replay.event;
  const syntax = file && syntaxOf(traced, file);
  const at = file?.table.ops[op];
  if (code !== EventCode.suspend || !activation || !syntax || at?.k !== 'suspend' || at.kind !== 'yield')
    return undefined;
  const node = syntax.within(at.start, at.end);
  if (node?.type !== 'YieldExpression' || !node.argument) return undefined;
  const re = yield* reenactAt(traced, activation.serial, file, syntax, node, moment);
  return {
    kind: 'element',
    what: `${activation.site.name || 'The generator'} yielded ${nameOf(re, node.argument)}.`,
    next: expression(re, node.argument, path),
  };
}

/** What the generator gave that a call of `next` had go on. */
export function* yieldedBy(re: Reenactment, before: number, path: Path): Work<Answer | undefined> {
  const { traced, run } = re;
  const found = run.happenings.slice(before).find((each) => each.kind === 'call' || isOfNode(run, each));
  if (found?.kind !== 'call' || !found.file.table.functions[found.functionIndex]!.generator) return undefined;
  if (found.ending === Ending.returned) return yield* returnAnswer(re, found.serial, path, Infinity, run.node);
  return found.ending === Ending.waits ? yield* yieldedAt(traced, found.exit, path) : undefined;
}

/** Rounds of the loop before the one that wrote. */
function* roundsBefore({ timeline }: Traced, { call, file, op, moment }: VariableWrite, { from }: Run): Work<number> {
  if (!from) return 0;
  timeline.seek(from);
  let count = 0;
  const site = file.base + op;
  yield* timeline.forward({
    sites: new Set([site]),
    moments: [moment],
    event: (event) => {
      if (event.moment >= moment) return true;
      if (event.file === file && event.op === op && event.activation?.serial === call) count++;
      return false;
    },
  });
  return count;
}
