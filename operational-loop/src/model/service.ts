/** What runs: services, their instances, and what they run. */
import type { Labels } from './series.ts';
import type { UnixMs } from './time.ts';

/** A build plus a configuration. */
export interface ServiceImage {
  /** of what is run: `sha256:…`, or the name that the service gave itself */
  readonly build: string;
  /** of the settings, by name */
  readonly configuration: Readonly<Record<string, string>>;
}

export interface Instance {
  readonly service: string;
  /** of one run of it: a new process is a new instance */
  readonly id: string;
  readonly environment: string;
  readonly image: ServiceImage;
  readonly startedAt: UnixMs;
  /** where it takes requests, such as `http://127.0.0.1:8080` */
  readonly address?: string;
  readonly pid?: number;
  readonly labels: Labels;
}
