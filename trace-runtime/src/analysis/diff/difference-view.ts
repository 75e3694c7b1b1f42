/** A difference as people read it: both places with their sources, stacks, and the variables that differ, as texts. */
import type { AnyNode } from 'acorn';
import type { Activation, LoadedFile } from '../../query/activation.ts';
import { K } from '../../query/code.ts';
import { EventCode } from '../../query/moments.ts';
import { printLine } from '../../query/print-value.ts';
import { shownFunction } from '../../query/shown-function.ts';
import type { StreamReplay } from '../../query/replay.ts';
import type { Places, SourcePlace } from '../../query/source-places.ts';
import { StateReader } from '../../query/state.ts';
import { SymbolValue, type Accessor, type Value } from '../../query/values.ts';
import type { Ranged } from '../../evaluate/parsed-source.ts';
import { rangesOf } from './explain.ts';
import type { Difference, Lockstep, ValuePlace } from './lockstep.ts';
import { valueAt, type Range, type Reads } from './reads.ts';
import type { Item } from './walker.ts';

export interface SideView {
  readonly stream: number;
  readonly moment: number;
  readonly functionName: string;
  /** undefined where no recorded code runs there */
  readonly place: SourcePlace | undefined;
  /** innermost first */
  readonly stack: readonly { readonly functionName: string; readonly place: SourcePlace }[];
}

/** A variable, or what a decision tested, in both runs; undefined where a run does not have it. */
export interface Beside {
  readonly name: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

interface BaseView {
  /** events of the first run before it */
  readonly events: number;
  readonly a: SideView;
  readonly b: SideView;
  readonly variables: readonly Beside[];
}

export interface ValueView extends BaseView {
  readonly kind: 'value';
  /** what has the value: "`total`", "argument `x` of `f`" */
  readonly what: string;
  readonly valueA: string;
  readonly valueB: string;
  readonly isIdentity: boolean;
  readonly inputs: readonly string[];
}

export interface ControlView extends BaseView {
  readonly kind: 'control';
  /** what the first run does there: "runs `x = 1;`", "returns" */
  readonly goesA: string;
  readonly goesB: string;
  /** what decided it; undefined where nothing in the source does */
  readonly decision:
    | { readonly text: string; readonly place: SourcePlace | undefined; readonly tested: readonly Beside[] }
    | undefined;
}

export interface ViewSide {
  readonly replay: StreamReplay;
  /** number of the stream, from 1 */
  readonly stream: number;
  readonly places: Places;
}

const DECISIONS: ReadonlySet<string> = new Set([
  'IfStatement',
  'ConditionalExpression',
  'LogicalExpression',
  'SwitchStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);
const WIDTH = 160;
const FRAMES = 30;
const VARIABLES = 12;

export class Views {
  private readonly readers: readonly [StateReader, StateReader];

  constructor(
    private readonly sides: readonly [ViewSide, ViewSide],
    private readonly reads: Reads,
    private readonly lockstep: Pick<Lockstep, 'holdSame' | 'scopeOf'>,
  ) {
    this.readers = [new StateReader(sides[0].replay), new StateReader(sides[1].replay)];
  }

  of(difference: Difference): ValueView | ControlView {
    const [a, b] = [this.sides[0].replay, this.sides[1].replay];
    if (difference.kind === 'value') {
      const { what, isIdentity, inputs } = difference;
      return {
        kind: 'value',
        events: a.event.moment,
        what: this.nameOf(what),
        valueA: this.print(0, difference.a),
        valueB: this.print(1, difference.b),
        isIdentity,
        inputs,
        a: this.side(0, a.event.file, a.event.op, a.event.activation),
        b: this.side(1, b.event.file, b.event.op, b.event.activation),
        variables: this.variables(a.event.activation, b.event.activation),
      };
    }
    const { a: itemA, b: itemB } = difference;
    return {
      kind: 'control',
      events: a.moment,
      goesA: this.goes(0, itemA),
      goesB: this.goes(1, itemB),
      decision: this.decision(difference),
      a: this.side(0, itemA.file, itemA.op, itemA.activation),
      b: this.side(1, itemB.file, itemB.op, itemB.activation),
      variables: this.variables(a.stack.at(-1), b.stack.at(-1)),
    };
  }

  private print(side: 0 | 1, value: Value | Accessor): string {
    const text = printLine(this.readers[side], 2, value);
    return text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text;
  }

  private side(side: 0 | 1, file: LoadedFile | undefined, op: number, activation: Activation | undefined): SideView {
    const { replay, stream, places } = this.sides[side];
    const reader = this.readers[side];
    const start = file?.code.start[op] ?? -1;
    const left = activation !== undefined && !replay.stack.includes(activation) ? [activation] : [];
    const frames = [...left, ...replay.stack.toReversed()].slice(0, FRAMES);
    return {
      stream,
      moment: replay.moment,
      functionName: activation?.site.name ?? '',
      place: file === undefined || start < 0 ? undefined : places.of(reader, file, start),
      stack: frames.map(({ site, file: of, position }, at) => ({
        functionName: shownFunction(site.name, site.kind === 'module'),
        place: places.of(reader, of, at === 0 && start >= 0 && of === file ? start : of.code.start[position]!),
      })),
    };
  }

  private nameOf(what: ValuePlace): string {
    const { event } = this.sides[0].replay;
    const name = event.activation?.site.name || 'the function';
    switch (what.kind) {
      case 'variable':
        return `\`${what.name}\``;
      case 'argument':
        return `argument \`${what.name}\` of \`${name}\``;
      case 'property': {
        const text = this.text(event.file, event.op);
        const target = /^([^=]+?)\s*(?:[-+*/%&|^]|\*\*|<<|>>>?|\?\?|&&|\|\|)?=(?![=>])/s.exec(text)?.[1];
        const key = what.key instanceof SymbolValue ? (what.key.description ?? 'a symbol') : String(what.key);
        return event.code === EventCode.set && target !== undefined ? `\`${oneLine(target)}\`` : `property \`${key}\``;
      }
      case 'this':
        return `\`this\` of \`${name}\``;
      case 'return':
        return `what \`${name}\` returns`;
      case 'throw':
        return 'the error thrown';
      case 'result':
        return 'the result of the call';
      case 'awaited':
        return 'what is awaited';
      case 'native':
        return 'what a built-in function changed';
    }
  }

  private text(file: LoadedFile | undefined, op: number): string {
    if (file === undefined) return '';
    return this.reads.text(file, { start: file.code.start[op]!, end: file.code.end[op]! });
  }

  private goes(side: 0 | 1, { kind, code, activation, file, op }: Item): string {
    const name = activation?.site.name ? `\`${activation.site.name}\`` : 'a function without a name';
    if (kind === 'end') return 'ends';
    if (kind === 'turn') return code === EventCode.enter ? `calls ${name}` : `goes on with ${name}`;
    if (kind === 'statement') return `runs \`${this.head(file, op)}\``;
    const { value } = this.sides[side].replay.event;
    switch (code) {
      case EventCode.enter:
        return `calls ${name}`;
      case EventCode.exit:
      case EventCode.return:
        return `returns from ${name}`;
      case EventCode.abrupt:
        return `leaves ${name} by a throw`;
      case EventCode.throw:
        return `throws ${this.print(side, value)}`;
      case EventCode.catch:
        return `catches ${this.print(side, value)}`;
      case EventCode.uncaught:
        return `ends by an error that nothing caught: ${this.print(side, value)}`;
      case EventCode.suspend:
        return `waits in ${name}`;
      case EventCode.resume:
        return `goes on with ${name}`;
      case EventCode.branch:
        return `goes into \`${oneLine(this.text(file, op))}\``;
      default:
        return `goes on with \`${oneLine(this.text(file, op))}\``;
    }
  }

  private head(file: LoadedFile | undefined, op: number): string {
    const [head] = file === undefined ? [] : rangesOf(file, op);
    return head === undefined || file === undefined ? '' : oneLine(this.reads.text(file, head));
  }

  /** The branch that one of them took, or the expression that chose between two calls; and what it tested. */
  private decision({ a, b, pair }: Extract<Difference, { kind: 'control' }>): ControlView['decision'] {
    const side = isArm(a) ? 0 : 1;
    const item = [a, b][side]!;
    const calls = this.sides.map(({ replay }, at) => this.callOf(replay, [a, b][at]!, pair)) as [
      Activation | undefined,
      Activation | undefined,
    ];
    const call = calls[side];
    if (call === undefined) return undefined;
    const { file } = call;
    const node = isArm(item) ? this.around(file, item.op) : this.choiceIn(a, b, call);
    const test = node === undefined ? undefined : testOf(node);
    if (node === undefined || test === undefined) return undefined;
    const tested = this.reads.in(file, test).flatMap(({ text, path }) => {
      const [inA, inB] = [0, 1].map((at) => {
        const of = calls[at];
        const found =
          of && valueAt(this.sides[at]!.replay, this.readers[at]!, this.lockstep.scopeOf(at as 0 | 1, of), path);
        return found && this.print(at as 0 | 1, found.value);
      });
      return inA === undefined && inB === undefined ? [] : [{ name: text, a: inA, b: inB }];
    });
    const place = this.sides[side]!.places.of(this.readers[side]!, file, test.start);
    return { text: oneLine(this.reads.text(file, test)), place, tested };
  }

  private callOf(replay: StreamReplay, { activation }: Item, pair: number): Activation | undefined {
    const { stack } = replay;
    if (activation === undefined) return stack.at(-1);
    // one of them may have called what the other did not
    const at = stack.indexOf(activation);
    return activation.serial === pair || at <= 0 || replay.event.code !== EventCode.enter ? activation : stack[at - 1];
  }

  private around(file: LoadedFile, op: number): Ranged | undefined {
    const { start, end } = { start: file.code.start[op]!, end: file.code.end[op]! };
    return this.reads.around(file, { start, end }, DECISIONS);
  }

  private choiceIn(a: Item, b: Item, call: Activation): Ranged | undefined {
    if (a.code !== EventCode.enter && b.code !== EventCode.enter) return undefined;
    const [head] = rangesOf(call.file, call.position);
    return head && this.reads.inside(call.file, head, new Set(['ConditionalExpression', 'LogicalExpression']));
  }

  /** Of the calls that stand in each other's place, innermost first. */
  private variables(a: Activation | undefined, b: Activation | undefined): Beside[] {
    if (a === undefined || b === undefined) return [];
    const scopesA = this.readers[0].scopes(this.lockstep.scopeOf(0, a));
    const scopesB = this.readers[1].scopes(this.lockstep.scopeOf(1, b));
    const inB = new Map<string, Value>();
    for (const { variables } of scopesB.toReversed()) for (const { name, value } of variables) inB.set(name, value);
    const seen = new Set<string>();
    const found: Beside[] = [];
    for (const { variables } of scopesA) {
      for (const { name, value } of variables) {
        if (seen.has(name) || found.length >= VARIABLES) continue;
        seen.add(name);
        if (inB.has(name) && this.lockstep.holdSame(value, inB.get(name))) continue;
        found.push({ name, a: this.print(0, value), b: inB.has(name) ? this.print(1, inB.get(name)) : undefined });
      }
    }
    return found;
  }
}

function isArm({ kind, code, file, op }: Item): boolean {
  return kind === 'event' && code === EventCode.branch && file?.code.kind[op] === K.block;
}

function testOf(node: AnyNode): Range | undefined {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return node.test;
    case 'ForStatement':
      return node.test ?? undefined;
    case 'LogicalExpression':
      return node.left;
    case 'SwitchStatement':
      return node.discriminant;
    case 'ForInStatement':
    case 'ForOfStatement':
      return node.right;
    default:
      return undefined;
  }
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
