/** How the requests of one service are shared between slots of instances. */
import type { Milliseconds, UnixMs } from '../../model/time.ts';
import type { Unanswered } from './unanswered.ts';

/** One request as it went. `time` is when its answer ended. */
export interface RequestObservation {
  readonly slot: string;
  readonly latencyMs: Milliseconds;
  /** the answer was a 5xx, or there was none */
  readonly error: boolean;
  /** of the answer; 0 where there was none */
  readonly status: number;
  readonly time: UnixMs;
}

export type ObservationListener = (observation: RequestObservation) => void;

/**
 * A load balancer in front of one service. It has two slots; one holds the last good image, the other is free for a canary.
 * All methods are idempotent. They throw where the balancer cannot be reached or refuses.
 */
export interface TrafficPort extends AsyncDisposable {
  readonly slots: readonly [string, string];
  /**
   * What takes a slot's requests, such as `http://127.0.0.1:8081`. A slot without an address gets none. What is new in it may
   * get its share with the next `setWeights` only.
   */
  place(slot: string, addresses: readonly string[]): Promise<void>;
  /** Percent by slot; a slot that is not named gets 0. At weight 0 no new request goes there, from when this resolves. */
  setWeights(weights: Readonly<Record<string, number>>): Promise<void>;
  weights(): Promise<Readonly<Record<string, number>>>;
  /** Instances that answer nothing any more. To be asked now and then: what it knows may be from when it was asked. */
  unanswered(): Promise<readonly Unanswered[]>;
  /** Called for every request. What the listener throws is not caught. */
  observe(listener: ObservationListener): Disposable;
}
