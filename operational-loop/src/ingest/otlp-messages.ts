/** OTLP's metric messages (opentelemetry-proto, collector/metrics/v1 and metrics/v1), as far as they are read here. */
import protobuf from 'protobufjs/light.js';

export interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
}

/** What all points have. Times are nanoseconds since 1970, to the precision of a double. */
export interface Point {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: number;
  readonly timeUnixNano: number;
  readonly flags: number;
}

export interface NumberPoint extends Point {
  readonly asDouble?: number;
  readonly asInt?: number;
}

export interface HistogramPoint extends Point {
  readonly count: number;
  readonly sum?: number;
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
}

export interface ExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

export interface ExponentialPoint extends Point {
  readonly count: number;
  readonly sum?: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly positive?: ExponentialBuckets;
  readonly negative?: ExponentialBuckets;
}

export interface SummaryPoint extends Point {
  readonly count: number;
  readonly sum: number;
  readonly quantileValues: readonly { readonly quantile: number; readonly value: number }[];
}

export const DELTA = 1;
export const CUMULATIVE = 2;

interface Points<P> {
  readonly dataPoints: readonly P[];
  /** missing in gauges and summaries */
  readonly aggregationTemporality?: number;
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: Points<NumberPoint>;
  readonly sum?: Points<NumberPoint> & { readonly isMonotonic: boolean };
  readonly histogram?: Points<HistogramPoint>;
  readonly exponentialHistogram?: Points<ExponentialPoint>;
  readonly summary?: Points<SummaryPoint>;
}

export interface ResourceMetrics {
  readonly resource?: { readonly attributes: readonly KeyValue[] };
  readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
}

export interface ExportRequest {
  readonly resourceMetrics: readonly ResourceMetrics[];
}

/** The parts of a message in the order `name: 'id type'`; `*` before the type is `repeated`. */
function message(fields: Readonly<Record<string, string>>, oneof: readonly string[] = []): protobuf.IType {
  const described = Object.entries(fields).map(([name, field]) => {
    const [id = '', type = ''] = field.split(' ');
    const repeated = type.startsWith('*');
    return [name, { id: Number(id), type: repeated ? type.slice(1) : type, ...(repeated ? { rule: 'repeated' } : {}) }];
  });
  const optional = oneof.map((name) => [`_${name}`, { oneof: [name] }]);
  return {
    edition: 'proto3',
    fields: Object.fromEntries(described) as protobuf.IType['fields'],
    ...(oneof.length > 0 ? { oneofs: Object.fromEntries(optional) as protobuf.IType['oneofs'] } : {}),
  };
}

const POINT = { startTimeUnixNano: '2 fixed64', timeUnixNano: '3 fixed64' };

const root = protobuf.Root.fromJSON({
  nested: {
    ExportRequest: message({ resourceMetrics: '1 *ResourceMetrics' }),
    ResourceMetrics: message({ resource: '1 Resource', scopeMetrics: '2 *ScopeMetrics' }),
    Resource: message({ attributes: '1 *KeyValue' }),
    ScopeMetrics: message({ metrics: '2 *Metric' }),
    KeyValue: message({ key: '1 string', value: '2 AnyValue' }),
    AnyValue: message(
      {
        stringValue: '1 string',
        boolValue: '2 bool',
        intValue: '3 int64',
        doubleValue: '4 double',
        arrayValue: '5 ArrayValue',
      },
      ['stringValue', 'boolValue', 'intValue', 'doubleValue'],
    ),
    ArrayValue: message({ values: '1 *AnyValue' }),
    Metric: message({
      name: '1 string',
      unit: '3 string',
      gauge: '5 Numbers',
      sum: '7 Numbers',
      histogram: '9 Histograms',
      exponentialHistogram: '10 Exponentials',
      summary: '11 Summaries',
    }),
    Numbers: message({ dataPoints: '1 *NumberPoint', aggregationTemporality: '2 Temporality', isMonotonic: '3 bool' }),
    Histograms: message({ dataPoints: '1 *HistogramPoint', aggregationTemporality: '2 Temporality' }),
    Exponentials: message({ dataPoints: '1 *ExponentialPoint', aggregationTemporality: '2 Temporality' }),
    Summaries: message({ dataPoints: '1 *SummaryPoint' }),
    Temporality: {
      values: {
        AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
        AGGREGATION_TEMPORALITY_DELTA: DELTA,
        AGGREGATION_TEMPORALITY_CUMULATIVE: CUMULATIVE,
      },
    },
    NumberPoint: message(
      { ...POINT, asDouble: '4 double', asInt: '6 sfixed64', attributes: '7 *KeyValue', flags: '8 uint32' },
      ['asDouble', 'asInt'],
    ),
    HistogramPoint: message(
      {
        ...POINT,
        count: '4 fixed64',
        sum: '5 double',
        bucketCounts: '6 *fixed64',
        explicitBounds: '7 *double',
        attributes: '9 *KeyValue',
        flags: '10 uint32',
      },
      ['sum'],
    ),
    ExponentialPoint: message(
      {
        ...POINT,
        attributes: '1 *KeyValue',
        count: '4 fixed64',
        sum: '5 double',
        scale: '6 sint32',
        zeroCount: '7 fixed64',
        positive: '8 ExponentialBuckets',
        negative: '9 ExponentialBuckets',
        flags: '10 uint32',
        zeroThreshold: '14 double',
      },
      ['sum'],
    ),
    ExponentialBuckets: message({ offset: '1 sint32', bucketCounts: '2 *uint64' }),
    SummaryPoint: message({
      ...POINT,
      count: '4 fixed64',
      sum: '5 double',
      quantileValues: '6 *ValueAtQuantile',
      attributes: '7 *KeyValue',
      flags: '8 uint32',
    }),
    ValueAtQuantile: message({ quantile: '1 double', value: '2 double' }),
    ExportResponse: message({ partialSuccess: '1 PartialSuccess' }),
    PartialSuccess: message({ rejectedDataPoints: '1 int64', errorMessage: '2 string' }),
    Status: message({ code: '1 int32', message: '2 string' }),
  },
} as protobuf.INamespace);

/** Throws where the bytes are no such message. */
export function decodeRequest(bytes: Uint8Array): ExportRequest {
  return plain(root.lookupType('ExportRequest').decode(bytes));
}

/** Throws where the text is no JSON, or not of this shape. Fields that are not known are left out, as OTLP demands. */
export function parseRequest(text: string): ExportRequest {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is no object');
  return plain(root.lookupType('ExportRequest').fromObject(value));
}

/** One of the answers, in the encoding of the request. */
export function encodeAnswer(type: 'ExportResponse' | 'Status', value: object, json: boolean): Uint8Array {
  if (json) return new TextEncoder().encode(JSON.stringify(value));
  const answer = root.lookupType(type);
  return answer.encode(answer.fromObject(value)).finish();
}

function plain(request: protobuf.Message): ExportRequest {
  const options = { longs: Number, enums: Number, arrays: true, defaults: false };
  return root.lookupType('ExportRequest').toObject(request, options) as unknown as ExportRequest;
}
