import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { ObjectValue, SymbolValue, type Accessor, type Value } from '../../trace-runtime/src/query/values.ts';

/** All that a replay knows at a moment of what the other knows, as lines to compare. */
export function stateDigest(replay: StreamReplay, known = replay): string[] {
  const { moment, statements, activations, suspended, heap } = replay;
  const lines: unknown[] = [['at', moment, statements, activations, replay.tick?.number, suspended.size]];
  for (const act of replay.stack) {
    const { serial, pc, at, position, returnedAt, threwAt, numericEnd, carried, delegator } = act;
    const told = [...(act.pending ?? []), ...(act.delegations ?? [])];
    lines.push(['call', serial, pc, at, position, returnedAt, threwAt, numericEnd, carried, delegator?.serial, told]);
    for (let scope: typeof act.scope | undefined = act.scope; scope; scope = scope.parent)
      lines.push(['scope', scope.scope, scope.environment, scope.values.map(plain), plain(scope.thisValue)]);
  }
  for (const [id] of known.environments.entries()) {
    const scope = replay.environment(id);
    lines.push(['environment', id, scope?.scope, scope?.values.map(plain)]);
  }
  for (const [id] of known.heap.all()) {
    const object = heap.get(heap.value(id));
    if (!object) {
      lines.push(['no object', id]);
      continue;
    }
    const { kind, flags, className, lazyPrototype, elements, entries, bytes, properties, attributes } = object;
    lines.push(['object', id, kind, flags, className, lazyPrototype, plain(object.prototype)]);
    lines.push([[...properties].map(([key, value]) => [plain(key), plain(value)])]);
    lines.push([[...(attributes ?? [])].map(([key, bits]) => [plain(key), bits]), object.mapped?.slots ?? []]);
    if (elements) lines.push([Array.from(elements, (value, i) => (i in elements ? plain(value) : 'hole'))]);
    if (entries) lines.push([[...entries].map(([key, value]) => [plain(key), plain(value)])]);
    lines.push([bytes ? Buffer.from(bytes).toString('base64') : '', plain(object.inner), plain(object.inner2)]);
  }
  return lines.map((line) => JSON.stringify(line));
}

function plain(value: Value | Accessor): unknown {
  if (value instanceof ObjectValue) return `@${value.id}`;
  if (value instanceof SymbolValue) return `symbol ${value.id}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value === undefined || Object.is(value, -0) || Number.isNaN(value)) return `${String(value)} ${typeof value}`;
  if (typeof value === 'object' && value !== null && value.kind === 'accessor')
    return [plain(value.get), plain(value.set)];
  return typeof value === 'object' && value !== null ? value.kind : value;
}
