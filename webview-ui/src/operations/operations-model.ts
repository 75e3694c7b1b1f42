/** What the panel knows: the daemon's state, what one has chosen to see, and what it was asked for besides. */
import { batch, computed, effect, signal } from '@preact/signals';
import type {
  CalibrationState,
  ForecastState,
  History,
  OperationsState,
  SignalHistory,
  Signatures,
} from '../../../operational-loop/src/api/messages.ts';
import type { SignalName } from '../../../operational-loop/src/model/signals.ts';
import { Fetched } from './fetched.ts';
import type { Connection, OperationsAction, OperationsHostMessage, Subject } from './messages.ts';
import { OperationsHost } from './operations-host.ts';
import { journalMark, newAlerts, shownService, signalOfDrift } from './selectors.ts';
import { isSignal } from './units.ts';

const MINUTE = 60_000;

/** How far back charts look, by name. */
export const SPANS = { '15 min': 15 * MINUTE, '1 h': 60 * MINUTE, '6 h': 360 * MINUTE, '24 h': 1440 * MINUTE } as const;
export type SpanName = keyof typeof SPANS;

/** A chart has more points than can be told apart after this share of its span. */
const REFRESH_SHARE = 1 / 300;
const LEAST_REFRESH = 2000;
const FORECAST_REFRESH = 30_000;
const JOURNAL_REFRESH = 60_000;
const SIGNATURES_REFRESH = 60_000;
const CALIBRATION_REFRESH = 60_000;
const ENTRIES = 100;

/** What somebody does, until the daemon has answered. */
export interface Doing {
  readonly state: 'running' | 'failed';
  readonly text: string;
}

interface Remembered {
  readonly service?: string;
  readonly signal?: string;
  readonly span?: string;
}

export class OperationsModel {
  readonly host: OperationsHost;
  readonly connection = signal<Connection | undefined>(undefined);
  readonly state = signal<OperationsState | undefined>(undefined);
  readonly isVisible = signal(true);
  /** said to who does not see it */
  readonly announcement = signal('');
  /** what was asked to be shown, once; the panel moves there */
  readonly wanted = signal<Subject | undefined>(undefined);
  readonly chosenService = signal<string | undefined>(undefined);
  readonly chosenSignal = signal<SignalName | undefined>(undefined);
  readonly span = signal<SpanName>('15 min');
  readonly doing = signal<ReadonlyMap<string, Doing>>(new Map());

  readonly lines = new Fetched<SignalHistory>();
  readonly forecast = new Fetched<ForecastState>();
  readonly journal = new Fetched<History>();
  readonly signatures = new Fetched<Signatures>();
  readonly calibration = new Fetched<CalibrationState>();

  readonly service = computed(() => {
    const { value } = this.state;
    return value && shownService(value, this.chosenService.value);
  });
  readonly signalName = computed(() => {
    const { value } = this.state;
    return this.chosenSignal.value ?? (value ? signalOfDrift(this.service.value, value) : 'latencyP95');
  });
  /** whether anything can be asked and done now */
  readonly isConnected = computed(() => this.connection.value?.state === 'connected');
  /** moments are told by the daemon's clock */
  readonly now = computed(() => this.state.value?.time ?? Date.now());

  constructor() {
    this.host = new OperationsHost((message) => this.hear(message));
    this.recall((this.host.remembered ?? {}) as Remembered);
    effect(() =>
      this.host.remember({
        service: this.chosenService.value,
        signal: this.chosenSignal.value,
        span: this.span.value,
      } satisfies { [Key in keyof Remembered]: Remembered[Key] | undefined }),
    );
    effect(() => this.refresh());
  }

  /** To be called once the panel is drawn. */
  begin(): void {
    this.host.ready();
  }

  /** `key`: of the place where it is said what becomes of it. */
  async act(key: string, action: OperationsAction): Promise<void> {
    this.say(key, { state: 'running', text: 'Asking…' });
    try {
      await this.host.act(action);
      this.say(key, undefined);
    } catch (error) {
      this.say(key, { state: 'failed', text: error instanceof Error ? error.message : String(error) });
    }
  }

  show(subject: Subject): void {
    if (subject.kind === 'service') this.chosenService.value = subject.id;
    this.wanted.value = subject;
  }

  /** Draws that signal of a service. */
  chart(service: string, name: SignalName): void {
    this.chosenSignal.value = name;
    this.show({ kind: 'service', id: service });
  }

  private hear(message: Exclude<OperationsHostMessage, { kind: 'response' }>): void {
    switch (message.kind) {
      case 'connection':
        return this.connected(message.connection);
      case 'state':
        return this.heardState(message.state);
      case 'visible':
        this.isVisible.value = message.isVisible;
        return;
      case 'show':
        return this.show(message.subject);
    }
  }

  private connected(connection: Connection): void {
    batch(() => {
      this.connection.value = connection;
      if (connection.state === 'lost' || connection.state === 'connected') return;
      this.state.value = undefined;
      for (const each of [this.lines, this.forecast, this.journal, this.signatures, this.calibration]) each.forget();
    });
  }

  private heardState(state: OperationsState): void {
    const fresh = newAlerts(this.state.peek(), state);
    batch(() => {
      this.state.value = state;
      if (fresh.length > 0) this.announcement.value = fresh.map(({ text }) => `New alert: ${text}`).join(' ');
    });
  }

  /** Asks for what is shown and has grown old; looked at whenever the state changes. */
  private refresh(): void {
    const [state, service] = [this.state.value, this.service.value];
    if (!state || !this.isConnected.value || !this.isVisible.value) return;
    const [name, signalName, span] = [service?.name, this.signalName.value, SPANS[this.span.value]];
    const { host } = this;
    if (name !== undefined) {
      const [from, to] = [state.time - span, state.time];
      this.lines.refresh(`${name} ${signalName} ${span}`, Math.max(LEAST_REFRESH, span * REFRESH_SHARE), () =>
        host.ask('signals', { service: name, signal: signalName, from, to }),
      );
      this.forecast.refresh(`${name} ${signalName}`, FORECAST_REFRESH, () =>
        host.ask('forecast', { service: name, signal: signalName }),
      );
    }
    this.journal.refresh(journalMark(state), JOURNAL_REFRESH, () => host.ask('history', { limit: ENTRIES }));
    const drifts = state.drifts.map(({ id, endedAt }) => `${id} ${endedAt ?? ''}`).join();
    this.signatures.refresh(drifts || 'none', SIGNATURES_REFRESH, () => host.ask('signatures', {}));
    this.calibration.refresh('all', CALIBRATION_REFRESH, () => host.ask('calibration', {}));
  }

  private say(key: string, doing: Doing | undefined): void {
    const next = new Map(this.doing.peek());
    if (doing) next.set(key, doing);
    else next.delete(key);
    this.doing.value = next;
  }

  private recall({ service, signal: name, span }: Remembered): void {
    this.chosenService.value = service;
    if (name !== undefined && isSignal(name)) this.chosenSignal.value = name;
    if (span !== undefined && span in SPANS) this.span.value = span as SpanName;
  }
}
