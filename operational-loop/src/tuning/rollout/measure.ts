/** What a service's requests cost while a setting holds. */
import type { Milliseconds } from '../../model/time.ts';
import type { TrafficPort } from '../traffic/port.ts';
import type { Measure } from './trial.ts';

/** requests that end well, at least: with fewer a block says little */
const LEAST = 20;
/** how many times as long as wanted it may take until there are as many */
const LONGER = 10;

/**
 * Milliseconds that the requests which end within the time take, for each of them that ends well: failing costs, too. Where few
 * come it goes on until there are enough of them, for ten times as long at most.
 */
export function latencyThrough(traffic: TrafficPort): Measure {
  return async (milliseconds: Milliseconds) => {
    let sum = 0;
    let count = 0;
    using _watching = traffic.observe(({ latencyMs, error }) => {
      sum += latencyMs;
      if (!error) count++;
    });
    for (let part = 0; part < LONGER && (part === 0 || count < LEAST); part++) await sleep(milliseconds);
    if (count === 0)
      throw new Error(`No request ended well within ${LONGER * milliseconds} ms: nothing can be compared.`);
    return sum / count;
  };
}

function sleep(milliseconds: Milliseconds): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
