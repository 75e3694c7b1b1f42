/** Which names, numbers and strings a piece of a program has: what could stand in another's place. */
import type { AnyNode } from 'acorn';
import { eachNode, isNode, type ParsedSource, type Ranged } from '../evaluate/parsed-source.ts';

export interface Names {
  /** variables and parameters that an expression at the offset sees, without functions */
  around(offset: number): readonly string[];
  /** whether the name is the file's, not one of a function around the offset */
  isOuter(name: string, offset: number): boolean;
  /** functions that are called by their name */
  readonly functions: readonly string[];
  /** names of properties that are read or written by name */
  readonly properties: readonly string[];
  readonly numbers: readonly number[];
  readonly strings: readonly string[];
  /** Whether the identifier is an expression: it does not declare the name, and nothing is assigned to it. */
  isUse(node: Ranged): boolean;
  isCalled(node: Ranged): boolean;
  /** First arguments of the calls of methods of the object that the text names. */
  given(receiver: string): readonly Given[];
  /** Whether an expression at the offset sees all the names. */
  areAround(names: readonly string[], offset: number): boolean;
  /** Whether an `await` may stand at the offset. */
  isAwaiting(offset: number): boolean;
}

export interface Given {
  readonly text: string;
  readonly names: readonly string[];
}

interface Declared {
  readonly name: string;
  /** where it is seen */
  readonly from: number;
  readonly to: number;
}

const MOST = 8;

export function namesInSight({ text, program: root }: Pick<ParsedSource, 'text' | 'program'>): Names {
  const declared: Declared[] = [];
  const names = new Set<Ranged>();
  const called = new Set<Ranged>();
  const functions = new Set<string>();
  const properties = new Set<string>();
  const numbers = new Set<number>();
  const strings = new Set<string>();
  const given = new Map<string, Map<string, Given>>();
  const functionsAround: Ranged[] = [];
  /** of modules and classes: no values that are mistaken for others */
  const others = new Set<string>();

  const bind = (pattern: AnyNode | null, { start, end }: Ranged): void => {
    if (!pattern) return;
    switch (pattern.type) {
      case 'Identifier':
        names.add(pattern as Ranged);
        declared.push({ name: pattern.name, from: start, to: end });
        return;
      case 'ObjectPattern':
        for (const each of pattern.properties)
          bind(each.type === 'Property' ? each.value : each.argument, { start, end } as Ranged);
        return;
      case 'ArrayPattern':
        for (const each of pattern.elements) bind(each, { start, end } as Ranged);
        return;
      case 'AssignmentPattern':
        return bind(pattern.left, { start, end } as Ranged);
      case 'RestElement':
        return bind(pattern.argument, { start, end } as Ranged);
      default:
    }
  };

  const visit = (node: Ranged, block: Ranged): void => {
    let inner = block;
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        if (node.id) {
          names.add(node.id as Ranged);
          functions.add(node.id.name);
        }
        inner = node;
        functionsAround.push(node);
        for (const parameter of node.params) bind(parameter, node);
        break;
      case 'BlockStatement':
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'SwitchStatement':
        inner = node;
        break;
      case 'VariableDeclarator':
        if (isOther(node.init)) for (const name of namesIn(node.id)) others.add(name);
        if (node.init && /Function/.test(node.init.type) && node.id.type === 'Identifier') {
          names.add(node.id as Ranged);
          functions.add(node.id.name);
        } else bind(node.id, block);
        break;
      case 'CatchClause':
        inner = node;
        bind(node.param ?? null, node);
        break;
      case 'AssignmentExpression':
        if (node.left.type === 'Identifier') names.add(node.left as Ranged);
        break;
      case 'UpdateExpression':
        if (node.argument.type === 'Identifier') names.add(node.argument as Ranged);
        break;
      case 'CallExpression':
      case 'NewExpression':
        if (node.callee.type === 'Identifier') called.add(node.callee as Ranged);
        else if (node.callee.type === 'MemberExpression' && node.arguments[0]) {
          const receiver = text.slice(node.callee.object.start, node.callee.object.end);
          const [first] = node.arguments;
          const list = given.get(receiver) ?? new Map<string, Given>();
          if (!/Function|Literal$/.test(first.type) || first.type === 'TemplateLiteral') {
            const own = text.slice(first.start, first.end);
            if (list.size < MOST && !given.get(receiver)?.has(own)) list.set(own, { text: own, names: namesIn(first) });
            given.set(receiver, list);
          }
        }
        break;
      case 'MemberExpression':
        if (!node.computed && node.property.type === 'Identifier') properties.add(node.property.name);
        break;
      case 'Property':
        if (!node.computed && node.key.type === 'Identifier') properties.add(node.key.name);
        break;
      case 'Literal':
        if (typeof node.value === 'number') numbers.add(node.value);
        if (typeof node.value === 'string') strings.add(node.value);
        break;
      default:
    }
    for (const child of Object.values(node))
      for (const each of Array.isArray(child) ? (child as unknown[]) : [child])
        if (isNode(each)) visit(each as Ranged, inner);
  };
  visit(root as Ranged, root as Ranged);

  return {
    around: (offset) => {
      const seen = declared.filter(({ name, from, to }) => from <= offset && offset <= to && !others.has(name));
      // the nearest scopes first
      seen.sort((a, b) => a.to - a.from - (b.to - b.from));
      return [...new Set(seen.map(({ name }) => name))].slice(0, MOST);
    },
    isOuter: (name, offset) =>
      !declared.some(
        (each) => each.name === name && each.from <= offset && offset <= each.to && each.from !== root.start,
      ),
    functions: [...functions].slice(0, MOST),
    properties: [...properties].slice(0, 50),
    numbers: [...numbers].slice(0, MOST),
    strings: [...strings].slice(0, MOST),
    isUse: (node) => !names.has(node),
    isCalled: (node) => called.has(node),
    given: (receiver) => [...(given.get(receiver)?.values() ?? [])],
    areAround: (wanted, offset) =>
      wanted.every((name) => declared.some((each) => each.name === name && each.from <= offset && offset <= each.to)),
    isAwaiting: (offset) => {
      const around = functionsAround.filter(({ start, end }) => start <= offset && offset < end);
      const innermost = around.reduce<Ranged | undefined>((a, b) => (a && a.start > b.start ? a : b), undefined);
      return innermost !== undefined && 'async' in innermost && innermost.async === true;
    },
  };
}

/** Variables that an expression reads. */
function namesIn(node: AnyNode): string[] {
  const found: string[] = [];
  eachNode(node, (each) => {
    if (each.type === 'Identifier') found.push(each.name);
  });
  return found;
}

/** Whether a variable is made for a module or a class. */
function isOther(init: AnyNode | null | undefined): boolean {
  if (init?.type === 'ClassExpression') return true;
  const call =
    init?.type === 'MemberExpression' ? init.object : init?.type === 'AwaitExpression' ? init.argument : init;
  if (call?.type === 'ImportExpression') return true;
  return call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === 'require';
}
