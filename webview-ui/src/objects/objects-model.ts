/** What the panel knows: the object asked about, the objects around it where the debugger stands, and their changes. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { ObjectChangesAnswer, ObjectGraphAnswer } from '../../../trace-runtime/src/model/object-answers.ts';
import type { Replay } from '../base/replay.ts';
import { changedAt } from './objects-layout.ts';

const NO_CHANGES: ObjectChangesAnswer = { changes: [], isCut: false };

export class ObjectsModel {
  readonly graph = signal<ObjectGraphAnswer | undefined>(undefined);
  readonly changes = signal<ObjectChangesAnswer>(NO_CHANGES);
  readonly isLooking = signal(false);
  readonly fault = signal<string | undefined>(undefined);
  private readonly opened = signal<readonly number[]>([]);
  private readonly closed = signal<readonly number[]>([]);
  /** moment in the object's thread; undefined where the debugger stands in another one */
  readonly here = computed(() => {
    const root = this.replay.root.value;
    const place = this.replay.place.value;
    return root && place?.threadId === root.threadId ? place.moment : undefined;
  });
  readonly changed = computed(() => changedAt(this.changes.value.changes, this.here.value ?? -1));
  /** moments at which something changed, each once */
  readonly moments = computed(() => [...new Set(this.changes.value.changes.map(({ moment }) => moment))]);
  /** how many of them are not behind the debugger */
  readonly passed = computed(() => this.moments.value.filter((moment) => moment <= (this.here.value ?? -1)).length);
  private asked = '';
  private round = 0;
  private rootKey = '';

  constructor(readonly replay: Replay) {
    effect(() => {
      const root = replay.root.value;
      const key = root ? `${root.threadId}:${root.object}` : '';
      if (key === this.rootKey) return;
      this.rootKey = key;
      this.asked = '';
      batch(() => {
        this.graph.value = undefined;
        this.changes.value = NO_CHANGES;
        this.fault.value = undefined;
        this.opened.value = [];
        this.closed.value = [];
      });
    });
    effect(() => {
      const root = replay.root.value;
      // what it holds is told of where the debugger stands
      const here = this.here.value;
      const [opened, closed] = [this.opened.value, this.closed.value];
      if (root && here !== undefined && replay.isVisible.value) void this.load(root, opened, closed);
    });
  }

  toggle(object: number): void {
    const node = this.graph.peek()?.nodes.find((each) => each.object === object);
    if (!node?.hasProperties) return;
    const without = (list: readonly number[]): readonly number[] => list.filter((each) => each !== object);
    batch(() => {
      this.opened.value = node.isOpen ? without(this.opened.peek()) : [...without(this.opened.peek()), object];
      this.closed.value = node.isOpen ? [...without(this.closed.peek()), object] : without(this.closed.peek());
    });
  }

  /** To the change of that number, from 1; 0: to the moment before the first. */
  goToChange(number: number): void {
    const root = this.replay.root.peek();
    const moments = this.moments.peek();
    const moment = number <= 0 ? (moments[0] ?? 1) - 1 : moments[Math.min(number, moments.length) - 1];
    if (root && moment !== undefined) this.replay.traveller.goTo(root.threadId, moment);
  }

  private async load(
    { threadId, object }: { readonly threadId: number; readonly object: number },
    opened: readonly number[],
    closed: readonly number[],
  ): Promise<void> {
    const round = ++this.round;
    const { host } = this.replay;
    try {
      const graph = await host.ask('objectGraph', { threadId, object, opened, closed });
      if (round !== this.round) return;
      batch(() => {
        this.graph.value = graph;
        this.fault.value = undefined;
      });
      // objects that were seen once are followed on
      const known = this.asked === '' ? [] : this.asked.split(' ').map(Number);
      const objects = [...new Set([...known, object, ...graph.nodes.map((node) => node.object)])].sort((a, b) => a - b);
      const key = objects.join(' ');
      if (key === this.asked) return;
      this.asked = key;
      this.isLooking.value = true;
      const changes = await host.ask('objectChanges', { threadId, objects });
      if (this.asked !== key) return;
      batch(() => {
        this.changes.value = changes;
        this.isLooking.value = false;
      });
    } catch (error) {
      if (round === this.round)
        batch(() => {
          this.isLooking.value = false;
          this.fault.value = error instanceof Error ? error.message : String(error);
        });
    }
  }
}
