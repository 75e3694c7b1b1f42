/**
 * What each expression of a statement gave when it ran. The statement is evaluated again over the recorded state, in the
 * language's order; where the program called something, wrote or waited, the recording says what came of it. No code of
 * the program runs: what only native code knows stays unknown, unless whoever got the value was recorded.
 */
import type { AnyNode } from 'acorn';
import type { Activation } from '../query/activation.ts';
import { Ending } from '../query/call-log.ts';
import { lexicalThis, truthy } from '../query/derive.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import type { Position } from '../query/timeline.ts';
import { Accessor, ObjectValue, hole, isPrimitive, opaque, toKey, uninitialised, type Value } from '../query/values.ts';
import { isCallOf, isInstance, returnedBy, type Caller, type Evaluated, type Facts } from './evaluated.ts';
import { isNoPromiseProperty } from './objects.ts';
import { calleeOf, codeOf, learnArguments, matchCall, resultOf } from './calls.ts';
import { findVariable, globalValue } from './names.ts';
import { accessorCaller, assign } from './assignments.ts';
import { binary, continues, isKnown, read, unary } from './primitives.ts';
import { isOfNode, type Happening, type InnerCall, type OwnEvent, type Run } from './run.ts';
import { memberOfMade } from './made-elements.ts';
import { keyText, plain } from './syntax.ts';
import { callOf, type Traced } from './traced.ts';

/** Evaluation does not go on: an error was thrown, or the run's end came first. */
class Stopped extends Error {}
/** The rest of an optional chain is left out. */
class ShortCut extends Error {}

export class Reenactment {
  readonly values = new Map<AnyNode, Evaluated>();
  /** the call expressions that made calls, by the number of the call; those that made them through native code too */
  readonly callers = new Map<number, Caller>();
  /** the expression whose evaluation did not end; undefined where all did */
  stopped: AnyNode | undefined;
  /** why, where the expression itself shows it */
  fault: 'nullish' | 'no function' | 'uninitialised' | undefined;
  /** happenings so far */
  next = 0;
  private stood: { readonly at: number; readonly position: Position } | undefined;

  constructor(
    readonly traced: Traced,
    readonly run: Run,
  ) {
    try {
      this.statement(run.node);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  /** opaque where it is not known, or was not evaluated */
  valueOf(node: AnyNode): Value {
    const known = this.values.get(plain(node));
    return known ? known.value : opaque;
  }

  has(node: AnyNode): boolean {
    return this.values.has(plain(node));
  }

  /** Stands where the node had just been evaluated; gives the place that searches backward begin at. */
  standAt(node: AnyNode): Position {
    return this.standAfter(this.values.get(plain(node))?.at ?? this.next);
  }

  /** When the node had just been evaluated. */
  momentOf(node: AnyNode): Moment {
    const count = this.values.get(plain(node))?.at ?? this.next;
    const { from, until, happenings } = this.run;
    return count === 0 ? (from?.moment ?? until) : Math.min(happenings[count - 1]!.end, until);
  }

  /** Stands behind so many of the run's happenings. */
  standAfter(count: number): Position {
    const { timeline } = this.traced;
    const { from, until, happenings } = this.run;
    const { position } = timeline;
    const known = this.stood;
    if (
      known?.at === count &&
      known.position.moment === position.moment &&
      known.position.statements === position.statements
    )
      return position;
    if (from === undefined) timeline.seekMoment(until);
    else if (count === 0) timeline.seek(from);
    else timeline.seekMoment(Math.min(happenings[count - 1]!.end, until));
    this.stood = { at: count, position: timeline.position };
    return timeline.position;
  }

  get activation(): Activation | undefined {
    return callOf(this.traced, this.run.call);
  }

  private statement(node: AnyNode): void {
    switch (node.type) {
      case 'VariableDeclaration':
        for (const each of node.declarations) this.declarator(each);
        return;
      case 'ExpressionStatement':
        return void this.eval(node.expression);
      case 'ReturnStatement':
      case 'ThrowStatement': {
        if (!node.argument) return;
        this.eval(node.argument);
        const event = this.consume(node);
        if (event) this.learn(node.argument, event.value);
        return;
      }
      case 'IfStatement':
        return void this.eval(node.test);
      case 'SwitchStatement':
        return this.switchOf(
          node.discriminant,
          node.cases.flatMap(({ test }) => (test ? [test] : [])),
        );
      case 'ForStatement':
        return node.init ? this.statement(node.init) : undefined;
      case 'ForInStatement':
      case 'ForOfStatement':
        return void this.eval(node.right);
      case 'LabeledStatement':
        return this.statement(node.body);
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        return node.declaration ? this.statement(node.declaration) : undefined;
      default:
        if (/(?<!Statement|Declaration)$/.test(node.type)) {
          this.eval(node);
          const event = this.consume(node);
          // the body of an arrow function is what it returns
          if (event?.code === EventCode.exit) this.learn(node, event.value);
        }
    }
  }

  private switchOf(discriminant: AnyNode, tests: readonly AnyNode[]): void {
    const value = this.eval(discriminant);
    for (const test of tests) if (binary('===', value, this.eval(test)) === true) return;
  }

  private declarator(node: Extract<AnyNode, { type: 'VariableDeclarator' }>): void {
    if (!node.init) return void this.consume(node);
    const value = this.eval(node.init);
    if (node.id.type !== 'Identifier') return this.pattern(node.id, value);
    const event = this.consume(node);
    if (event) this.learn(node.init, event.value);
  }

  /** Defaults in it are evaluated where what they stand for is undefined. */
  pattern(node: AnyNode, value: Value): void {
    switch (node.type) {
      case 'AssignmentPattern': {
        const given = read(value);
        if (given === undefined) this.eval(node.right);
        return this.pattern(node.left, given === undefined ? this.valueOf(node.right) : value);
      }
      case 'ObjectPattern':
        for (const each of node.properties) {
          if (each.type === 'RestElement') continue;
          const key = each.computed ? this.eval(each.key) : keyText(each.key, false);
          this.pattern(each.value, key === undefined ? opaque : this.memberNow(value, key));
        }
        return;
      case 'ArrayPattern':
        node.elements.forEach((each, i) => {
          if (each && each.type !== 'RestElement') this.pattern(each, this.memberNow(value, String(i)));
        });
        return;
      case 'Identifier':
        return void this.consume(node);
      default:
    }
  }

  /** Evaluates a node, and keeps what it gave. */
  eval(node: AnyNode): Value {
    const inner = plain(node);
    const facts: Facts = {};
    let value: Value;
    if (node.type === 'ChainExpression') {
      try {
        value = this.compute(inner, facts);
      } catch (error) {
        if (!(error instanceof ShortCut)) throw error;
        value = undefined;
      }
    } else value = this.compute(inner, facts);
    this.values.set(inner, { ...facts, value: read(value), at: this.next });
    return read(value);
  }

  private compute(node: AnyNode, facts: Facts): Value {
    switch (node.type) {
      case 'Literal':
        return 'regex' in node && node.regex ? opaque : (node.value as Value);
      case 'Identifier':
        return this.variable(node);
      case 'ThisExpression':
        this.standAfter(this.next);
        return this.activation ? lexicalThis(this.activation.scope) : opaque;
      case 'TemplateLiteral': {
        const parts = node.expressions.map((each) => this.eval(each));
        if (!parts.every((part) => isPrimitive(part))) return opaque;
        return node.quasis
          .map(({ value }, i) => (value.cooked ?? '') + (i < parts.length ? String(parts[i]) : ''))
          .join('');
      }
      case 'MemberExpression':
        return this.memberOf(node, facts);
      case 'UnaryExpression':
        return this.unary(node);
      case 'BinaryExpression': {
        const left = node.left.type === 'PrivateIdentifier' ? opaque : this.eval(node.left);
        const right = this.eval(node.right);
        return node.operator === 'instanceof'
          ? isInstance(this.traced, left, right)
          : binary(node.operator, left, right);
      }
      case 'LogicalExpression': {
        const left = this.eval(node.left);
        const goesOn = continues(node.operator, left);
        if (goesOn === undefined) return this.uncertain(node.right);
        return goesOn ? this.eval(node.right) : left;
      }
      case 'ConditionalExpression': {
        const truth = truthy(this.eval(node.test));
        if (truth !== undefined) return this.eval(truth ? node.consequent : node.alternate);
        this.uncertain(node.consequent);
        return this.uncertain(node.alternate);
      }
      case 'SequenceExpression':
        return node.expressions.map((each) => this.eval(each)).at(-1);
      case 'AssignmentExpression':
        return assign(this, node, facts);
      case 'UpdateExpression': {
        const old = node.argument.type === 'Identifier' ? this.eval(node.argument) : this.target(node.argument);
        facts.written = this.consume(node);
        return node.prefix ? (facts.written?.value ?? opaque) : old;
      }
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        return this.call(node, facts);
      case 'AwaitExpression':
        return this.awaited(node);
      case 'YieldExpression': {
        if (node.argument) this.eval(node.argument);
        this.consume(node, EventCode.suspend);
        if (this.consume(node, EventCode.resume) === undefined && !this.isQuiet) this.stop(node);
        return opaque;
      }
      case 'ArrayExpression':
        for (const each of node.elements) if (each) this.eval(each.type === 'SpreadElement' ? each.argument : each);
        return opaque;
      case 'ObjectExpression':
        for (const each of node.properties) {
          if (each.type === 'SpreadElement') this.eval(each.argument);
          else {
            if (each.computed) this.eval(each.key);
            this.eval(each.value);
          }
        }
        return opaque;
      case 'ImportExpression':
        this.eval(node.source);
        return opaque;
      default:
        return opaque;
    }
  }

  get isQuiet(): boolean {
    return this.run.from === undefined;
  }

  stop(node: AnyNode, fault?: Reenactment['fault']): never {
    this.stopped = node;
    this.fault = fault;
    throw new Stopped();
  }

  /** An expression that may have been left out: nothing that it would have done is looked for. */
  uncertain(node: AnyNode): Value {
    for (const inner of this.run.syntax.inside(node))
      if (/^(Call|New|Await|Yield|Assignment|Update|TaggedTemplate)Expression$/.test(inner.type)) this.stop(node);
    return opaque;
  }

  private variable(node: Extract<AnyNode, { type: 'Identifier' }>): Value {
    this.standAfter(this.next);
    // what was thrown has ended the call: its variables are those before
    const last = this.run.happenings[this.next - 1];
    if (last && !this.activation) this.traced.timeline.seekMoment(last.end - 1);
    const found = findVariable(this, node);
    if (found === 'undeclared')
      return (node.name === 'arguments' && this.activation?.argumentsObject) || globalValue(node.name);
    if (!found) return opaque;
    const { scope, variable } = found;
    const slot = scope.file.table.scopes[scope.scope]!.variables.indexOf(variable);
    const value = this.traced.timeline.replay.links.variable(scope, slot);
    if (value === uninitialised && !this.isQuiet) this.stop(node, 'uninitialised');
    return value;
  }

  /** The object of a member expression, and its key; their evaluation alone. */
  target(node: AnyNode): Value {
    const target = plain(node);
    if (target.type !== 'MemberExpression') return opaque;
    const object = target.object.type === 'Super' ? opaque : this.eval(target.object);
    const key = this.keyOf(target);
    return key === undefined ? opaque : this.memberNow(object, key);
  }

  keyOf(node: Extract<AnyNode, { type: 'MemberExpression' }>): Value {
    const text = keyText(node.property, node.computed);
    if (text !== undefined && !(node.computed && node.property.type === 'Identifier')) return text;
    return this.eval(node.property);
  }

  private memberOf(node: Extract<AnyNode, { type: 'MemberExpression' }>, facts: Facts): Value {
    if (node.object.type === 'Super') {
      if (node.computed) this.eval(node.property);
      return opaque;
    }
    const object = this.eval(node.object);
    if (node.optional && (object === null || object === undefined)) throw new ShortCut();
    const key = this.keyOf(node);
    if ((object === null || object === undefined) && !this.isQuiet) this.stop(node, 'nullish');
    if (object === opaque) return memberOfMade(this, node.object, key);
    this.standAfter(this.next);
    const found = object instanceof ObjectValue ? this.property(object, key) : undefined;
    if (found instanceof Accessor) {
      const getter = codeOf(this.traced, found.get);
      const call = getter && this.nextCall((each) => isCallOf(each, getter));
      if (!call) return opaque;
      facts.call = call;
      this.callers.set(call.serial, accessorCaller(node, object, this.next));
      return this.ended(call, node);
    }
    return this.member(object, key);
  }

  private property(object: ObjectValue, key: Value): Value | Accessor {
    const name = toKey(key);
    const found = name === undefined ? undefined : this.traced.reader.property(object, name);
    // a private method is none of the properties that are recorded
    if (found?.value === undefined && typeof name === 'string' && name.startsWith('#')) return opaque;
    if (found) return found.value;
    return name !== undefined && isNoPromiseProperty(this.traced, object, name) ? undefined : opaque;
  }

  private memberNow(value: Value, key: Value): Value {
    this.standAfter(this.next);
    return this.member(value, key);
  }

  /** A property of a value where the timeline stands; opaque where it is not known. */
  member(value: Value, key: Value): Value {
    if (typeof value === 'string') {
      if (key === 'length') return value.length;
      const index = Number(key);
      if (Number.isInteger(index) && index >= 0) return value[index];
      return opaque;
    }
    if (!(value instanceof ObjectValue)) return opaque;
    const found = this.property(value, key);
    return found instanceof Accessor ? opaque : found === hole ? undefined : found;
  }

  private unary(node: Extract<AnyNode, { type: 'UnaryExpression' }>): Value {
    if (node.operator === 'delete') {
      this.target(node.argument);
      this.consume(node);
      return opaque;
    }
    return unary(node.operator, this.eval(node.argument), (value) => this.traced.reader.typeOf(value));
  }

  private call(
    node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' | 'TaggedTemplateExpression' }>,
    facts: Facts,
  ): Value {
    const callee = calleeOf(this, node);
    const { value } = callee;
    if (node.type === 'CallExpression' && node.optional && (value === null || value === undefined))
      throw new ShortCut();
    const given = node.type === 'TaggedTemplateExpression' ? node.quasi.expressions : node.arguments;
    const values = given.map((each) => this.eval(each.type === 'SpreadElement' ? each.argument : each));
    facts.callee = callee;
    const before = this.next;
    const matched = matchCall(this, callee, given, node.type === 'NewExpression');
    if (matched === 'never') this.stop(node, isKnown(callee.value) && !callee.isFunction ? 'no function' : undefined);
    facts.before = before;
    if ('call' in matched) {
      this.callers.set(matched.call.serial, { node, callee, before, round: undefined });
      facts.call = matched.call;
      learnArguments(this, node, given, matched.call);
      const value = this.ended(matched.call, node);
      return node.type === 'NewExpression' && isPrimitive(value) ? matched.call.self : value;
    }
    facts.inner = matched.inner;
    facts.events = matched.events;
    matched.inner.forEach(({ serial }, round) => this.callers.set(serial, { node, callee, before, round }));
    const last = matched.inner.at(-1);
    if (last && (last.ending === undefined || (last.ending === Ending.threw && callee.name !== 'Promise')))
      this.stop(node);
    return given.some(({ type }) => type === 'SpreadElement')
      ? opaque
      : resultOf(this, { callee, values, before, ...matched });
  }

  /** What a recorded call gave; evaluation stops where it did not end. */
  private ended(call: InnerCall, node: AnyNode): Value {
    if (call.ending === undefined || call.ending === Ending.threw || call.ending === Ending.lost) this.stop(node);
    // an async function gives a promise, whatever it will return
    return call.file.table.functions[call.functionIndex]!.async ? opaque : call.value;
  }

  private awaited(node: Extract<AnyNode, { type: 'AwaitExpression' }>): Value {
    const value = this.eval(node.argument);
    const waits = this.consume(node, EventCode.suspend);
    if (waits) this.learn(node.argument, waits.value);
    const resumed = this.consume(node, EventCode.resume);
    if (!resumed) return this.isQuiet ? opaque : this.stop(node);
    const given = waits ? waits.value : value;
    if (isPrimitive(given)) return given;
    const call = this.values.get(plain(node.argument))?.call;
    return call ? returnedBy(this, call) : opaque;
  }

  /** What the consumer of a value got, where the value itself is not known. */
  learn(node: AnyNode, value: Value): void {
    const inner = plain(node);
    const known = this.values.get(inner);
    if (known && !isKnown(known.value) && isKnown(value)) this.values.set(inner, { ...known, value });
    // what hands it on has it too
    if (inner.type === 'SequenceExpression') this.learn(inner.expressions.at(-1)!, value);
  }

  /** The next call that it made, where the test holds; those before it were native code's. */
  nextCall(holds: (call: InnerCall) => boolean): InnerCall | undefined {
    const { happenings } = this.run;
    for (let i = this.next; i < happenings.length; i++) {
      const each = happenings[i]!;
      if (each.kind === 'own' && isOfNode(this.run, each)) return undefined;
      if (each.kind !== 'call' || !holds(each)) continue;
      this.next = i + 1;
      return each;
    }
    return undefined;
  }

  /** The happenings up to the next that an expression makes. */
  upcoming(): readonly Happening[] {
    const { happenings } = this.run;
    let end = this.next;
    while (end < happenings.length && !isOfNode(this.run, happenings[end]!)) end++;
    return happenings.slice(this.next, end);
  }

  /** The event of a node that writes, waits, returns or throws. */
  consume(node: AnyNode, code?: EventCode): OwnEvent | undefined {
    const { happenings, file, syntax } = this.run;
    for (let i = this.next; i < happenings.length; i++) {
      const each = happenings[i]!;
      if (each.kind === 'call' || !isOfNode(this.run, each)) continue;
      if (code !== undefined && each.code !== code) continue;
      if (code === undefined && (each.code === EventCode.suspend || each.code === EventCode.resume)) continue;
      const op = file.table.ops[each.op];
      if (!op || !('start' in op) || !isAt(op, node, syntax.within(op.start, op.end))) continue;
      this.next = i + 1;
      return each;
    }
    return undefined;
  }
}

function isAt(
  op: { readonly start: number; readonly end: number },
  node: AnyNode,
  outermost: AnyNode | undefined,
): boolean {
  return (op.start === node.start && op.end === node.end) || outermost === node;
}
