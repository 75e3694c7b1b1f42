/** Loads the state at a mark from the index: at once where the replay is, everything else when something looks at it. */
import type { Activation, LoadedFile, ScopeInstance } from '../activation.ts';
import type { HeapObject } from '../heap.ts';
import type { ReplayMark, StreamReplay } from '../replay.ts';
import type { KeptScopes } from '../stream-state.ts';
import type { Entities } from './entities.ts';
import { MarkCodec, type Names } from './mark-codec.ts';
import type { Targets } from './object-codec.ts';

/** What may be in memory of each before what nothing uses is let go. */
const MANY_OBJECTS = 60_000;
const MANY_STRINGS = 100_000;
const MANY_VALUES = 200_000;
/** The same of a reader, which comes back to long arrays. */
const MANY_VALUES_READ = 1_200_000;
const MANY_UNITS = 40_000_000;

export class StateLoader implements Targets, KeptScopes {
  private readonly scopes = new Map<number, ScopeInstance>();
  private readonly activations = new Map<number, Activation>();
  private readonly marks: MarkCodec;
  /** ids of objects that are not known at the mark */
  private readonly missing = new Set<number>();
  /** number of the mark that the state is that of, or comes behind */
  private at = 0;

  constructor(
    private readonly replay: StreamReplay,
    private readonly entities: Entities,
  ) {
    this.marks = new MarkCodec(replay, entities);
    replay.heap.absent = (id) => this.object(id);
    replay.kept = this;
  }

  /** The state was kept as that of the mark, while the stream is read. */
  passed(mark: number): void {
    this.at = mark;
    this.missing.clear();
    const { heap } = this.replay;
    this.letStringsGo();
    if (heap.values.count > MANY_VALUES) heap.values.clear();
    if (heap.objects.count > MANY_OBJECTS) this.letGo();
  }

  /** What lies in the index alone is not kept in memory; scopes that somebody holds stay the same. */
  private letGo(): void {
    const { heap, environments, stack, suspended, files } = this.replay;
    heap.objects.clear();
    environments.clear();
    this.scopes.clear();
    this.activations.clear();
    for (const file of files) {
      if (typeof file.held === 'object') file.held = file.held.uid;
      file.lastClosures = file.lastClosures.map((each) => (typeof each === 'object' ? each.uid : each));
    }
    const hold = (activation: Activation | undefined): void => {
      if (!activation || this.activations.has(activation.serial)) return;
      this.activations.set(activation.serial, activation);
      this.holdScope(activation.functionScope);
      this.holdScope(activation.scope);
      hold(activation.delegator);
    };
    for (const activation of stack) hold(activation);
    for (const activation of suspended.values()) hold(activation);
  }

  private holdScope(scope: ScopeInstance | undefined): void {
    for (let each = scope; each && !this.scopes.has(each.uid); each = each.parent) {
      this.scopes.set(each.uid, each);
      if (each.environment !== 0) this.replay.environments.set(each.environment, each);
      for (const inner of each.classes?.values() ?? []) this.holdScope(inner);
    }
  }

  /** Loads the state at a mark. */
  restore(number: number, place: number): ReplayMark {
    this.at = number;
    const { replay } = this;
    const { heap, environments } = replay;
    heap.objects.clear();
    environments.clear();
    this.scopes.clear();
    this.activations.clear();
    this.missing.clear();
    this.letStringsGo();
    if (heap.values.count > MANY_VALUES_READ) heap.values.clear();
    const loaded = this.marks.read(place, this, (names) => this.name(names));
    for (const file of loaded.mark.files) this.restoreFile(file);
    replay.suspended.clear();
    for (const activation of loaded.suspended) replay.suspended.set(activation.id, activation);
    return loaded.mark;
  }

  private letStringsGo(): void {
    const { decoder } = this.replay;
    const { strings } = this.entities;
    if (decoder.strings.count <= MANY_STRINGS && strings.units <= MANY_UNITS) return;
    decoder.strings.clear();
    strings.units = 0;
  }

  private name({ intrinsics, standIns, aliases }: Names): void {
    const { heap } = this.replay;
    heap.showBy(aliases);
    heap.intrinsics.clear();
    for (const [path, id] of intrinsics) heap.intrinsics.set(path, heap.value(id));
    heap.standIns.clear();
    for (const [path, id] of standIns) heap.standIns.set(path, heap.value(id));
  }

  private restoreFile(file: LoadedFile): void {
    const from = this.entities.versions.files.find(file.base, this.at);
    file.era = -1;
    file.owned = 0;
    file.held = undefined;
    file.lastClosures = [];
    if (!from) return;
    file.held = from.unsigned() || undefined;
    let index = 0;
    this.entities.lists.read(from, (page) => {
      const uid = page.unsigned();
      if (uid !== 0) file.lastClosures[index] = uid;
      index++;
    });
  }

  file(base: number): LoadedFile | undefined {
    return this.replay.fileAt(base);
  }

  scope(uid: number): ScopeInstance | undefined {
    if (uid === 0) return undefined;
    const known = this.scopes.get(uid);
    if (known !== undefined) return known;
    const from = this.entities.versions.scopes.find(uid, this.at);
    if (!from) return undefined;
    const object = (id: number) => this.replay.heap.value(id);
    return this.entities.objects.readScope(from, this, object, (scope) => {
      scope.uid = uid;
      this.scopes.set(uid, scope);
    });
  }

  activation(serial: number): Activation | undefined {
    if (serial === 0) return undefined;
    const known = this.activations.get(serial);
    if (known !== undefined) return known;
    const from = this.entities.versions.activations.find(serial, this.at);
    return (
      from && this.entities.objects.readActivation(from, serial, this, (made) => this.activations.set(serial, made))
    );
  }

  environment(id: number): ScopeInstance | undefined {
    const from = this.entities.versions.environments.find(id, this.at);
    const scope = from && this.scope(from.unsigned());
    if (scope !== undefined) this.replay.environments.set(id, scope);
    return scope;
  }

  private object(id: number): HeapObject | undefined {
    if (this.missing.has(id)) return undefined;
    const from = this.entities.versions.objects.find(id, this.at);
    if (!from) {
      this.missing.add(id);
      return undefined;
    }
    const { heap } = this.replay;
    const object = this.entities.objects.readObject(from, id, this, (buffer) => heap.value(buffer));
    heap.objects.set(id, object);
    return object;
  }
}
