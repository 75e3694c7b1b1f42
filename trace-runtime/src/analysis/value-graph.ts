/**
 * The chain of a value as a graph: from where its parts were made to the expression that was asked about. Where an operation
 * has several operands, each is followed; ways that come together end in the same node. What decided that it came to this
 * stands beside it. Hops that only handed a value on are left out; the way of what was asked about keeps calls.
 */
import type { Decision } from './control.ts';
import type { Hop, HopKind, Input, Lead } from './hops.ts';
import { follow, hopKey, tracedOf, type Chain } from './provenance.ts';
import type { Traced, Work } from './traced.ts';

export type ValueNode =
  | {
      readonly kind: 'value';
      readonly hop: Hop;
      /** it has operands that were not followed, as the graph would have become too large */
      readonly isCut: boolean;
    }
  | { readonly kind: 'decision'; readonly decision: Decision };

/** From an origin toward what was asked about; of a decision toward what it led to. */
export interface ValueEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: 'value' | 'control';
  /** the operand's text, or the tested one's; empty where there is but one */
  readonly label: string;
}

export interface ValueGraph {
  /** what was asked about first, if it is known at all */
  readonly nodes: readonly ValueNode[];
  readonly edges: readonly ValueEdge[];
}

/** A graph has no more nodes for values. */
const MOST = 40;
/** Hops of an operand that stand for no node: what was asked about first has the calls that its value came through, too. */
const HANDS_ON: ReadonlySet<HopKind> = new Set<HopKind>(['copy', 'argument', 'return']);
/** Of a longer way, so many nodes next to what was asked about and to the origin are shown. */
const BEGIN = 18;
const END = 8;
/** A way is given up behind so many hops. */
const LONGEST = 200;

interface Open {
  readonly node: number;
  readonly inputs: readonly Input[];
}

/** The timeline stands elsewhere afterwards. */
export function* valueGraph(traced: Traced, chain: Chain, decisions: readonly Decision[]): Work<ValueGraph> {
  const building = new Building(traced);
  building.chain(chain.hops);
  yield* building.branches();
  yield* building.decisions(decisions);
  return building.graph();
}

class Building {
  private readonly nodes: { hop: Hop; isCut: boolean }[] = [];
  private readonly decided: Decision[] = [];
  private readonly edges: ValueEdge[] = [];
  /** node of each hop that was met; of one that is left out the node behind it */
  private readonly met = new Map<string, number>();
  private readonly open: Open[] = [];

  constructor(private readonly traced: Traced) {}

  /** The first hop is what was asked about. */
  chain(hops: readonly Hop[]): void {
    const last = hops.at(-1);
    const way = hops.filter((hop, i) => i === 0 || hop === last || hop.kind !== 'copy');
    const left = Math.max(0, way.length - BEGIN - END);
    let to: number | undefined;
    way.forEach((hop, i) => {
      if (left > 0 && i >= BEGIN && i < BEGIN + left) return;
      const node = this.add(hop);
      const label = left > 0 && i === BEGIN + left ? `… ${left} more` : to === undefined ? '' : this.labelOf(to, hop);
      if (to !== undefined) this.connect(node, to, label);
      to = node;
    });
    let behind = this.nodes.length;
    for (const hop of hops.toReversed()) {
      const own = this.met.get(hopKey(hop));
      if (own !== undefined) behind = own;
      else this.met.set(hopKey(hop), behind);
    }
  }

  /** Follows operands, those nearest to what was asked about first. */
  *branches(): Work<void> {
    for (let next = this.open.shift(); next; next = this.open.shift())
      for (const input of next.inputs) yield* this.branch(next.node, input);
  }

  *decisions(decisions: readonly Decision[]): Work<void> {
    const values = this.nodes.length;
    decisions.forEach((decision, i) => {
      this.decided.push(decision);
      const to = i === 0 ? (values > 0 ? 0 : undefined) : values + i - 1;
      if (to !== undefined) this.edges.push({ from: values + i, to, kind: 'control', label: '' });
    });
    // what was tested may be of the same origin
    for (const [i, { tests }] of decisions.entries())
      for (const { lead, text } of tests) {
        const { joined } = yield* this.way(lead);
        if (joined !== undefined) this.edges.push({ from: joined, to: values + i, kind: 'value', label: text });
      }
  }

  graph(): ValueGraph {
    return {
      nodes: [
        ...this.nodes.map((node): ValueNode => ({ kind: 'value', ...node })),
        ...this.decided.map((decision): ValueNode => ({ kind: 'decision', decision })),
      ],
      edges: this.edges,
    };
  }

  private *branch(to: number, input: Input): Work<void> {
    const { hops, joined } = yield* this.way(input.lead);
    const shown = hops.filter(({ kind }) => !HANDS_ON.has(kind));
    const last = hops.at(-1);
    if (last && shown.length === 0 && joined === undefined) shown.push(last);
    // a literal stands in the operation's own text
    if (joined === undefined && shown.length === 1 && last?.kind === 'literal' && last.text === input.text) return;
    if (this.nodes.length + shown.length > MOST) {
      this.nodes[to]!.isCut = true;
      return;
    }
    let [at, label] = [to, input.text];
    for (const hop of shown) {
      const node = this.add(hop);
      this.connect(node, at, label);
      [at, label] = [node, ''];
    }
    if (joined !== undefined) this.connect(joined, at, label);
    let behind = joined ?? at;
    for (const hop of hops.toReversed()) {
      const own = this.met.get(hopKey(hop));
      if (own !== undefined) behind = own;
      else this.met.set(hopKey(hop), behind);
    }
  }

  /** Hops up to one that was met before. */
  private *way(from: Lead): Work<{ readonly hops: readonly Hop[]; readonly joined: number | undefined }> {
    const hops: Hop[] = [];
    const own = new Set<string>();
    for (let next: Lead | undefined = from; next !== undefined && hops.length < LONGEST;) {
      const found: { readonly hop: Hop; readonly next: Lead | undefined } = yield* follow(
        tracedOf(this.traced, next),
        next,
      );
      const key = hopKey(found.hop);
      const joined = this.met.get(key);
      if (joined !== undefined) return { hops, joined };
      if (own.has(key)) break;
      own.add(key);
      hops.push(found.hop);
      next = found.next;
      yield found.hop.moment;
    }
    return { hops, joined: undefined };
  }

  private add(hop: Hop): number {
    const node = this.nodes.push({ hop, isCut: false }) - 1;
    this.met.set(hopKey(hop), node);
    if (hop.inputs.length > 1 || hop.kind === 'missing') this.open.push({ node, inputs: hop.inputs });
    return node;
  }

  private connect(from: number, to: number, label: string): void {
    if (from === to) return;
    const at = this.edges.findIndex((edge) => edge.from === from && edge.to === to);
    if (at < 0) this.edges.push({ from, to, kind: 'value', label });
    // the chain knows one operand, which tells its name when its turn comes
    else if (this.edges[at]!.label === '') this.edges[at] = { ...this.edges[at]!, label };
    else if (label !== '' && !this.edges[at]!.label.split(', ').includes(label))
      this.edges[at] = { ...this.edges[at]!, label: `${this.edges[at]!.label}, ${label}` };
  }

  private labelOf(to: number, hop: Hop): string {
    const { inputs } = this.nodes[to]!.hop;
    return inputs.length > 1 ? (inputs.find(({ text }) => text === hop.text)?.text ?? '') : '';
  }
}
