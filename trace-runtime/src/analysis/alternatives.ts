/**
 * Small changes of a program that a developer might make to correct it: another operator, a neighbouring number, another
 * variable, one operand less. Each is tried on what was recorded (trials.ts). The kinds are those of mutation testing;
 * how likely a correction is of a kind follows published counts of one-line fixes in JavaScript (ManySStuBs4J and its
 * JavaScript counterpart: operators, operands, literals, arguments, and names are most of them).
 */
import type { AnyNode } from 'acorn';
import { isNode, type ParsedSource, type Ranged } from '../evaluate/parsed-source.ts';
import { namesInSight, type Names } from './names-in-sight.ts';

export type AlternativeKind =
  | 'operator'
  | 'operand'
  | 'literal'
  | 'name'
  | 'function'
  | 'order'
  | 'condition'
  | 'offset'
  | 'wrap'
  | 'removal'
  | 'addition';

/** Instead of the source's text between the offsets, another. */
export interface Alternative {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** the text that it stands for */
  readonly was: string;
  /** other places of the same text, which are changed with it */
  readonly also?: readonly { readonly from: number; readonly to: number }[];
  readonly kind: AlternativeKind;
  /** how likely a correction is of this kind, from 0 to 1 */
  readonly weight: number;
}

const WEIGHTS: Readonly<Record<AlternativeKind, number>> = {
  operator: 1,
  function: 1,
  name: 0.9,
  literal: 0.9,
  order: 0.85,
  operand: 0.8,
  offset: 0.7,
  removal: 0.6,
  addition: 0.5,
  wrap: 0.45,
  condition: 0.35,
};

const RELATIONS = ['<', '<=', '>', '>=', '==', '!=', '===', '!=='];
const ARITHMETIC = ['+', '-', '*', '/', '%', '**'];
const BITS = ['&', '|', '^', '<<', '>>', '>>>'];
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/='];

/** Functions that are mistaken for each other. */
const ALIKE: readonly (readonly string[])[] = [
  ['startsWith', 'endsWith', 'includes'],
  ['toUpperCase', 'toLowerCase'],
  ['toLocaleUpperCase', 'toLocaleLowerCase'],
  ['min', 'max'],
  ['floor', 'ceil', 'round', 'trunc'],
  ['push', 'unshift'],
  ['pop', 'shift'],
  ['indexOf', 'lastIndexOf'],
  ['find', 'findLast'],
  ['findIndex', 'findLastIndex'],
  ['every', 'some'],
  ['slice', 'splice'],
  ['padStart', 'padEnd'],
  ['trim', 'trimStart', 'trimEnd'],
  ['replace', 'replaceAll'],
  ['keys', 'values', 'entries'],
  ['parseInt', 'parseFloat', 'Number'],
  ['charAt', 'charCodeAt'],
  ['reduce', 'reduceRight'],
  ['getTime', 'getDate', 'getDay'],
  ['getMonth', 'getUTCMonth'],
  ['getDate', 'getUTCDate'],
  ['getHours', 'getUTCHours'],
  ['getDay', 'getUTCDay'],
  ['getFullYear', 'getUTCFullYear'],
  ['setDate', 'setUTCDate'],
  ['setHours', 'setUTCHours'],
];

/** The changes of a file where `runs` says of a statement that it ran. In the text's order. */
export function alternatives(source: ParsedSource, runs: (statement: Ranged) => boolean): readonly Alternative[] {
  const found = new Finder(source, namesInSight(source));
  found.visit(source.program as Ranged, runs);
  return [...found.list, ...everywhere(source.text, found.list)];
}

/** A mistake that was copied: what stands at several places is changed at all of them. */
function everywhere(source: string, list: readonly Alternative[]): readonly Alternative[] {
  const alike = new Map<string, Alternative[]>();
  for (const each of list) {
    if (each.kind !== 'literal' && each.kind !== 'function') continue;
    // what it is compared with is another matter than what it is set to
    const [before] = /[^\w\s]*\s*$/.exec(source.slice(0, each.from).slice(-20))!;
    const key = JSON.stringify([before.trim(), each.was, each.text]);
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  return [...alike.values()].flatMap((group): Alternative[] => {
    const [first, ...also] = group;
    if (also.length === 0 || also.length > MOST_ALIKE) return [];
    return [{ ...first!, also, weight: first!.weight * 0.8 }];
  });
}

const MOST_ALIKE = 6;

class Finder {
  readonly list: Alternative[] = [];
  private readonly known = new Set<string>();

  constructor(
    private readonly source: ParsedSource,
    private readonly names: Names,
  ) {}

  /** `isPart`: a declaration in the head of a loop, which runs with it. */
  visit(node: Ranged, runs: (statement: Ranged) => boolean, isPart = false): void {
    const isStatement = !isPart && /Statement$|Declaration$/.test(node.type) && node.type !== 'BlockStatement';
    if (isStatement && !/^Function|^Class/.test(node.type) && !runs(node)) return;
    this.of(node);
    for (const [key, child] of Object.entries(node)) {
      if (isName(node, key)) continue;
      const isHead = node.type.startsWith('For') && key !== 'body';
      for (const each of Array.isArray(child) ? (child as unknown[]) : [child])
        if (isNode(each)) this.visit(each as Ranged, runs, isHead);
    }
  }

  private text({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.source.text.slice(start, end);
  }

  private put(kind: AlternativeKind, node: Ranged, text: string, factor = 1): void {
    this.replace(kind, node.start, node.end, text, factor);
  }

  private replace(kind: AlternativeKind, from: number, to: number, text: string, factor = 1): void {
    const key = `${from}:${to}:${text}`;
    const was = this.source.text.slice(from, to);
    if (this.known.has(key) || was === text) return;
    this.known.add(key);
    this.list.push({ from, to, text, was, kind, weight: WEIGHTS[kind] * factor });
  }

  private of(node: Ranged): void {
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
        return this.binary(node);
      case 'AssignmentExpression':
        return this.assignment(node);
      case 'UpdateExpression':
        return this.update(node);
      case 'UnaryExpression':
        this.put('operand', node, this.text(node.argument));
        return;
      case 'Literal':
        return this.literal(node);
      case 'TemplateLiteral':
        if (node.expressions.length === 0) this.strings(node, node.quasis[0]?.value.cooked ?? '');
        return;
      case 'Identifier':
        return this.identifier(node);
      case 'CallExpression':
      case 'NewExpression':
        return this.call(node);
      case 'MemberExpression':
        return this.member(node);
      case 'SequenceExpression':
        return this.swapped(node.expressions as Ranged[]);
      case 'ArrayExpression':
        return this.array(node);
      case 'ObjectExpression':
        if (node.properties.some(({ type }) => type === 'SpreadElement')) this.swapped(node.properties as Ranged[]);
        return;
      case 'ConditionalExpression':
        this.swapped([node.consequent as Ranged, node.alternate as Ranged]);
        this.put('removal', node, this.text(node.consequent), 0.5);
        this.put('removal', node, this.text(node.alternate), 0.5);
        return this.condition(node.test as Ranged);
      case 'IfStatement':
        this.condition(node.test as Ranged);
        this.put('removal', node, node.alternate ? this.text(node.alternate) : ';');
        if (node.alternate) this.replace('removal', node.consequent.end, node.end, '', 0.5);
        return;
      case 'WhileStatement':
      case 'DoWhileStatement':
        return this.condition(node.test as Ranged);
      case 'ForStatement':
        if (node.test) this.condition(node.test as Ranged);
        return;
      case 'ExpressionStatement':
        this.put('removal', node, ';');
        return;
      case 'ContinueStatement':
      case 'BreakStatement':
        this.put('removal', node, ';', 0.7);
        this.put('removal', node, node.type === 'BreakStatement' ? 'continue;' : 'break;', 0.7);
        return;
      case 'ReturnStatement':
        return this.returned(node);
      case 'AwaitExpression':
        return;
      case 'VariableDeclarator':
        if (node.init) this.valueOf(node.init as Ranged);
        return;
      default:
    }
  }

  private binary(node: Ranged & Extract<AnyNode, { type: 'BinaryExpression' | 'LogicalExpression' }>): void {
    const { operator } = node;
    const left = node.left as Ranged;
    const right = node.right as Ranged;
    const at = this.operatorAt(left, right, operator);
    if (at >= 0) {
      const group = [RELATIONS, ARITHMETIC, BITS, ['&&', '||', '??']].find((each) => each.includes(operator)) ?? [];
      for (const other of group) {
        if (other === operator || isSameRelation(operator, other)) continue;
        this.replace('operator', at, at + operator.length, other, nearness(operator, other));
      }
    }
    if (node.type === 'LogicalExpression') this.chain(node);
    for (const part of operandsOf(node)) this.put('operand', node, this.text(part));
    if (!/^([&|]{2}|\?\?|[=!]==?)$/.test(operator)) this.swapped([left, right], 0.8);
    if (node.type === 'LogicalExpression' && left.type === 'BinaryExpression' && right.type === 'BinaryExpression')
      this.swapped([left.right as Ranged, right.right as Ranged]);
    if (/^[*/%]$/.test(operator))
      for (const part of [left, right]) {
        this.put('offset', part, `(${this.text(part)} + 1)`, /Literal/.test(part.type) ? 0.5 : 0.9);
        this.put('offset', part, `(${this.text(part)} - 1)`, /Literal/.test(part.type) ? 0.5 : 0.9);
      }
    if (/^[=!<>]/.test(operator)) {
      this.offsets(left, 0.7);
      this.offsets(right);
    }
  }

  /** Another operator between all operands of a chain of at least three. */
  private chain(node: Ranged & Extract<AnyNode, { type: 'LogicalExpression' }>): void {
    const { operator } = node;
    const places: number[] = [];
    for (let at: AnyNode = node; at.type === 'LogicalExpression' && at.operator === operator; at = at.left)
      places.unshift(this.operatorAt(at.left as Ranged, at.right as Ranged, operator));
    const [from, ...others] = places as [number, ...number[]];
    if (others.length === 0 || places.some((at) => at < 0)) return;
    const text = operator === '&&' ? '||' : '&&';
    const also = others.map((at) => ({ from: at, to: at + operator.length }));
    this.list.push({
      from,
      to: from + operator.length,
      text,
      was: operator,
      also,
      kind: 'operator',
      weight: WEIGHTS.operator,
    });
  }

  /** Where the operator stands between its operands; -1 where comments make that unclear. */
  private operatorAt(left: Ranged, right: Ranged, operator: string): number {
    const between = this.source.text.slice(left.end, right.start);
    const at = between.indexOf(operator);
    return at < 0 || between.includes('/*') || between.includes('//') ? -1 : left.end + at;
  }

  private assignment(node: Ranged & Extract<AnyNode, { type: 'AssignmentExpression' }>): void {
    const left = node.left as Ranged;
    const right = node.right as Ranged;
    const at = this.operatorAt(left, right, node.operator);
    if (at >= 0 && ASSIGNMENTS.includes(node.operator))
      for (const other of ASSIGNMENTS)
        if (other !== node.operator)
          this.replace('operator', at, at + node.operator.length, other, other === '=' ? 0.7 : 1);
    this.valueOf(right);
    // what was there is kept
    if (node.operator === '=' && right.type === 'ArrayExpression' && right.elements.length > 0)
      this.put('addition', right, `[...(${this.text(left)} ?? []), ${this.text(right).slice(1)}`, 1.5);
    if (node.operator === '=' && left.type === 'Identifier') {
      // what it held, and something of it
      for (const operator of ['+', '-', '*'])
        this.put('addition', right, `${left.name} ${operator} (${this.text(right)})`, 0.4);
    }
  }

  private update(node: Ranged & Extract<AnyNode, { type: 'UpdateExpression' }>): void {
    const name = this.text(node.argument);
    this.put('operator', node, node.operator === '++' ? `${name}--` : `${name}++`);
    this.put('literal', node, `${name} ${node.operator[0]}= 2`, 0.8);
  }

  private literal(node: Ranged & Extract<AnyNode, { type: 'Literal' }>): void {
    const { value } = node;
    if (typeof value === 'boolean') this.put('literal', node, String(!value));
    else if (typeof value === 'number') {
      const near = [value + 1, value - 1];
      const far = [0, 1, 2, -1, value + 2, value - 2, value * 2, value / 2, value * 10, ...this.names.numbers];
      for (const each of near) this.put('literal', node, numberText(each));
      for (const each of far) if (Number.isFinite(each)) this.put('literal', node, numberText(each), 0.75);
      for (const name of this.names.around(node.start)) this.put('name', node, name, 0.6);
    } else if (typeof value === 'string') this.strings(node, value);
    else if (value instanceof RegExp) {
      const { pattern, flags } = (node as unknown as { regex: { pattern: string; flags: string } }).regex;
      for (const flag of ['g', 'i'])
        this.put('literal', node, `/${pattern}/${flags.includes(flag) ? flags.replace(flag, '') : flags + flag}`);
    }
  }

  private strings(node: Ranged, value: string): void {
    const quoted = (text: string): string => JSON.stringify(text);
    const others = [value.slice(0, -1), value.slice(1), value.trim(), value.toUpperCase(), value.toLowerCase(), ''];
    others.push(value.charAt(0).toUpperCase() + value.slice(1), value.charAt(0).toLowerCase() + value.slice(1));
    for (const each of others) this.put('literal', node, quoted(each), 0.9);
    for (const each of this.names.strings) {
      this.put('literal', node, quoted(each), 0.8);
      if (each.length < 3) this.put('literal', node, quoted(value + each), 0.5);
    }
    for (const each of [' ', ',', '.']) this.put('literal', node, quoted(each), 0.6);
  }

  private identifier(node: Ranged & Extract<AnyNode, { type: 'Identifier' }>): void {
    if (!this.names.isUse(node)) return;
    const isFunction = this.names.isCalled(node);
    for (const name of isFunction ? this.names.functions : this.names.around(node.start)) this.put('name', node, name);
  }

  private call(node: Ranged & Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>): void {
    const given = node.arguments as Ranged[];
    const callee = node.callee as Ranged;
    this.swapped(given);
    for (const argument of given) this.offsets(argument, 0.8);
    if (this.names.isAwaiting(node.start)) this.put('wrap', node, `(await ${this.text(node)})`, 2);
    if (callee.type === 'MemberExpression' && !callee.computed && node.type === 'CallExpression') {
      const receiver = callee.object as Ranged;
      const name = callee.property as Ranged;
      for (const group of ALIKE)
        if (group.includes(this.text(name))) for (const other of group) this.put('function', name, other);
      // one array for all, where each should have its own
      if (this.text(name) === 'fill' && given.length === 1 && !/Literal/.test(given[0]!.type))
        this.put('wrap', node, `${this.text(receiver)}.fill().map(() => (${this.text(given[0]!)}))`, 2);
      // what the same object is given elsewhere
      for (const other of this.names.given(this.text(receiver)))
        if (given[0] && this.names.areAround(other.names, node.start)) this.put('name', given[0], other.text, 0.95);
      // a link of a chain left out
      this.put('removal', node, this.text(receiver), 0.9);
      if (given.length === 1) {
        const [argument] = given;
        this.put('order', node, `${wrapped(this.text(argument!))}.${this.text(name)}(${this.text(receiver)})`);
      }
    } else if (callee.type === 'Identifier') {
      for (const group of ALIKE)
        if (group.includes(callee.name)) for (const other of group) this.put('function', callee, other);
      if (given.length > 0 && node.type === 'CallExpression') this.put('removal', node, this.text(given[0]!), 0.6);
    }
    for (const argument of given.slice(1)) {
      const index = given.indexOf(argument);
      this.replace('removal', given[index - 1]!.end, argument.end, '', 0.7);
    }
  }

  private member(node: Ranged & Extract<AnyNode, { type: 'MemberExpression' }>): void {
    if (node.computed) {
      const key = node.property as Ranged;
      this.offsets(key);
      for (const number of ['0', '1']) this.put('offset', key, number, 0.8);
    } else {
      const name = this.text(node.property);
      for (const other of this.names.properties)
        if (other !== name && isLike(name, other)) this.put('name', node.property as Ranged, other);
    }
  }

  private array(node: Ranged & Extract<AnyNode, { type: 'ArrayExpression' }>): void {
    const elements = node.elements.filter((each) => each !== null) as Ranged[];
    if (elements.length <= 4) this.swapped(elements);
    elements.forEach((element, i) => {
      if (elements.length > 8) return;
      this.offsets(element, 0.6);
      const [from, to] =
        i > 0 ? [elements[i - 1]!.end, element.end] : [element.start, elements[1]?.start ?? element.end];
      this.replace('removal', from, to, '', 0.8);
    });
  }

  private condition(test: Ranged): void {
    this.put('condition', test, `!(${this.text(test)})`);
    this.put('condition', test, 'true', 0.7);
    this.put('condition', test, 'false', 0.7);
  }

  private returned(node: Ranged & Extract<AnyNode, { type: 'ReturnStatement' }>): void {
    const value = node.argument as Ranged | null | undefined;
    if (!value) return;
    this.valueOf(value);
    this.put('removal', node, ';', 0.5);
    for (const name of this.names.around(node.start)) this.put('name', value, name, 0.7);
    for (const each of ['true', 'false', '0', '1', '-1', '[]', "''", 'null']) this.put('literal', value, each, 0.4);
  }

  /** A value that is kept or given: a little more or less of it, or something done to it. */
  private valueOf(node: Ranged): void {
    if (/Function|Object|Array/.test(node.type)) return;
    const text = wrapped(this.text(node));
    this.offsets(node);
    for (const each of [`${text} / 2`, `${text} * 2`, `${text} * ${text}`, `${text} * -1`, `${text} % 10`])
      this.put('wrap', node, each, 0.7);
    for (const each of [
      `Math.floor(${text})`,
      `Math.abs(${text})`,
      `Math.round(${text})`,
      `String(${text})`,
      `Number(${text})`,
    ])
      this.put('wrap', node, each, 0.8);
    if (/Call|Member|Identifier/.test(node.type))
      for (const each of ['.reverse()', '.sort()', '.sort((a, b) => a - b)', '.slice()', '.trim()', '.length'])
        this.put('wrap', node, text + each, 0.8);
  }

  private offsets(node: Ranged, factor = 1): void {
    if (/Function|Literal|Object|Array|Spread/.test(node.type)) return;
    const text = wrapped(this.text(node));
    this.put('offset', node, `${text} + 1`, factor);
    this.put('offset', node, `${text} - 1`, factor);
  }

  /** Two that stand next to each other, exchanged. */
  private swapped(nodes: readonly Ranged[], factor = 1): void {
    for (let i = 0; i + 1 < nodes.length && i < 4; i++) {
      const [a, b] = [nodes[i]!, nodes[i + 1]!];
      const between = this.source.text.slice(a.end, b.start);
      this.replace('order', a.start, b.end, this.text(b) + between + this.text(a), factor);
    }
  }
}

/** What of an operator's chain may stand alone: its operands, and those of the same operators within. */
function operandsOf(node: AnyNode): readonly Ranged[] {
  if (node.type !== 'BinaryExpression' && node.type !== 'LogicalExpression') return [];
  const inner = node.left.type === node.type ? operandsOf(node.left) : [];
  return [node.left as Ranged, node.right as Ranged, ...inner];
}

/** Places of names that are no expressions. */
function isName(node: Ranged, key: string): boolean {
  if (node.type === 'MemberExpression') return key === 'property' && !node.computed;
  if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition')
    return key === 'key' && !node.computed;
  return (node.type === 'LabeledStatement' || /^(Break|Continue)/.test(node.type)) && key === 'label';
}

function wrapped(text: string): string {
  return /^[\w$.]+$|^\(.*\)$/.test(text) ? text : `(${text})`;
}

function numberText(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}

/** `==` for `===` corrects nothing that anybody looks for. */
function isSameRelation(a: string, b: string): boolean {
  return a !== b && a.replace('===', '==').replace('!==', '!=') === b.replace('===', '==').replace('!==', '!=');
}

/** Operators that differ by their edge are mistaken for each other most. */
function nearness(a: string, b: string): number {
  if (!RELATIONS.includes(a)) return 1;
  const [own, other] = [a[0]!, b[0]!];
  if (own === other) return 1;
  return /[<>]/.test(own) && /[<>]/.test(other) ? 0.85 : /[=!]/.test(own) && /[=!]/.test(other) ? 1 : 0.7;
}

/** Whether one name may be a slip of the other. */
function isLike(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2 || Math.min(a.length, b.length) < 3) return false;
  const sorted = (text: string): string => text.toLowerCase().split('').toSorted().join('');
  return a.slice(0, 3) === b.slice(0, 3) || sorted(a) === sorted(b);
}
