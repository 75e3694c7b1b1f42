/** Where a replay is at a mark, as bytes: what its objects and scopes are at it has versions of its own. */
import { Activation, LoadedFile } from '../activation.ts';
import type { CursorMark } from '../cursor.ts';
import type { ReplayMark, StreamReplay } from '../replay.ts';
import type { Tick } from '../stream-state.ts';
import { ByteWriter, type ByteReader } from './bytes.ts';
import type { Entities } from './entities.ts';
import type { Refs, Targets } from './object-codec.ts';

const F = { undefined: 0, number: 1, true: 2, false: 3, file: 4, activation: 5, activations: 6, tick: 7 } as const;

/** The language's objects that the stream has named, those that it has not, and those shown by another number. */
export interface Names {
  readonly intrinsics: ReadonlyMap<string, number>;
  readonly standIns: ReadonlyMap<string, number>;
  readonly aliases: ReadonlyMap<number, number>;
}

export interface LoadedMark {
  readonly mark: ReplayMark;
  readonly suspended: readonly Activation[];
  readonly names: Names;
}

export class MarkCodec {
  private readonly scratch = new ByteWriter();

  constructor(
    private readonly replay: StreamReplay,
    private readonly entities: Entities,
  ) {}

  write(mark: ReplayMark, refs: Refs): number {
    const names = this.writeNames();
    const to = this.scratch.clear();
    const { lists, log } = this.entities;
    to.unsigned(names);
    to.double(mark.moment);
    to.double(mark.statements);
    to.unsigned(mark.standIns);
    to.unsigned(mark.newest);
    writeCursor(to, mark.cursor);
    let at = 0;
    lists.write(to, mark.stack.length, (page) => page.unsigned(refs.activation(mark.stack[at++])));
    const suspended = this.replay.suspended.values();
    lists.write(to, this.replay.suspended.size, (page) => page.unsigned(refs.activation(suspended.next().value)));
    at = 0;
    lists.write(to, mark.files.length, (page) => page.unsigned(mark.files[at++]!.base));
    const fields = Object.entries(mark.fields);
    to.unsigned(fields.length);
    for (const [name, value] of fields) {
      to.text(name);
      writeField(to, value, refs);
    }
    return log.append(to.written);
  }

  private writeNames(): number {
    const { heap } = this.replay;
    const to = this.scratch.clear();
    const { values, lists } = this.entities;
    for (const named of [heap.intrinsics, heap.standIns]) {
      const each = named[Symbol.iterator]();
      lists.write(to, named.size, (page) => {
        const [path, value] = each.next().value!;
        values.write(page, path);
        page.signed(value.id);
      });
    }
    const aliases = heap.aliases[Symbol.iterator]();
    lists.write(to, heap.aliases.size, (page) => {
      const [from, id] = aliases.next().value!;
      page.signed(from);
      page.signed(id);
    });
    return this.entities.lists.pieces.put(to.written);
  }

  /** Everything that is referred to is loaded by the targets, as of the mark; the names come first. */
  read(place: number, targets: Targets, begin: (names: Names) => void): LoadedMark {
    const { lists, log } = this.entities;
    const from = log.read(place);
    const names = this.readNames(from.unsigned());
    begin(names);
    const moment = from.double();
    const statements = from.double();
    const standIns = from.unsigned();
    const newest = from.unsigned();
    const cursor = readCursor(from);
    const stack = this.readActivations(from, targets);
    const suspended = this.readActivations(from, targets);
    const files: LoadedFile[] = [];
    lists.read(from, (page) => {
      const file = targets.file(page.unsigned());
      if (file) files.push(file);
    });
    const fields: Record<string, unknown> = {};
    for (let count = from.unsigned(); count > 0; count--) {
      const name = from.text();
      fields[name] = readField(from, targets);
    }
    return { mark: { moment, statements, fields, cursor, stack, files, standIns, newest }, suspended, names };
  }

  private readNames(place: number): Names {
    const { values, lists, log } = this.entities;
    const from = log.read(place);
    const paths = (): Map<string, number> => {
      const named = new Map<string, number>();
      lists.read(from, (page) => {
        const path = values.value(page) as string;
        named.set(path, page.signed());
      });
      return named;
    };
    const [intrinsics, standIns] = [paths(), paths()];
    const aliases = new Map<number, number>();
    lists.read(from, (page) => {
      const known = page.signed();
      aliases.set(known, page.signed());
    });
    return { intrinsics, standIns, aliases };
  }

  private readActivations(from: ByteReader, targets: Targets): Activation[] {
    const found: Activation[] = [];
    this.entities.lists.read(from, (page) => {
      const activation = targets.activation(page.unsigned());
      if (activation) found.push(activation);
    });
    return found;
  }
}

function writeCursor(to: ByteWriter, { chunk, position, before, pushedBack, last, ended }: CursorMark): void {
  to.signed(chunk);
  to.unsigned(position);
  to.double(before);
  to.signed(last);
  to.byte((pushedBack ? 1 : 0) | (ended ? 2 : 0));
}

function readCursor(from: ByteReader): CursorMark {
  const chunk = from.signed();
  const position = from.unsigned();
  const before = from.double();
  const last = from.signed();
  const flags = from.byte();
  return { chunk, position, before, last, pushedBack: (flags & 1) !== 0, ended: (flags & 2) !== 0 };
}

function writeField(to: ByteWriter, value: unknown, refs: Refs): void {
  if (typeof value === 'number') {
    to.byte(F.number);
    to.double(value);
  } else if (typeof value === 'boolean') to.byte(value ? F.true : F.false);
  else if (value instanceof LoadedFile) {
    to.byte(F.file);
    to.unsigned(value.base);
  } else if (value instanceof Activation) {
    to.byte(F.activation);
    to.unsigned(refs.activation(value));
  } else if (Array.isArray(value)) {
    to.byte(F.activations);
    to.unsigned(value.length);
    for (const each of value as Activation[]) to.unsigned(refs.activation(each));
  } else if (value === undefined) to.byte(F.undefined);
  else {
    const { number, cause, causeTick, milliseconds, moment } = value as Tick;
    to.byte(F.tick);
    for (const each of [number, cause, causeTick, milliseconds, moment]) to.double(each);
  }
}

function readField(from: ByteReader, targets: Targets): unknown {
  switch (from.byte()) {
    case F.number:
      return from.double();
    case F.true:
      return true;
    case F.false:
      return false;
    case F.file:
      return targets.file(from.unsigned());
    case F.activation:
      return targets.activation(from.unsigned());
    case F.activations: {
      const found: (Activation | undefined)[] = [];
      for (let count = from.unsigned(); count > 0; count--) found.push(targets.activation(from.unsigned()));
      return found.filter((each) => each !== undefined);
    }
    case F.tick: {
      const [number, cause, causeTick] = [from.double(), from.double(), from.double()];
      const milliseconds = from.double();
      return { number, cause, causeTick, milliseconds, moment: from.double() };
    }
    default:
      return undefined;
  }
}
