/** Objectives held against the samples: budgets, burn-rate alerts, incidents, and the gate for changes. */
import { readFileSync } from 'node:fs';
import type { ObjectiveState } from '../api/messages.ts';
import type { BurnAlert, ErrorBudget, EventCounts, GateResult, Objective } from '../model/objective.ts';
import { signalNames, type SignalName } from '../model/signals.ts';
import type { Clock, Milliseconds } from '../model/time.ts';
import type { GoldenSignalsReader } from '../signals/golden-signals.ts';
import { errorBudget } from '../slo/budget.ts';
import { burnAlerts } from '../slo/burn-rate.ts';
import { countsOfValues } from '../slo/counts.ts';
import { gate } from '../slo/gate.ts';
import { parseOpenSlo } from '../slo/openslo.ts';
import { intervalOf } from '../slo/windows.ts';
import type { AlertBook } from './alert-book.ts';

/** The source that an OpenSLO file names for what the daemon measures itself; its queries are names of signals. */
const OWN_SOURCE = 'hindcast';
const MINUTE: Milliseconds = 60_000;

interface Held {
  readonly objective: Objective;
  readonly budget: ErrorBudget;
  readonly alerts: readonly BurnAlert[];
}

export class Objectives {
  readonly #objectives: readonly Objective[];
  readonly problems: readonly string[];
  #held: readonly Held[] = [];

  /** `files`: OpenSLO. Throws where one cannot be read. */
  constructor(
    files: readonly string[],
    private readonly reader: GoldenSignalsReader,
    private readonly book: AlertBook,
    private readonly clock: Clock,
  ) {
    const { objectives, problems } = parseOpenSlo(files.map((path) => ({ path, text: readFileSync(path, 'utf8') })));
    this.#objectives = objectives;
    this.problems = problems.map(({ file, where, message }) => `${file}: ${where} ${message}.`);
  }

  /** Holds all against the samples as they are now. */
  look(): void {
    const now = this.clock.now();
    this.#held = this.#objectives.flatMap((objective) => {
      const { from } = intervalOf(objective.window, now);
      const counts = this.#countsOf(objective, from, now);
      if (!counts) return [];
      const alerts = burnAlerts(objective, counts, now);
      for (const alert of alerts) this.#tell(objective, alert);
      return [{ objective, budget: errorBudget(objective, counts, now), alerts }];
    });
  }

  of(service: string): readonly ObjectiveState[] {
    return this.#held
      .filter(({ objective }) => objective.service === service)
      .map(({ objective: { name, target }, budget: { sli, remaining } }) => ({ name, target, sli, remaining }));
  }

  /** Whether a change of the service may go out. */
  gate(service: string): GateResult {
    const held = this.#held.filter(({ objective }) => objective.service === service);
    return gate(
      held.map(({ budget }) => budget),
      held.flatMap(({ alerts }) => alerts),
    );
  }

  #tell({ service }: Objective, { objective, rule, longBurn, firing, since }: BurnAlert): void {
    const subject = `burn/${objective}/${rule.name}`;
    if (!firing) return this.book.end(subject);
    this.book.raise(subject, {
      kind: 'burn',
      severity: rule.severity,
      service,
      instance: undefined,
      text: `${objective}: the error budget burns ${longBurn.toFixed(1)} times as fast as allowed (${rule.name}).`,
      about: undefined,
      ...(since === undefined ? {} : { since }),
    });
  }

  /** By the minute; undefined where it is measured elsewhere. */
  #countsOf({ indicator, service }: Objective, from: number, to: number): EventCounts | undefined {
    const range = { from: Math.floor(from / MINUTE) * MINUTE, to: Math.floor(to / MINUTE) * MINUTE, step: MINUTE };
    const query =
      indicator.kind === 'threshold'
        ? indicator.value
        : indicator.kind === 'raw-ratio'
          ? indicator.value
          : indicator.total;
    if (query.source.toLowerCase() !== OWN_SOURCE || range.from >= range.to) return undefined;
    if (indicator.kind === 'threshold') {
      const signal = signalNames.find((name) => name === indicator.value.query);
      if (!signal) return undefined;
      const { times, values } = this.reader.column(service, undefined, signal, range);
      return countsOfValues(times, values, indicator.op, indicator.limit);
    }
    const column = (signal: SignalName): Float64Array => this.reader.column(service, undefined, signal, range).values;
    const traffic = column('traffic');
    const errors = column('errorRatio');
    const total = traffic.map((rate) => (Number.isNaN(rate) ? 0 : (rate * MINUTE) / 1000));
    const good = total.map((count, index) => count * (1 - (errors[index]! || 0)));
    const times = Float64Array.from(total, (_, index) => range.from + (index + 1) * MINUTE);
    return { times, good, total };
  }
}
