/** What a stream's state is kept as: versions of each thing in one block log, and tables that say where the latest are. */
import type { StreamState } from '../stream-state.ts';
import type { BlockLog } from './block-log.ts';
import { Lists } from './lists.ts';
import { ObjectCodec } from './object-codec.ts';
import { ParsedCodec } from './parsed-objects.ts';
import { PlaceTable, type WrittenTable } from './place-table.ts';
import { StringTable } from './string-table.ts';
import { ValueCodec } from './value-codec.ts';
import { Versions } from './versions.ts';

export const KINDS = ['objects', 'scopes', 'activations', 'environments', 'files'] as const;
export type Kind = (typeof KINDS)[number];

export type EntityTables = Readonly<Record<Kind | 'strings', WrittenTable>>;

export class Entities {
  readonly tables: Readonly<Record<Kind, PlaceTable>>;
  readonly versions: Readonly<Record<Kind, Versions>>;
  readonly strings: StringTable;
  readonly values: ValueCodec;
  readonly lists: Lists;
  readonly objects: ObjectCodec;
  private readonly stringPlaces: PlaceTable;

  /** `written`: of an index that is complete; without, one is begun. */
  constructor(
    readonly log: BlockLog,
    state: StreamState,
    written?: EntityTables,
  ) {
    const table = (kind: Kind | 'strings'): PlaceTable => new PlaceTable(log, written?.[kind]);
    this.tables = byKind(table);
    this.versions = byKind((kind) => new Versions(log, this.tables[kind]));
    this.stringPlaces = table('strings');
    this.strings = new StringTable(log, this.stringPlaces);
    const { heap, decoder } = state;
    const text = (id: number): string | undefined => {
      const known = decoder.strings.get(id);
      if (known !== undefined) return known;
      const found = this.strings.get(id);
      if (found === undefined) return undefined;
      decoder.strings.set(id, found);
      if (!written) this.strings.remember(id, found);
      return found;
    };
    decoder.absent = text;
    decoder.keeps = (id) => this.stringPlaces.get(id) !== undefined;
    this.strings.resident = text;
    this.values = new ValueCodec(heap, decoder.symbols, this.strings, text);
    this.lists = new Lists(log);
    this.objects = new ObjectCodec(this.values, this.lists, new ParsedCodec(this.values, heap));
  }

  /** Of one that was begun: writes the tables. */
  write(): EntityTables {
    const written = byKind((kind) => this.tables[kind].write());
    return { ...written, strings: this.stringPlaces.write() };
  }
}

function byKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  return {
    objects: make('objects'),
    scopes: make('scopes'),
    activations: make('activations'),
    environments: make('environments'),
    files: make('files'),
  };
}
