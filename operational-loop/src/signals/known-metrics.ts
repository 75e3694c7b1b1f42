/**
 * Where signals are found: names of OpenTelemetry's conventions as Prometheus writes them, then those of prom-client and of
 * cgroups. Of each list the first that an instance has is taken, so that nothing is counted twice.
 */

export interface RequestHistogram {
  readonly name: string;
  /** what makes seconds of its unit */
  readonly seconds: number;
}

export const requestHistograms: readonly RequestHistogram[] = [
  { name: 'http_server_request_duration_seconds', seconds: 1 },
  { name: 'http_server_duration_milliseconds', seconds: 0.001 },
  { name: 'http_request_duration_seconds', seconds: 1 },
  { name: 'http_request_duration_ms', seconds: 0.001 },
  { name: 'http_request_duration_milliseconds', seconds: 0.001 },
  { name: 'rpc_server_duration_milliseconds', seconds: 0.001 },
];

export const requestCounters: readonly string[] = [
  'http_requests_total',
  'http_server_requests_total',
  'requests_total',
];

export const statusLabels: readonly string[] = [
  'http_response_status_code',
  'http_status_code',
  'status_code',
  'code',
  'status',
];

/** 5xx is the service's fault; what failed without an answer has `error_type` alone */
export function isServerError(labels: Readonly<Record<string, string>>): boolean {
  const status = statusLabels.map((label) => labels[label]).find((value) => value !== undefined);
  return status === undefined ? labels['error_type'] !== undefined : /^5(\d\d|xx)$/i.test(status);
}

export type SaturationName =
  | 'cpuCores'
  | 'memoryBytes'
  | 'heapUsedBytes'
  | 'eventLoopDelayP99'
  | 'gcShare'
  | 'ioBytesPerSecond'
  | 'ioWaitShare'
  | 'openFiles';

/** Counters are taken a second; of gauges the mean. Series of one name are summed, but of `greatest` the greatest is taken. */
export const saturationMetrics: Readonly<
  Record<SaturationName, { readonly names: readonly string[]; readonly how: 'rate' | 'mean' | 'greatest' }>
> = {
  cpuCores: {
    names: ['process_cpu_time_seconds_total', 'process_cpu_seconds_total', 'container_cpu_time_seconds_total'],
    how: 'rate',
  },
  memoryBytes: {
    names: ['process_memory_usage_bytes', 'process_resident_memory_bytes', 'container_memory_usage_bytes'],
    how: 'mean',
  },
  heapUsedBytes: { names: ['v8js_memory_heap_used_bytes', 'nodejs_heap_size_used_bytes'], how: 'mean' },
  eventLoopDelayP99: {
    names: ['nodejs_eventloop_delay_p99_seconds', 'nodejs_eventloop_lag_p99_seconds'],
    how: 'greatest',
  },
  gcShare: { names: ['v8js_gc_duration_seconds_sum', 'nodejs_gc_duration_seconds_sum'], how: 'rate' },
  ioBytesPerSecond: { names: ['process_disk_io_bytes_total', 'container_disk_io_bytes_total'], how: 'rate' },
  ioWaitShare: { names: ['process_io_wait_seconds_total', 'container_io_wait_seconds_total'], how: 'rate' },
  openFiles: { names: ['process_unix_file_descriptor_count', 'process_open_fds'], how: 'mean' },
};
