/**
 * Why a value is what it is: from an expression back through variables, arguments, results, properties and elements to
 * the operation, the literal or the input that made it. An answer is a chain of hops; where an operation has several
 * operands, each of them can be followed in its turn. Where the recording does not tell, the chain ends and says so.
 */
import { parseExpression } from '../evaluate/expression.ts';
import type { Activation } from '../query/activation.ts';
import { Accessor, ObjectValue, opaque } from '../query/values.ts';
import { expressionAnswer, heldUnder, insideLiteral, leadValue, ownValue } from './expressions.ts';
import {
  AWAITED,
  expression,
  NAMED,
  PARSED,
  leadName,
  pathText,
  type Answer,
  type ExpressionLead,
  type Found,
  type Hop,
  type Lead,
  type Path,
} from './hops.ts';
import { propertyAnswer } from './objects.ts';
import { Reenactment } from './reenact.ts';
import { askedRun } from './run.ts';
import { Syntax } from './syntax.ts';
import type { Traced, Work } from './traced.ts';

export interface Chain {
  /** the value asked about first */
  readonly hops: readonly Hop[];
  /** the expression of the last hop, where it is one */
  readonly end?: ExpressionLead | undefined;
}

/** A chain is cut there. */
const LONGEST = 1000;

/** An expression as code in the call would evaluate it at the moment where the timeline stands. Undefined where it is none. */
export function asked({ timeline, ...traced }: Traced, call: Activation, text: string): Lead | undefined {
  const node = parseExpression(text);
  if (!node) return undefined;
  const syntax = new Syntax({
    path: '',
    text,
    program: node as never,
    nodes: new Map(),
    classes: [],
    original: undefined,
  });
  const run = askedRun(call, node, syntax, timeline.position.moment);
  return expression(new Reenactment({ timeline, ...traced }, run), node);
}

/** Follows the lead to its end; the timeline stands elsewhere afterwards. */
export function* origin(traced: Traced, lead: Lead): Work<Chain> {
  const hops: Hop[] = [];
  const links: Link[] = [];
  const seen = new Set<string>();
  let end: ExpressionLead | undefined;
  for (let next: Lead | undefined = lead; next !== undefined && hops.length < LONGEST;) {
    const found: Found = yield* follow(tracedOf(traced, next), next);
    const { hop } = found;
    const key = `${hop.traced.others?.own.number ?? 0} ${hop.file.hash} ${hop.start} ${hop.end} ${hop.moment} ${pathOf(next)}`;
    // a step that comes back to itself tells nothing more
    if (seen.has(key)) break;
    seen.add(key);
    hops.push(hop);
    links.push({ isSame: found.isSame === true, isWhole: next.path.length === 0 });
    end = next.kind === 'expression' ? next : undefined;
    next = found.next;
    yield hop.moment;
  }
  return { hops: withLaterValues(hops, links), end };
}

interface Link {
  /** the next hop is about the same value */
  readonly isSame: boolean;
  /** the value is what the hop's expression gave, not a part of that */
  readonly isWhole: boolean;
}

/** What the recording does not tell of a step a later one may tell, as long as it is the same value. */
function withLaterValues(hops: readonly Hop[], links: readonly Link[]): readonly Hop[] {
  let later: Hop['value'] = opaque;
  const known = hops.toReversed().map((hop, i) => {
    const { isSame, isWhole } = links[hops.length - 1 - i]!;
    later = hop.value === opaque && isSame ? later : hop.value;
    return isWhole ? { ...hop, value: later } : hop;
  });
  return known.reverse();
}

/** The stream that it leads into: another one behind a message. */
export function tracedOf(asked: Traced, lead: Lead): Traced {
  const { traced } = lead.kind === 'expression' ? lead.re : lead.reader.re;
  return traced.timeline === asked.timeline ? asked : traced;
}

/** The same for the same step of any chain, whatever part of its value it is about. */
export function hopKey({ file, start, end, moment, value }: Hop): string {
  const held = value instanceof ObjectValue ? `#${value.id}` : typeof value === 'object' ? '' : String(value);
  return `${file.hash} ${start} ${end} ${moment} ${held}`;
}

function pathOf(lead: Lead): string {
  return pathText(lead.path);
}

/** One step. */
export function* follow(traced: Traced, given: Lead): Work<Found> {
  const lead = given.kind === 'expression' ? insideLiteral(given) : given;
  if (lead.kind === 'expression' && lead.path.length === 1 && lead.path[0] === NAMED)
    return {
      hop: hopOf(
        { kind: 'property', what: 'The property was given here.', at: { re: lead.re, node: lead.node } },
        lead,
        lead.re.valueOf(lead.node),
      ),
      next: undefined,
    };
  // first, as the answer leads away from here
  const value = valueOf(traced, lead);
  const answer =
    lead.kind === 'expression' ? yield* expressionAnswer(traced, lead) : yield* propertyAnswer(traced, lead);
  const from = lead.kind === 'expression' ? lead : { ...lead.reader, path: lead.path };
  const hop = (told: Answer): Hop => hopOf(told, from, value);
  const { next } = answer;
  if (next === undefined || !handsOn(answer, lead.path)) return { hop: hop(answer), next };
  if (differs(traced, next, value)) return { hop: hop({ kind: 'unknown', what: UNCLEAR }), next: undefined };
  const isCarried =
    next.kind === 'expression' && !('value' in next) && value !== opaque && !(value instanceof Accessor);
  return { hop: hop(answer), next: isCarried ? { ...next, value } : next, isSame: true };
}

const UNCLEAR = 'The recording does not tell which of several values it was.';

function hopOf(answer: Answer, from: ExpressionLead, value: Hop['value']): Hop {
  const { re, node, path } = answer.at ? { path: [], ...answer.at } : from;
  const { run } = re;
  const { start, end } = node as unknown as { start: number; end: number };
  return {
    traced: re.traced,
    moment: re.has(node) ? re.momentOf(node) : run.until,
    file: run.file,
    start: run.place ?? start,
    end: run.place ?? end,
    text: leadName({ re, node, path }),
    isPart: path.some((step) => step !== AWAITED),
    kind: answer.kind,
    value,
    what: answer.what,
    inputs: answer.inputs ?? [],
  };
}

/** Whether the value that it goes on with is the same one: of a JSON text and of what a pattern collects it is not. */
function handsOn({ kind, next, differs: isOther }: Answer, path: Path): boolean {
  if (kind === 'operation' || kind === 'missing' || isOther === true) return false;
  return ![...path, ...next!.path].includes(PARSED);
}

/** Whether the value there is known, and another: then the answer took a wrong turn, and must not be given. */
function differs(traced: Traced, next: Lead, value: Hop['value']): boolean {
  if (value === opaque || (next.kind === 'expression' && next.node.type === 'UpdateExpression')) return false;
  const there = next.kind === 'expression' ? ownValue(insideLiteral(next)) : valueOf(traced, next);
  return there !== opaque && !Object.is(there, value);
}

function valueOf(traced: Traced, lead: Lead): Hop['value'] {
  if (lead.kind === 'expression') {
    lead.re.standAt(lead.node);
    return leadValue(lead);
  }
  traced.timeline.seek(lead.before);
  return heldUnder(traced, lead.object, lead.path);
}
