/** What came over the connections of a recorded thread, connection by connection, in its order. */
import type { RecordedCall } from '../../model/recorded-world.ts';

export type Detail = RecordedCall['detail'];

export class RecordedConnections {
  readonly #lists = new Map<string, Detail[]>();

  constructor(records: readonly RecordedCall[]) {
    for (const { kind, detail } of records) this.#listOf(keyOf(kind, detail)).push(detail);
  }

  /** Takes the next record of the kind; `of`: a socket, or as `keyOf` has it. */
  next(kind: string, of: number | string): Detail | undefined {
    return this.#lists.get(`${kind} ${of}`)?.shift();
  }

  /** All that were not taken yet. */
  all(kind: string, of: number | string): readonly Detail[] {
    return this.#lists.get(`${kind} ${of}`) ?? [];
  }

  #listOf(key: string): Detail[] {
    let list = this.#lists.get(key);
    if (!list) this.#lists.set(key, (list = []));
    return list;
  }
}

/** Events by their names, too; writes by their numbers; accepted connections by their servers. */
function keyOf(kind: string, detail: Detail): string {
  const { socket, server, event, write } = detail;
  if (kind === 'server.refused') return `${kind} ${String(server)}`;
  if (server !== undefined) return `${kind} ${String(server)} ${String(event)}`;
  if (kind === 'socket.waits') return `${kind} ${String(socket)}.${String(write)}`;
  return event === undefined ? `${kind} ${String(socket)}` : `${kind} ${String(socket)} ${String(event)}`;
}
