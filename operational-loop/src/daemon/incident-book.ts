/** Alerts that page open an incident of their service, or go on its timeline. */
import type { Alert } from '../api/messages.ts';
import type { Incident } from '../model/objective.ts';
import type { Clock } from '../model/time.ts';
import { IncidentStore } from '../slo/incident-store.ts';
import { postmortemDraft } from '../slo/postmortem.ts';
import type { Database } from '../store/sqlite.ts';

const LOOP = 'the operational loop';

export class IncidentBook {
  readonly #store: IncidentStore;

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    this.#store = new IncidentStore(database);
  }

  note({ service, severity, text, kind }: Alert): void {
    const event = { time: this.clock.now(), text, by: LOOP };
    const open = this.#store.list(service).find(({ state }) => state !== 'resolved');
    if (open) this.#store.add(open.id, { ...event, kind: kind === 'drift' ? 'drift' : 'alert' });
    else if (severity === 'page') this.#store.open({ service, severity, title: text }, event);
  }

  list(service?: string): readonly Incident[] {
    return this.#store.list(service);
  }

  /** A person says how it goes on. Throws where there is no such incident. */
  add(id: number, kind: 'note' | 'action' | 'mitigated' | 'resolved' | 'reopened', text: string, by: string): Incident {
    this.#find(id);
    this.#store.add(id, { time: this.clock.now(), kind, text, by });
    return this.#find(id);
  }

  /** Markdown. Throws where there is no such incident. */
  postmortem(id: number): string {
    return postmortemDraft(this.#find(id));
  }

  #find(id: number): Incident {
    const found = this.#store.get(id);
    if (!found) throw new Error(`There is no incident ${id}.`);
    return found;
  }
}
