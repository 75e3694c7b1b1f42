/** The series that points belong to. Senders send the same ones again and again: their names and labels are made once. */
import type { Labels, MetricKind, SeriesKey } from '../model/series.ts';
import type { UnixMs } from '../model/time.ts';
import type { KeyValue, Metric } from './otlp-messages.ts';
import { metricName, pointLabels, resourceLabels, textOf } from './otlp-names.ts';

/** points that are known at once; with more, all are forgotten and made again */
const MOST = 50_000;
const BETWEEN = '\u0000';

export class OtlpSeries {
  readonly #resources = new Map<string, ResourceSeries>();
  #known = 0;

  ofResource(attributes: readonly KeyValue[] = []): ResourceSeries {
    if (this.#known > MOST) this.#forget();
    const text = attributesText(attributes);
    let found = this.#resources.get(text);
    if (!found) {
      found = new ResourceSeries(resourceLabels(attributes), () => this.#known++);
      this.#resources.set(text, found);
      this.#known++;
    }
    return found;
  }

  #forget(): void {
    this.#resources.clear();
    this.#known = 0;
  }
}

export class ResourceSeries {
  readonly #points = new Map<string, PointSeries>();
  /** when it told of itself last, by its own clock; undefined: never */
  reportedAt: UnixMs | undefined;

  constructor(
    private readonly labels: Labels,
    private readonly added: () => void,
  ) {}

  get service(): string {
    return this.labels['service'] ?? '';
  }

  get instance(): string {
    return this.labels['instance'] ?? '';
  }

  ofPoint(metric: Metric, attributes: readonly KeyValue[] = []): PointSeries {
    const shape = shapeOf(metric);
    const text = [metric.name, metric.unit ?? '', shape, attributesText(attributes)].join(BETWEEN);
    let found = this.#points.get(text);
    if (!found) {
      const name = metricName(metric.name, metric.unit ?? '', shape);
      found = new PointSeries(name, pointLabels(this.labels, attributes), this.added);
      this.#points.set(text, found);
      this.added();
    }
    return found;
  }
}

/** Those of one metric and one set of attributes: several where it is a histogram or summary. */
export class PointSeries {
  readonly #keys = new Map<string, SeriesKey>();
  /** until the first point of it was taken in */
  isNew = true;

  constructor(
    private readonly name: string,
    private readonly labels: Labels,
    private readonly added: () => void,
  ) {}

  /** `suffix` of the name; `extra`: a label of its own */
  key(suffix: string, kind: MetricKind, extra?: readonly [label: string, value: string]): SeriesKey {
    const text = extra === undefined ? suffix : suffix + BETWEEN + extra[1];
    let found = this.#keys.get(text);
    if (!found) {
      const labels = extra === undefined ? this.labels : { ...this.labels, [extra[0]]: extra[1] };
      found = { name: this.name + suffix, kind, labels };
      this.#keys.set(text, found);
      this.added();
    }
    return found;
  }
}

function shapeOf({ gauge, sum }: Metric): 'counter' | 'gauge' | 'other' {
  if (gauge) return 'gauge';
  return sum?.isMonotonic ? 'counter' : 'other';
}

function attributesText(attributes: readonly KeyValue[]): string {
  let text = '';
  for (const { key, value } of attributes) text += key + BETWEEN + textOf(value) + BETWEEN;
  return text;
}
