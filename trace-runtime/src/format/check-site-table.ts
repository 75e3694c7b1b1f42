/**
 * Whether what was decoded is a site table. A reader follows its indices without a look at each: they name what is there,
 * and scopes and functions stand behind those around them, so that going outward ends.
 */
import { EXACT_MATH, SITE_TABLE_VERSION, type SiteTable } from '../model/sites.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const whole: Check = (value) => Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff;
const nothing: Check = (value) => value === undefined || value === null;
const optional =
  (check: Check): Check =>
  (value) =>
    nothing(value) || check(value);
const absentOr =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const from =
  (least: number, below: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) < below;
const fields = (checks: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(checks);
  return (value) => isFields(value) && entries.every(([name, check]) => check(value[name]));
};

const EXACT: ReadonlySet<unknown> = new Set(EXACT_MATH);
/** Rules nest as deep as the source that they came from. */
const DEEPEST = 1000;

export function isSiteTable(value: unknown): value is SiteTable {
  if (!isFields(value) || value['version'] !== SITE_TABLE_VERSION) return false;
  const { functions, scopes, variables, ops } = value;
  if (!Array.isArray(functions) || !Array.isArray(scopes) || !Array.isArray(variables) || !Array.isArray(ops))
    return false;
  const variable = from(0, variables.length);
  const link = { specifier: text, imported: text };
  return (
    functions.length > 0 &&
    text(value['hash']) &&
    oneOf('steps', 'writes')(value['level']) &&
    functions.every(functionCheck(functions, scopes, ops)) &&
    scopes.every(scopeCheck(functions, variables)) &&
    variables.every(fields({ name: text, kind: text, start: whole, scope: from(0, scopes.length) })) &&
    ops.every(opCheck(functions, scopes, variables, ops)) &&
    listOf(fields({ line: optional(whole), reason: text }))(value['degraded']) &&
    absentOr(listOf(fields({ variable, ...link })))(value['imports']) &&
    absentOr(
      listOf(
        fields({
          name: text,
          variable: from(-1, variables.length),
          specifier: optional(text),
          imported: optional(text),
        }),
      ),
    )(value['exports'])
  );
}

type List = readonly unknown[];

function functionCheck(functions: List, scopes: List, ops: List): (value: unknown, index: number) => boolean {
  const checked = fields({
    name: text,
    kind: text,
    async: flag,
    generator: flag,
    strict: flag,
    start: whole,
    end: whole,
    parent: from(-1, functions.length),
    firstOp: from(0, ops.length),
    endOp: from(0, ops.length + 1),
    scope: from(0, scopes.length),
    outer: from(-1, scopes.length),
    parameters: listOf(text),
    length: whole,
  });
  return (value, index) => checked(value) && ((value as Fields)['parent'] as number) < index;
}

function scopeCheck(functions: List, variables: List): (value: unknown, index: number) => boolean {
  const checked = fields({
    kind: text,
    function: from(0, functions.length),
    start: whole,
    end: whole,
    captured: flag,
    variables: listOf(from(0, variables.length)),
  });
  return (value, index) => checked(value) && from(-1, index)((value as Fields)['parent']);
}

function opCheck(functions: List, scopes: List, variables: List, ops: List): Check {
  const at = { start: whole, end: whole };
  const scope = from(-1, scopes.length);
  const variable = from(-1, variables.length);
  // one past the last: a function's end
  const op = from(0, ops.length + 1);
  const rule: Check = (value) => isExpr(value, variables.length, 0);
  const source: Check = (value) =>
    isFields(value) && (value['from'] === 'derived' ? rule(value['rule']) : oneOf('logged', 'appended')(value['from']));
  const call = { function: from(0, functions.length), parameters: listOf(from(0, variables.length)), ...at };
  const checks: Readonly<Record<string, Check>> = {
    none: () => true,
    statement: fields({ progress: flag, numeric: optional(flag), ...at }),
    numeric: fields({ to: op, ...at }),
    enter: fields({ outerEnvironment: flag, environment: flag, this: flag, newTarget: flag, arguments: flag, ...call }),
    early: fields({ outerEnvironment: flag, this: flag, fields: flag, ...call }),
    scope: fields({ scope: from(0, scopes.length) }),
    leave: fields({ scope }),
    copy: fields({ scope: from(0, scopes.length) }),
    block: fields({ arm: text, else: op, environment: flag, enters: flag, scope, test: optional(rule), ...at }),
    jump: fields({ to: op, throughFinally: flag }),
    write: fields({ variable, value: source, elided: flag, guarded: flag, ...at }),
    set: fields({ object: source, key: source, value: source, elided: flag, define: flag, delta: whole, ...at }),
    delete: fields({ object: source, key: source, ...at }),
    closure: fields({ variable, function: from(0, functions.length), ...at }),
    this: fields(at),
    fields: fields(at),
    return: fields({ value: source, pending: flag, ...at }),
    exit: fields(at),
    throw: fields(at),
    catch: fields({ variable, scope, ...at }),
    finally: fields({ scope, ...at }),
    endFinally: () => true,
    suspend: fields({ kind: text, ...at }),
    value: fields(at),
  };
  return (value) => isFields(value) && Object.hasOwn(checks, String(value['k'])) && checks[String(value['k'])]!(value);
}

function isExpr(value: unknown, variables: number, depth: number): boolean {
  if (!isFields(value) || depth > DEEPEST) return false;
  const inner: Check = (each) => isExpr(each, variables, depth + 1);
  switch (value['e']) {
    case 'const':
      return value['value'] === null || ['string', 'number', 'boolean'].includes(typeof value['value']);
    case 'undefined':
    case 'this':
      return true;
    case 'bigint':
      return typeof value['digits'] === 'string' && /^(?:\d+|0[xob][\da-f]+)$/i.test(value['digits']);
    case 'variable':
      return from(0, variables)(value['variable']);
    case 'unary':
      return text(value['op']) && inner(value['a']);
    case 'binary':
      return text(value['op']) && inner(value['a']) && inner(value['b']);
    case 'and':
    case 'or':
    case 'nullish':
      return inner(value['a']) && inner(value['b']);
    case 'conditional':
      return inner(value['test']) && inner(value['a']) && inner(value['b']);
    case 'template':
      return listOf((part) => text(part) || inner(part))(value['parts']);
    case 'math':
      return EXACT.has(value['name']) && listOf(inner)(value['arguments']);
    default:
      return false;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
