/** What a run of a statement read: evaluated over the definitions of the log, as far as those tell. */
import type { AnyNode } from 'acorn';
import { Accessor, ObjectValue, opaque, uninitialised, type Value } from '../../query/values.ts';
import type { Moment } from '../../query/moments.ts';
import { scopeOf } from '../names.ts';
import { binary, isKnown } from '../primitives.ts';
import { keyText, plain, type Of } from '../syntax.ts';
import type { Traced } from '../traced.ts';
import { ELEMENTS } from './possible-changes.ts';
import type { Definition, ExecutionLog, LoggedCall, RunNumber } from './execution-log.ts';

export interface Read {
  /** the run that defined it; -1: it is from before the stretch */
  readonly run: RunNumber;
  /** when it was defined */
  readonly moment: Moment;
  /** what a change that may matter would be called (possible-changes.ts) */
  readonly change: string;
  /** the object that would have to change; undefined where it is a variable, or any may be it */
  readonly object: ObjectValue | undefined;
}

/** Objects that are followed from one that native code was given. */
const OBJECTS = 2000;
/** Methods that look at nothing but what they are given. */
const LOOKS_NOT = /^(?:push|unshift|add|set|clear|on|once|emit|then|catch|finally|bind)$/;

export interface ReadsAsked {
  readonly run: RunNumber;
  readonly until: Moment;
  /** only what decided that it made its calls, not what it handed over to them */
  readonly isControl: boolean;
}

/** What the run read up to the moment. The timeline stands at the end of the stretch. */
export function readsOf(traced: Traced, log: ExecutionLog, asked: ReadsAsked): readonly Read[] {
  return new Reader(traced, log, asked).all();
}

class Reader {
  private readonly reads: Read[] = [];
  private readonly call: LoggedCall;
  private readonly run: RunNumber;
  private readonly at: Moment;
  private readonly isControl: boolean;
  private readonly results: readonly Value[];
  private readonly deep = new Set<number>();

  constructor(
    private readonly traced: Traced,
    private readonly log: ExecutionLog,
    { run, until, isControl }: ReadsAsked,
  ) {
    this.run = run;
    this.isControl = isControl;
    this.call = log.calls[run]!;
    this.at = Math.min(until, log.ends[run]!);
    this.results = (log.results.get(run) ?? []).flatMap(({ moment, value }) => (moment <= this.at ? [value] : []));
  }

  all(): readonly Read[] {
    const { log, run } = this;
    if (!log.isEnter(run)) {
      const node = this.call.facts?.nodeOf(log.opOf(run));
      if (node) this.statement(node);
    }
    return this.reads;
  }

  private statement(node: AnyNode): void {
    switch (node.type) {
      case 'VariableDeclaration':
        for (const each of node.declarations) {
          if (each.init) {
            const value = this.eval(each.init);
            this.pattern(each.id, value);
          }
        }
        return;
      case 'ExpressionStatement':
        return void this.eval(node.expression);
      case 'ReturnStatement':
      case 'ThrowStatement':
        return void (node.argument && this.eval(node.argument));
      case 'IfStatement':
        return void this.eval(node.test);
      case 'SwitchStatement':
        this.eval(node.discriminant);
        for (const { test } of node.cases) if (test) this.eval(test);
        return;
      case 'ForStatement':
        if (node.init) this.statement(node.init);
        if (node.update) this.eval(node.update);
        return;
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.whole(this.eval(node.right), false);
      case 'LabeledStatement':
        return this.statement(node.body);
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        return node.declaration ? this.statement(node.declaration) : undefined;
      case 'ClassDeclaration':
        return void (node.superClass && this.eval(node.superClass));
      default:
        if (!/Statement$|Declaration$/.test(node.type)) this.eval(node);
    }
  }

  private pattern(node: AnyNode, value: Value): void {
    switch (node.type) {
      case 'AssignmentPattern':
        this.eval(node.right);
        return this.pattern(node.left, value);
      case 'ObjectPattern':
        for (const each of node.properties) {
          if (each.type === 'RestElement') this.whole(value, false);
          else
            this.pattern(
              each.value,
              this.member(value, each.computed ? this.eval(each.key) : keyText(each.key, false)),
            );
        }
        return;
      case 'ArrayPattern':
        this.whole(value, false);
        for (const [i, each] of node.elements.entries()) if (each) this.pattern(each, this.member(value, String(i)));
        return;
      case 'MemberExpression':
        this.eval(node.object);
        if (node.computed) this.eval(node.property);
        return;
      default:
    }
  }

  private eval(node: AnyNode): Value {
    switch (node.type) {
      case 'Literal':
        return 'regex' in node && node.regex ? opaque : (node.value as Value);
      case 'Identifier':
        return this.variable(node);
      case 'ThisExpression':
        return this.call.self;
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        return this.eval(node.expression);
      case 'MemberExpression': {
        const object = node.object.type === 'Super' ? this.call.self : this.eval(node.object);
        const key = node.computed ? this.eval(node.property) : keyText(node.property, false);
        return this.member(object, key);
      }
      case 'UnaryExpression':
        this.eval(node.argument);
        return opaque;
      case 'BinaryExpression': {
        const left = node.left.type === 'PrivateIdentifier' ? opaque : this.eval(node.left);
        const right = this.eval(node.right);
        if (!/^[=!]==?$|^in$|^instanceof$/.test(node.operator))
          for (const each of [left, right]) this.whole(each, true);
        if (node.operator === 'in') this.whole(right, false);
        return binary(node.operator, left, right);
      }
      case 'LogicalExpression':
        this.eval(node.left);
        this.eval(node.right);
        return opaque;
      case 'ConditionalExpression':
        this.eval(node.test);
        this.eval(node.consequent);
        this.eval(node.alternate);
        return opaque;
      case 'SequenceExpression':
        return node.expressions.map((each) => this.eval(each)).at(-1);
      case 'TemplateLiteral':
        for (const each of node.expressions) this.whole(this.eval(each), true);
        return opaque;
      case 'AssignmentExpression': {
        if (node.operator !== '=') this.eval(node.left);
        else this.pattern(node.left, opaque);
        const value = this.eval(node.right);
        if (node.left.type.endsWith('Pattern')) this.pattern(node.left, value);
        return node.operator === '=' ? value : opaque;
      }
      case 'UpdateExpression':
        this.eval(node.argument);
        return opaque;
      case 'AwaitExpression':
      case 'YieldExpression':
        if (node.argument) this.whole(this.eval(node.argument), true);
        return opaque;
      case 'CallExpression':
      case 'NewExpression':
        return this.calling(node);
      case 'TaggedTemplateExpression':
        this.eval(node.tag);
        for (const each of node.quasi.expressions) this.whole(this.eval(each), true);
        return opaque;
      case 'ArrayExpression':
        for (const each of node.elements) if (each) this.element(each);
        return opaque;
      case 'ObjectExpression':
        for (const each of node.properties) {
          if (each.type === 'SpreadElement') this.element(each);
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

  private element(node: AnyNode): Value {
    if (node.type !== 'SpreadElement') return this.eval(node);
    this.whole(this.eval(node.argument), false);
    return opaque;
  }

  private calling(node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>): Value {
    const callee = plain(node.callee);
    const receiver = callee.type === 'MemberExpression' ? this.receiver(callee) : undefined;
    if (callee.type !== 'MemberExpression' && callee.type !== 'Super') this.eval(callee);
    const given = node.arguments.map((each) => (this.isControl ? this.handed(each) : this.element(each)));
    const name = callee.type === 'MemberExpression' ? (keyText(callee.property, callee.computed) ?? '') : '';
    // what native code gets it may look at as a whole; code that is recorded says itself what it reads
    if (!this.log.callers.has(this.run) || this.isNative(callee, receiver, name)) {
      if (receiver !== undefined && !LOOKS_NOT.test(name)) this.whole(receiver, true);
      if (!LOOKS_NOT.test(name)) for (const each of given) this.whole(each, true);
    }
    return this.results.length === 1 ? this.results[0]! : opaque;
  }

  /** Of an argument only the calls in it matter. */
  private handed(node: AnyNode): Value {
    for (const each of this.call.facts!.syntax.inside(node))
      if (each.type === 'CallExpression' || each.type === 'NewExpression') this.calling(each);
    return opaque;
  }

  private receiver(callee: Extract<AnyNode, { type: 'MemberExpression' }>): Value {
    const object = callee.object.type === 'Super' ? this.call.self : this.eval(callee.object);
    if (callee.computed) this.eval(callee.property);
    else this.member(object, keyText(callee.property, false));
    return object;
  }

  /** Whether a call goes to the language's or Node's code, as far as that shows. */
  private isNative(callee: AnyNode, receiver: Value, name: string): boolean {
    if (callee.type === 'Identifier') return this.call.facts!.variableOf(callee) < 0;
    if (callee.type !== 'MemberExpression') return false;
    if (
      callee.object.type === 'Identifier' &&
      /^(?:JSON|Object|Array|Math|Number|String|Reflect|console|assert|expect|Promise)$/.test(callee.object.name)
    )
      return true;
    return (
      !(receiver instanceof ObjectValue) || name in Array.prototype || name in Map.prototype || name in Set.prototype
    );
  }

  private variable(node: Of<'Identifier'>): Value {
    const { log, call, run } = this;
    const { table } = call.file;
    const variable = call.facts!.variableOf(node);
    if (variable < 0) return node.name === 'undefined' ? undefined : opaque;
    const scope = log.scopes[run]!;
    const found = log.variable(run, variable, this.at);
    const change = call.facts!.changeOf(variable);
    for (const each of found) this.add(each, change, undefined);
    if (found.length > 0) return found.length === 1 ? found[0]!.value : opaque;
    this.reads.push({ run: -1, moment: 0, change, object: undefined });
    const instance = scopeOf(scope, call.file, table.variables[variable]!.scope);
    const slot = call.file.code.places[variable]!.slot;
    const value = instance?.values[slot];
    return value === uninitialised ? opaque : (value as Value);
  }

  private member(object: Value, key: Value | undefined): Value {
    if (object instanceof ObjectValue) {
      if (key === undefined || key === opaque || !isKnown(key)) {
        this.whole(object, false);
        return opaque;
      }
      return this.property(object, typeof key === 'number' ? String(key) : key);
    }
    if (isKnown(object)) return opaque;
    const held = this.results.filter((each) => each instanceof ObjectValue);
    if (held.length > 0) for (const each of held) this.member(each, key);
    else if (typeof key === 'string') {
      const change = this.log.changeOf(key);
      for (const each of this.log.everywhere(key, this.at)) this.add(each, change, undefined);
      this.before(undefined, change);
    }
    return opaque;
  }

  /** What an object that is from before the stretch held may have been set there. */
  private before(object: ObjectValue | undefined, change: string): void {
    const { log } = this;
    if (log.from > 0 && !(object && log.births.has(object.id))) this.reads.push({ run: -1, moment: 0, change, object });
  }

  private property(object: ObjectValue, key: Value): Value {
    const { log, traced } = this;
    const change = typeof key === 'string' ? log.changeOf(key) : ELEMENTS;
    const found = log.property(object, key, this.run, this.at);
    if (change === ELEMENTS || key === 'length' || key === 'size') {
      // elements move: whatever changed the others may have moved it
      for (const each of log.contents(object, this.at)) this.add(each, ELEMENTS, object);
      this.before(object, ELEMENTS);
    }
    for (const each of found) this.add(each, change, object);
    if (found.length > 0) return found.length === 1 ? (found[0]!.value ?? opaque) : opaque;
    const birth = log.births.get(object.id);
    if (birth) this.add(birth, change, object);
    else this.reads.push({ run: -1, moment: 0, change, object });
    if (typeof key !== 'string') return opaque;
    const held = traced.reader.property(object, key)?.value;
    return held === undefined || held instanceof Accessor ? opaque : held;
  }

  /** All that an object holds; with `inner` what its objects hold, too. */
  private whole(value: Value, inner: boolean): void {
    if (!(value instanceof ObjectValue)) {
      if (!isKnown(value)) for (const each of this.results) if (each instanceof ObjectValue) this.whole(each, inner);
      return;
    }
    const { log, traced } = this;
    const queue = [value];
    for (let next = queue.pop(); next && this.deep.size < OBJECTS; next = queue.pop()) {
      if (this.deep.has(next.id)) continue;
      this.deep.add(next.id);
      this.before(next, ELEMENTS);
      for (const each of log.contents(next, this.at)) this.add(each, ELEMENTS, next);
      if (!inner) continue;
      const held = traced.timeline.replay.heap.get(next);
      if (!held || held.code) continue;
      for (const part of [...held.properties.values(), ...(held.elements ?? []), ...(held.entries?.values() ?? [])])
        if (part instanceof ObjectValue) queue.push(part);
    }
  }

  private add({ run, moment }: Definition, change: string, object: ObjectValue | undefined): void {
    if (run !== this.run) this.reads.push({ run, moment, change, object });
  }
}
