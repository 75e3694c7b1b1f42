/** Keeps what changed between two marks in the index, so that the state at the later mark can be loaded from it. */
import { Activation, LoadedFile, ScopeInstance, type HeldScope } from '../activation.ts';
import { HeapObject } from '../heap.ts';
import { BytesChange, FieldsChange, LengthChange, PageChange, RangeChange, type Change } from '../journal.ts';
import { ParsedTree, type ParsedObjects } from '../parsed-json.ts';
import type { ReplayMark, StreamReplay } from '../replay.ts';
import { ByteWriter } from './bytes.ts';
import type { Entities, Kind } from './entities.ts';
import { MarkCodec } from './mark-codec.ts';
import type { Refs } from './object-codec.ts';

export class StateWriter implements Refs {
  private readonly scratch = new ByteWriter();
  private readonly marks: MarkCodec;
  private uids = 0;
  private mark = 0;
  private readonly newScopes: ScopeInstance[] = [];
  private readonly newActivations: Activation[] = [];
  /** since the last mark */
  private readonly parsed: ParsedObjects[] = [];

  constructor(
    private readonly replay: StreamReplay,
    private readonly entities: Entities,
  ) {
    this.marks = new MarkCodec(replay, entities);
    replay.decoder.parsed = (objects) => this.parsed.push(objects);
  }

  /** Nothing is to be written any more. */
  end(): void {
    this.replay.decoder.parsed = undefined;
  }

  scope(scope: ScopeInstance | undefined): number {
    if (scope === undefined) return 0;
    if (scope.uid === 0) {
      scope.uid = ++this.uids;
      this.newScopes.push(scope);
    }
    return scope.uid;
  }

  activation(activation: Activation | undefined): number {
    if (activation === undefined) return 0;
    if (!activation.stored) {
      activation.stored = true;
      this.newActivations.push(activation);
    }
    return activation.serial;
  }

  /** The state as it is now, which is that at the mark, of which the number is given. Gives the place of what is kept of the mark. */
  write(number: number, at: ReplayMark, changes: Iterable<Change>): number {
    this.mark = number;
    const { objects, files, environments } = this.changed(changes);
    const { heap } = this.replay;
    const { objects: codec } = this.entities;
    for (const parsed of this.parsed) this.writeParsed(parsed, objects);
    this.parsed.length = 0;
    for (const id of objects) {
      const object = heap.objects.get(id);
      if (object !== undefined) this.add('objects', id, (to) => codec.writeObject(to, object, this));
    }
    for (const id of environments) {
      const scope = this.replay.environments.get(id);
      this.add('environments', id, (to) => to.unsigned(this.scope(scope)));
    }
    for (const file of files) this.add('files', file.base, (to) => this.writeFile(to, file));
    const place = this.marks.write(at, this);
    this.drain();
    return place;
  }

  /** Those that are still what the text made them: one version for all. They are no more among the objects to be written. */
  private writeParsed(parsed: ParsedObjects, objects: Set<number>): void {
    const { heap } = this.replay;
    const { objects: codec, tables, versions } = this.entities;
    const tree = ParsedTree.of(parsed.text);
    const unchanged: number[] = [];
    for (let at = 0; tree && at < tree.count; at++) {
      const id = parsed.first + at;
      if (!objects.has(id) || tables.objects.get(id) !== undefined) continue;
      const object = heap.objects.get(id);
      if (object !== undefined && tree.isUnchanged(object, at, parsed, heap)) unchanged.push(id);
    }
    if (unchanged.length === 0) return;
    versions.objects.addFirst(unchanged, this.mark, this.scratch, (to) => codec.writeParsed(to, parsed));
    for (const id of unchanged) objects.delete(id);
  }

  private changed(changes: Iterable<Change>) {
    const { heap, environments } = this.replay;
    const { lists } = this.entities;
    const objects = new Set<number>();
    const files = new Set<LoadedFile>(this.replay.files.filter((file) => !this.isKept(file)));
    const changed = new Set<number>();
    for (const change of changes) {
      if (change instanceof FieldsChange) {
        const { subject } = change;
        if (subject instanceof HeapObject) objects.add(subject.id);
        else if (subject instanceof LoadedFile) files.add(subject);
        else if (subject instanceof ScopeInstance) {
          if (subject.uid !== 0) this.newScopes.push(subject);
        } else if (subject instanceof Activation && subject.stored) this.newActivations.push(subject);
      } else if (change instanceof RangeChange) {
        const { things, from, to } = change as RangeChange<unknown>;
        const into = things === heap.objects ? objects : things === environments ? changed : undefined;
        if (into) for (let id = from; id < to; id++) into.add(id);
      } else if (change instanceof PageChange) lists.changed(change.array as unknown[], change.from, change.to);
      else if (change instanceof LengthChange) lists.changed(change.array as unknown[], change.from, Infinity);
      else if (change instanceof BytesChange) lists.changed(change.bytes, change.from, change.to);
    }
    return { objects, files, environments: changed };
  }

  private isKept(file: LoadedFile): boolean {
    return this.entities.tables.files.get(file.base) !== undefined;
  }

  /** Scopes and activations that changed or are referred to for the first time; they may refer to others. */
  private drain(): void {
    const { objects } = this.entities;
    const written = new Set<object>();
    for (;;) {
      const scope = this.newScopes.pop();
      if (scope !== undefined) {
        if (written.has(scope)) continue;
        written.add(scope);
        this.add('scopes', scope.uid, (to) => objects.writeScope(to, scope, this));
        continue;
      }
      const activation = this.newActivations.pop();
      if (activation === undefined) return;
      if (written.has(activation)) continue;
      written.add(activation);
      this.add('activations', activation.serial, (to) => objects.writeActivation(to, activation, this));
    }
  }

  private writeFile(to: ByteWriter, { held, lastClosures }: LoadedFile): void {
    to.unsigned(this.held(held));
    let at = 0;
    this.entities.lists.write(to, lastClosures.length, (page) => page.unsigned(this.held(lastClosures[at++])));
  }

  private held(held: HeldScope): number {
    return typeof held === 'number' ? held : this.scope(held);
  }

  private add(kind: Kind, id: number, write: (to: ByteWriter) => void): void {
    const { versions, tables } = this.entities;
    versions[kind].add(tables[kind], id, this.mark, this.scratch, write);
  }
}
