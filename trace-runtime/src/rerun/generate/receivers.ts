/** The object whose method was called, made again: by its class's recorded constructor, else field by field. */
import { callOf, type Traced } from '../../analysis/traced.ts';
import type { FunctionSite } from '../../model/sites.ts';
import type { Activation, LoadedFile } from '../../query/activation.ts';
import { EventCode, type Moment } from '../../query/moments.ts';
import type { StreamReplay } from '../../query/replay.ts';
import { ObjectValue } from '../../query/values.ts';
import { argumentsOf, type EnteredCall } from './call-arguments.ts';
import { fieldsOf, isOwn, keyCode, laidOut } from './literals.ts';

/** The class that a method or constructor is written in. */
export interface OwnClass {
  /** as its module knows it */
  readonly name: string;
  readonly isStatic: boolean;
}

export interface Receiver {
  /** the expression that makes it, by what the class is called */
  readonly made: (className: string) => string;
  /** literal of fields that are others by the time of the call, '' where there are none */
  readonly fields: string;
}

/** undefined: the function stands in no class that has a name. */
export function classOf({ sources }: Traced, file: LoadedFile, { outer, start }: FunctionSite): OwnClass | undefined {
  const scope = file.table.scopes[outer];
  const text = sources.text(file);
  if (scope?.kind !== 'class' || text === undefined) return undefined;
  const [, name] =
    /^(?:@[\w$.()]+\s+|export\s+|default\s+|abstract\s+)*class\s+([\w$]+)/.exec(text.slice(scope.start)) ?? [];
  return name === undefined ? undefined : { name, isStatic: /^static\b/.test(text.slice(start)) };
}

/** undefined where literals cannot make it: it holds what only the program has. */
export function receiverOf(
  traced: Traced,
  call: EnteredCall,
  { name }: OwnClass,
  open: () => StreamReplay,
  needs: Set<string>,
): Receiver | undefined {
  traced.timeline.seekMoment(call.enter + 1);
  const object = callOf(traced, call.serial)?.functionScope.thisValue;
  // a method that does not ask for `this` does not have it recorded
  if (!(object instanceof ObjectValue)) return bareWith(new Map());
  const { heap } = traced.timeline.replay;
  const fields = heap.get(object)?.className === name ? fieldsOf(heap, object, needs) : undefined;
  if (fields === undefined) return undefined;
  return constructed(traced, call, object, fields, open, needs) ?? bareWith(fields);
}

/** By `new` with the recorded arguments, and what has become of its fields since. */
function constructed(
  traced: Traced,
  { enter }: EnteredCall,
  object: ObjectValue,
  fields: ReadonlyMap<string, string>,
  open: () => StreamReplay,
  needs: Set<string>,
): Receiver | undefined {
  const construction = constructionOf(traced, object, enter, open());
  const args = construction && argumentsOf(traced, construction, open, needs);
  if (construction === undefined || args === undefined) return undefined;
  traced.timeline.seekMoment(construction.exit + 1);
  const before = fieldsOf(traced.timeline.replay.heap, object, needs);
  if (before === undefined || [...before.keys()].some((key) => !fields.has(key))) return undefined;
  const changed = [...fields].filter(([key, code]) => before.get(key) !== code);
  const list = args.map(({ code }) => code).join(', ');
  return withFields((className) => `new ${className}(${list})`, changed);
}

const CONSTRUCTOR = /^(?:c|derivedC)onstructor/;

/** The outermost constructor of the object: the last that was left before it was used. */
function constructionOf(
  { timeline }: Traced,
  object: ObjectValue,
  until: Moment,
  replay: StreamReplay,
): (EnteredCall & { readonly exit: Moment }) | undefined {
  let found: { readonly activation: Activation; readonly exit: Moment } | undefined;
  while (replay.moment < until && replay.step()) {
    const { code, activation, moment } = replay.event;
    if (code !== EventCode.exit || !activation || !CONSTRUCTOR.test(activation.site.kind)) continue;
    const { thisValue } = activation.functionScope;
    if (thisValue instanceof ObjectValue && thisValue.id === object.id) found = { activation, exit: moment };
  }
  const { calls } = timeline.overview;
  const span = found && calls.firstSpan(found.activation.serial);
  if (found === undefined || span === undefined) return undefined;
  const { serial, site, file } = found.activation;
  return { serial, site, file, enter: calls.enter[span]!, exit: found.exit };
}

function bareWith(fields: ReadonlyMap<string, string>): Receiver | undefined {
  return withFields((className) => `Object.create(${className}.prototype)`, [...fields]);
}

/** Private fields, and functions that the program made, cannot be given from outside. */
function withFields(made: Receiver['made'], fields: readonly (readonly [string, string])[]): Receiver | undefined {
  if (fields.some(([key, code]) => key.startsWith('#') || isOwn(code))) return undefined;
  const parts = fields.map(([key, code]) => `${keyCode(key)}: ${code}`);
  return { made, fields: fields.length === 0 ? '' : (laidOut('{', parts, '}', '') ?? '') };
}
