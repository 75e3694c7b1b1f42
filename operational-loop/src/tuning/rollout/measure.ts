/** What a service's requests cost while a setting holds. */
import type { Milliseconds } from '../../model/time.ts';
import type { TrafficPort } from '../traffic/port.ts';
import type { Measure } from './trial.ts';

/** Milliseconds that the requests which end within the time take, for each of them that ends well: failing costs, too. */
export function latencyThrough(traffic: TrafficPort): Measure {
  return async (milliseconds: Milliseconds) => {
    let sum = 0;
    let count = 0;
    const watching = traffic.observe(({ latencyMs, error }) => {
      sum += latencyMs;
      if (!error) count++;
    });
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    watching[Symbol.dispose]();
    if (count === 0) throw new Error(`No request ended well within ${milliseconds} ms: nothing can be compared.`);
    return sum / count;
  };
}
