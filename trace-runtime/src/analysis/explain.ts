/** Why a failure happened: the expression to blame, where its value came from, and what decided that it was used. */
import { culpritOf, type Culprit, type Failed } from './culprit.ts';
import { decisionsFor, type Decision } from './control.ts';
import type { Hop, Input } from './hops.ts';
import { ObjectValue } from '../query/values.ts';
import { origin, type Chain } from './provenance.ts';
import { standBefore, type Traced, type Work } from './traced.ts';

export interface Explanation {
  readonly culprit: Culprit;
  readonly chain: Chain;
  readonly decisions: readonly Decision[];
  /** the hop that the sentence ends with; undefined where there is none */
  readonly root: Hop | undefined;
  /** without its end, so that a place can follow */
  readonly sentence: string;
}

/** Undefined where no recorded code ran at the failure. */
export function* explainFailure(traced: Traced, failed: Failed): Work<Explanation | undefined> {
  const culprit = yield* culpritOf(traced, failed);
  if (!culprit) return undefined;
  const chain = culprit.lead
    ? yield* beyondLiterals(traced, yield* origin(traced, culprit.lead), culprit.call)
    : { hops: [] };
  const root = rootOf(chain);
  return { culprit, chain, decisions: culprit.decisions, root, sentence: sentenceOf(culprit.what, root) };
}

/** Literals that are gone behind. */
const LITERALS = 3;
/** A constant of another kind says what was meant. */
const PLAIN = /^(?:null|undefined|true|false|void 0|''|""|``|-?\d+(?:\.\d+)?|\[\](?:\.length)?|\{\})$/;

/** A literal that another call gave explains little: what had decided that it was given is followed instead. */
function* beyondLiterals(traced: Traced, chain: Chain, failing: number): Work<Chain> {
  let { hops, end } = chain;
  for (let i = 0; i < LITERALS; i++) {
    const last = hops.at(-1);
    if (
      last?.kind !== 'literal' ||
      !end ||
      end.re.traced.timeline !== traced.timeline ||
      end.re.run.call === failing ||
      !PLAIN.test(last.text)
    )
      break;
    const before = standBefore(traced, last.moment);
    const { call, file } = end.re.run;
    const made = yield* decisionsFor(traced, { call, file, node: end.node, before });
    const [nearest] = made.filter(({ kind }) => kind !== 'call' && kind !== 'loop');
    if (!nearest) break;
    hops = [...hops.slice(0, -1), { ...last, what: `${last.text} was given because ${nearest.what}` }];
    const test = blamed(traced, nearest);
    const rest: Chain = test ? yield* origin(traced, test.lead) : { hops: [] };
    // a setting explains no more than the decision does
    const root = rest.hops.at(-1);
    if (!root || (root.kind === 'literal' && PLAIN.test(root.text))) break;
    hops = [...hops, ...rest.hops];
    end = rest.end;
  }
  return { hops, end };
}

/** The value to blame for a decision; undefined where it tested several, of which none is missing. */
function blamed({ reader }: Traced, { tests }: Decision): Input | undefined {
  const isMissing = ({ value }: Input): boolean => value === undefined || value === null || Number.isNaN(value);
  // a class that it was compared with is none
  const values = tests.filter(({ value }) => !(value instanceof ObjectValue) || reader.typeOf(value) !== 'function');
  return values.find(isMissing) ?? (values.length === 1 ? values[0] : undefined);
}

/** The hop that explains most: the first of a value that never came, else the last that the recording can tell of. */
export function rootOf({ hops }: Chain): Hop | undefined {
  const missing = hops.find(({ kind }) => kind === 'missing');
  const last = hops.at(-1);
  const isDecided = ({ kind, what, text }: Hop): boolean =>
    kind === 'literal' && what.startsWith(`${text} was given because`);
  return missing ?? (last?.kind === 'unknown' ? (hops.findLast(isDecided) ?? last) : last);
}

/** Where to look: behind a value that never came stands what came instead. */
export function placeOf({ hops }: Chain, root: Hop): Hop {
  return (root.kind === 'missing' ? hops[hops.indexOf(root) + 1] : undefined) ?? root;
}

const MADE_HERE = 'It was made here.';

/** `order.customer was undefined: nothing set .customer on the object` */
export function sentenceOf(what: string, root: Hop | undefined): string {
  if (!root) return what;
  const end = root.what === MADE_HERE ? `${root.text} was made here` : withoutCapital(root.what);
  return `${what}: ${end.replace(/\.$/, '')}`;
}

/** Of a sentence that begins with a word, not with a name of the program. */
function withoutCapital(sentence: string): string {
  return /^(?:Nothing|The|It|There|What|No|Whoever|A|An) /.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}

/** A hop as it is shown: how many hops that only handed the value on stand before it. */
export interface ShownHop {
  readonly hop: Hop;
  readonly folded: number;
}

/** Without the hops that only hand a value on: the first and the last are always shown. */
export function folded({ hops }: Chain): readonly ShownHop[] {
  const shown: ShownHop[] = [];
  let left = 0;
  hops.forEach((hop, i) => {
    const isEnd = i === 0 || i === hops.length - 1;
    if (!isEnd && hop.kind === 'copy') left++;
    else {
      shown.push({ hop, folded: left });
      left = 0;
    }
  });
  return shown;
}
