/** Where caught errors were thrown. */
import { EventCode } from '../query/moments.ts';
import { ObjectValue } from '../query/values.ts';
import { expression, nameOf, type Answer, type Path } from './hops.ts';
import { Reenactment } from './reenact.ts';
import { currentRun } from './run.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import { reenactAt, type VariableWrite } from './variables.ts';

/** What a `catch` got. */
export function* throwOf(traced: Traced, write: VariableWrite, path: Path, name: string): Work<Answer> {
  const { timeline } = traced;
  const { value, moment } = write;
  timeline.seekMoment(moment);
  const before = timeline.position;
  const sites = traced.files.flatMap(({ base, table }) =>
    table.ops.flatMap(({ k }, op) => (k === 'throw' ? [base + op] : [])),
  );
  let thrown: { readonly call: number; readonly op: number; readonly file: VariableWrite['file'] } | undefined;
  const found = yield* timeline.backward(before, {
    sites: new Set(sites),
    ...(value instanceof ObjectValue && { after: timeline.unknownBefore(value.id) }),
    event: (event) => {
      if (event.code !== EventCode.throw || event.value !== value || !event.activation || !event.file) return false;
      thrown = { call: event.activation.serial, op: event.op, file: event.file };
      return true;
    },
  });
  const op = thrown?.file.table.ops[thrown.op];
  const syntax = thrown && syntaxOf(traced, thrown.file);
  if (found && thrown && syntax && op && 'start' in op) {
    const node = syntax.typed(op.start, op.end, 'ThrowStatement');
    if (node) {
      const re = yield* reenactAt(traced, thrown.call, thrown.file, syntax, node, timeline.position.moment);
      return {
        kind: 'copy',
        what: `${name} was thrown: ${nameOf(re, node)}`,
        next: expression(re, node.argument, path),
      };
    }
  }
  return yield* thrownByEngine(traced, write, name);
}

/** An error of the language or of code that is not recorded left the calls between without a word but their ends. */
function* thrownByEngine(traced: Traced, { moment, call }: VariableWrite, name: string): Work<Answer> {
  const { timeline } = traced;
  let at = moment;
  for (; at > 0; at--) {
    timeline.seekMoment(at - 1);
    timeline.replay.step();
    if (timeline.replay.event.code !== EventCode.abrupt) break;
  }
  timeline.seekMoment(at);
  const thrower = timeline.replay.stack.at(-1)?.serial ?? call;
  const run = yield* currentRun(traced, thrower, timeline.position);
  const what = `${name} was thrown by the language, or by code that is not recorded.`;
  if (!run) return { kind: 'call', what };
  const re = new Reenactment(traced, run);
  return { kind: 'call', what, at: { re, node: re.stopped ?? run.node } };
}
