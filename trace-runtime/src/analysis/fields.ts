/** Fields of classes: their initialisers run before a constructor's body, and no step of them is recorded. */
import type { ClassNode } from '../evaluate/parsed-source.ts';
import type { LoadedFile } from '../query/activation.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import { expression, nameOf, type Answer, type ExpressionLead, type Path } from './hops.ts';
import { Reenactment } from './reenact.ts';
import { quietRun } from './run.ts';
import { keyText, type Of } from './syntax.ts';
import { syntaxOf, type Traced } from './traced.ts';

/** The initialiser of a field that an object has from the class that made it. Undefined where it is no such field. */
export function fieldAnswer({ re, node }: ExpressionLead, [step, ...rest]: Path): Answer | undefined {
  if (node.type !== 'NewExpression' || typeof step !== 'string') return undefined;
  const { traced, run } = re;
  const { call, callee } = factsOf(re, node);
  const field = callee && findField(re, callee.value, step);
  if (!field) return undefined;
  const { file, definition } = field;
  const syntax = syntaxOf(traced, file)!;
  const label = `${step} is a field of the class`;
  const own = file === run.file ? run.call : call?.file === file ? call.serial : undefined;
  const until = own === run.call ? re.standAt(node).moment : (call?.moment ?? 0) + 1;
  const at = {
    re: new Reenactment(traced, quietRun({ call: own ?? run.call, file, syntax }, definition, until)),
    node: definition,
  };
  if (!definition.value) return { kind: 'missing', what: `${label}, which is declared without a value.`, at };
  if (own === undefined) return { kind: 'property', what: `${label}: ${nameOf(at.re, definition.value)}.`, at };
  const quiet = new Reenactment(traced, quietRun({ call: own, file, syntax }, definition.value, until));
  return {
    kind: 'property',
    what: `${label}, which begins as ${nameOf(quiet, definition.value)}.`,
    next: expression(quiet, definition.value, rest),
  };
}

function factsOf(
  re: Reenactment,
  node: Of<'NewExpression'>,
): Pick<NonNullable<ReturnType<Reenactment['values']['get']>>, 'call' | 'callee'> {
  const known = re.values.get(node);
  if (known) return known;
  const caller = [...re.callers.values()].find((each) => each.node === node);
  const call = re.run.happenings.find((each) => each.kind === 'call' && re.callers.get(each.serial)?.node === node);
  return { ...(caller && { callee: caller.callee }), ...(call?.kind === 'call' && { call }) };
}

interface Field {
  readonly file: LoadedFile;
  readonly definition: Of<'PropertyDefinition'>;
}

/** In the class or the nearest that it extends. */
function findField(re: Reenactment, value: Value, key: string): Field | undefined {
  re.traced.timeline.seekMoment(re.run.until);
  for (const { file, node } of classesOf(re, value) ?? []) {
    for (const member of node.body.body) {
      if (member.type !== 'PropertyDefinition' || member.static) continue;
      if (keyText(member.key, member.computed) === key) return { file, definition: member };
    }
  }
  return undefined;
}

export interface ClassPlace {
  readonly file: LoadedFile;
  readonly node: ClassNode;
}

/** The class and those that it extends, as far as they are recorded; undefined where the value is no object that is known. */
export function classesOf({ traced }: Reenactment, value: Value): ClassPlace[] | undefined {
  const { heap } = traced.timeline.replay;
  if (!(value instanceof ObjectValue) || !heap.get(value)) return undefined;
  const found: ClassPlace[] = [];
  let at: Value = value;
  for (let hops = 0; at instanceof ObjectValue && hops < 100; hops++) {
    const contents = heap.get(at);
    const own = contents && classAt(traced, contents.code?.site ?? 0);
    if (own) found.push(own);
    at = contents?.prototype;
  }
  return found;
}

function classAt(traced: Traced, site: number): ClassPlace | undefined {
  const file = site === 0 ? undefined : traced.timeline.replay.fileOf(site);
  const op = file?.table.ops[site - file.base];
  const parsed = file && traced.sources.of(file);
  if (!file || !parsed || !op || !('start' in op)) return undefined;
  const node = parsed.classes.findLast(({ start, end }) => start <= op.start && end > op.start);
  return node && { file, node };
}
