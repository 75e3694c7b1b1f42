/** Values of a recording as text for people, cut to what one reads at a glance. */
import type { ObjectState, PropertyState, ObjectReader } from './state.ts';
import { Accessor, Hole, ObjectValue, Opaque, Redacted, SymbolValue, Uninitialised, type Value } from './values.ts';

const WIDTH = 80;
const STRING = 200;
const ITEMS = 40;

export interface ValuePrinter {
  /** may have several lines; all but the first are indented by `indent` */
  print(value: Value | Accessor, indent: number): string;
}

/** In one line, for places that have no more. `depth`: levels of objects that are shown. */
export function printLine(reader: ObjectReader, depth: number, value: Value | Accessor): string {
  return valuePrinter(reader, depth, Number.POSITIVE_INFINITY)
    .print(value, 0)
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** `depth`: levels of objects that are shown; `width`: characters that an object may have on one line */
export function valuePrinter(reader: ObjectReader, depth: number, width = WIDTH): ValuePrinter {
  const open = new Set<ObjectValue>();

  function print(value: Value | Accessor, indent: number, level: number): string {
    if (!(value instanceof ObjectValue)) return printSimple(value);
    const object = reader.object(value);
    if (!object) return '‹object that was not captured›';
    if (open.has(value)) return '‹circular›';
    if (object.kind === 'function') return printFunction(object);
    const label = printLabel(object);
    if (level >= depth) {
      if (isEmpty(object)) return label || (object.elements ? '[]' : '{}');
      return label || !object.elements ? `${label || 'Object'} {…}` : `Array(${object.elements.length})`;
    }
    open.add(value);
    const parts = partsOf(object, indent + 2, level + 1);
    open.delete(value);
    return layOut(label, parts, object.elements !== undefined, indent, width);
  }

  function partsOf(object: ObjectState, indent: number, level: number): readonly string[] {
    const parts: string[] = [];
    const add = (count: number, total: number): void => {
      if (total > count) parts.push(`… ${total - count} more`);
    };
    const elements = object.elements ?? [];
    for (const element of elements.slice(0, ITEMS)) parts.push(print(element, indent, level));
    add(ITEMS, elements.length);
    const entries = [...(object.entries ?? [])];
    for (const [key, value] of entries.slice(0, ITEMS)) {
      const name = print(key, indent, level);
      parts.push(object.kind === 'set' ? name : `${name} => ${print(value, indent, level)}`);
    }
    add(ITEMS, entries.length);
    const properties = object.properties.filter((property) => shown(object, property));
    for (const { key, value } of properties.slice(0, ITEMS)) {
      parts.push(`${printKey(key)}: ${print(value, indent, level)}`);
    }
    add(ITEMS, properties.length);
    return parts;
  }

  return { print: (value, indent) => print(value, indent, 0) };
}

function shown(object: ObjectState, { key }: PropertyState): boolean {
  if (object.elements !== undefined && (key === 'length' || /^\d+$/.test(String(key)))) return false;
  return !(object.kind === 'error' && (key === 'stack' || key === 'message'));
}

function printLabel(object: ObjectState): string {
  const { kind, typeName, inner, inner2 } = object;
  const size = object.elements?.length ?? object.entries?.size;
  switch (kind) {
    case 'error':
      return firstLine(inner) || unreadHeader(object);
    case 'time':
      return typeof inner === 'number' && !Number.isNaN(inner) ? new Date(inner).toISOString() : 'Invalid Date';
    case 'pattern':
      return `/${String(inner)}/${String(inner2 ?? '')}`;
    case 'boxed':
      return `[${typeName}: ${printSimple(inner)}]`;
    case 'buffer':
      return `${typeName}(${object.bytes?.length ?? 0} bytes)`;
    case 'record':
      return typeName === 'Object' ? '' : object.prototype === null && !typeName ? '[null prototype]' : typeName;
    case 'sequence':
      return typeName === 'Array' ? '' : `${typeName}(${size ?? 0})`;
    case 'mapping':
    case 'set':
    case 'view':
      return `${typeName}(${size ?? object.bytes?.length ?? 0})`;
    default:
      return typeof inner === 'string' && inner ? `${typeName} ${inner}`.trim() : `‹${typeName || 'opaque'}›`;
  }
}

/** What V8 would begin the stack's text with; nobody has looked at it. */
function unreadHeader({ typeName, properties }: ObjectState): string {
  const message = properties.find(({ key }) => key === 'message')?.value;
  return typeof message === 'string' && message ? `${typeName}: ${message}` : typeName;
}

function isEmpty(object: ObjectState): boolean {
  return (
    (object.elements?.length ?? 0) === 0 &&
    (object.entries?.size ?? 0) === 0 &&
    object.properties.every((property) => !shown(object, property))
  );
}

function printFunction(object: ObjectState): string {
  const name = object.properties.find(({ key }) => key === 'name')?.value;
  const own = typeof name === 'string' && name ? name : typeof object.inner === 'string' ? object.inner : '';
  return own ? `ƒ ${own}` : 'ƒ';
}

function layOut(label: string, parts: readonly string[], brackets: boolean, indent: number, width: number): string {
  const [open, close] = brackets ? ['[', ']'] : ['{', '}'];
  const start = label ? `${label} ` : '';
  if (parts.length === 0) return label || `${open}${close}`;
  const inline = `${start}${open} ${parts.join(', ')} ${close}`;
  if (inline.length + indent <= width && !inline.includes('\n')) return inline;
  const space = ' '.repeat(indent);
  return `${start}${open}\n${parts.map((part) => `${space}  ${part},\n`).join('')}${space}${close}`;
}

function printKey(key: PropertyState['key']): string {
  if (key instanceof SymbolValue) return `[${printSimple(key)}]`;
  return /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key);
}

function printSimple(value: Value | Accessor): string {
  if (typeof value === 'string') return printString(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (value instanceof SymbolValue) {
    return value.origin === 'well-known' ? String(value.description) : `Symbol(${value.description ?? ''})`;
  }
  if (value instanceof Accessor) return accessorText(value);
  if (value instanceof Hole) return '‹empty›';
  if (value instanceof Uninitialised) return '‹not yet initialised›';
  if (value instanceof Opaque) return '‹not captured›';
  if (value instanceof Redacted) return `‹secret ${value.name}›`;
  return String(value);
}

function accessorText({ get, set }: Accessor): string {
  return get !== undefined && set !== undefined ? '‹getter, setter›' : get !== undefined ? '‹getter›' : '‹setter›';
}

function printString(value: string): string {
  const cut = value.length > STRING ? value.slice(0, STRING) : value;
  const quoted = cut.includes("'")
    ? JSON.stringify(cut)
    : `'${JSON.stringify(cut).slice(1, -1).replaceAll('\\"', '"')}'`;
  return cut === value ? quoted : `${quoted}… ${value.length - STRING} more`;
}

function firstLine(value: Value): string {
  return typeof value === 'string' ? (value.split('\n', 1)[0] ?? '') : '';
}
