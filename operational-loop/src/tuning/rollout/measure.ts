/** What a service's requests cost while a setting holds. */
import type { Milliseconds } from '../../model/time.ts';
import type { TrafficPort } from '../traffic/port.ts';
import type { Measure } from './trial.ts';

/** Mean latency of the requests that end within the time, in milliseconds. One that failed is not counted. */
export function latencyThrough(traffic: TrafficPort): Measure {
  return async (milliseconds: Milliseconds) => {
    let sum = 0;
    let count = 0;
    const watching = traffic.observe(({ latencyMs, error }) => {
      if (error) return;
      sum += latencyMs;
      count++;
    });
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    watching[Symbol.dispose]();
    if (count === 0) throw new Error(`No request ended well within ${milliseconds} ms: nothing can be compared.`);
    return sum / count;
  };
}
