/** What a recorded call was given, as literals. */
import type { AnyNode, ObjectPattern, Pattern } from 'acorn';
import { callOf, type Traced } from '../../analysis/traced.ts';
import { parseAs } from '../../evaluate/parsed-source.ts';
import type { FunctionSite } from '../../model/sites.ts';
import type { Activation, LoadedFile } from '../../query/activation.ts';
import type { Moment } from '../../query/moments.ts';
import type { StreamReplay } from '../../query/replay.ts';
import type { Value } from '../../query/values.ts';
import { laidOut, literalOf, type Literal } from './literals.ts';

export interface EnteredCall {
  readonly serial: number;
  readonly site: FunctionSite;
  readonly file: LoadedFile;
  /** of the event by which it was entered */
  readonly enter: Moment;
}

/** undefined where a literal cannot make one of them. `needs` gets names of secrets. */
export function argumentsOf(
  traced: Traced,
  call: EnteredCall,
  open: () => StreamReplay,
  needs: Set<string>,
): readonly Literal[] | undefined {
  const source = traced.sources.text(call.file)?.slice(call.site.start, call.site.end);
  const parameters = (source && parametersOf(source)) || call.site.parameters.map(simplePattern);
  const hasPatterns = parameters.some((each) => each !== undefined && !isSimple(each));
  const end = hasPatterns ? call.site.start + parameters.at(-1)!.end - HEAD.length : undefined;
  traced.timeline.seekMoment(end === undefined ? call.enter + 1 : boundAt(call, end, open()));
  const act = callOf(traced, call.serial);
  if (!act) return undefined;
  const values = valuesOf(act);
  const { heap } = traced.timeline.replay;
  const args: Literal[] = [];
  for (const pattern of parameters) {
    const literal = pattern && argumentOf(pattern, values, (value) => literalOf(heap, value, needs));
    if (!literal) return undefined;
    args.push(literal);
  }
  while (args.at(-1)?.code === 'undefined') args.pop();
  return args;
}

/** The moment at which what was passed has been taken apart: before the first event behind the parameters. */
function boundAt({ serial, enter, file }: EnteredCall, end: number, replay: StreamReplay): Moment {
  replay.runTo(enter + 1);
  while (replay.step()) {
    const { activation, op, moment } = replay.event;
    if (activation?.serial === serial && file.code.start[op]! >= end) return moment;
  }
  return enter + 1;
}

function valuesOf({ file, functionScope }: Activation): ReadonlyMap<string, Value> {
  const { scopes, variables } = file.table;
  const names = scopes[functionScope.scope]!.variables.map((variable) => variables[variable]!.name);
  return new Map(names.map((name, slot) => [name, functionScope.values[slot]]));
}

/** What makes an expression of a function, and a class of a method, of the same length. */
const HEAD = '(      ';
const CLASS_HEAD = '(class{';

/** Of a function's or method's text; undefined where it is no plain JavaScript. Offsets are those behind the head. */
function parametersOf(text: string): readonly Pattern[] | undefined {
  const node = expressionOf(`${HEAD}${text}\n)`);
  if (node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression') return node.params;
  const ofClass = expressionOf(`${CLASS_HEAD}${text}\n})`);
  const [member] = ofClass?.type === 'ClassExpression' ? ofClass.body.body : [];
  return member?.type === 'MethodDefinition' ? member.value.params : undefined;
}

function expressionOf(text: string): AnyNode | undefined {
  const [statement] = parseAs(text, true)?.body ?? [];
  return statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
}

/** Of a parameter with a type. */
function simplePattern(text: string): Pattern | undefined {
  const name = /^[\w$]+(?=\s*[?:=]|$)/.exec(text.trim())?.[0];
  return name === undefined ? undefined : { type: 'Identifier', name, start: 0, end: 0 };
}

function isSimple(pattern: Pattern): boolean {
  return pattern.type === 'Identifier' || (pattern.type === 'AssignmentPattern' && isSimple(pattern.left));
}

/** What was passed, put together of the variables that it was taken apart into. */
function argumentOf(
  pattern: Pattern,
  values: ReadonlyMap<string, Value>,
  write: (value: Value) => Literal | undefined,
): Literal | undefined {
  switch (pattern.type) {
    case 'Identifier':
      return values.has(pattern.name) ? write(values.get(pattern.name)) : undefined;
    case 'AssignmentPattern':
      return argumentOf(pattern.left, values, write);
    case 'ObjectPattern':
      return objectOf(pattern.properties.map((property) => membersOf(property, values, write)));
    case 'ArrayPattern':
      return listOf(pattern.elements.map((each) => (each ? argumentOf(each, values, write) : NOTHING)));
    case 'RestElement': {
      const rest = argumentOf(pattern.argument, values, write);
      return rest && { code: `...${rest.code}`, data: undefined, text: undefined };
    }
    default:
      return undefined;
  }
}

const NOTHING: Literal = { code: 'undefined', data: undefined, text: undefined };

/** `data`: what the members add to the object */
interface Members {
  readonly code: string | undefined;
  readonly data: object | undefined;
}

function membersOf(
  property: ObjectPattern['properties'][number],
  values: ReadonlyMap<string, Value>,
  write: (value: Value) => Literal | undefined,
): Members | undefined {
  if (property.type === 'RestElement') {
    const rest = argumentOf(property.argument, values, write);
    return rest && { code: `...${rest.code}`, data: rest.data?.value as object | undefined };
  }
  if (property.computed || property.key.type !== 'Identifier') return undefined;
  const { name } = property.key;
  const value = argumentOf(property.value, values, write);
  // what is not there needs not be said
  if (value?.code === 'undefined') return { code: undefined, data: {} };
  return value && { code: `${name}: ${value.code}`, data: value.data && { [name]: value.data.value } };
}

function objectOf(members: readonly (Members | undefined)[]): Literal | undefined {
  if (!members.every((each) => each !== undefined)) return undefined;
  const code = laidOut(
    '{',
    members.flatMap((each) => each.code ?? []),
    '}',
    '',
  );
  const all = members.map(({ data }) => data);
  const data = all.every((each) => each !== undefined) ? { value: Object.assign({}, ...all) as unknown } : undefined;
  return code === undefined ? undefined : { code, data, text: undefined };
}

function listOf(parts: readonly (Literal | undefined)[]): Literal | undefined {
  if (!parts.every((each) => each !== undefined)) return undefined;
  const code = laidOut(
    '[',
    parts.map((each) => each.code),
    ']',
    '',
  );
  const all = parts.map(({ data }) => data);
  const data = all.every((each) => each !== undefined) ? { value: all.map((each) => each.value) } : undefined;
  return code === undefined ? undefined : { code, data, text: undefined };
}
