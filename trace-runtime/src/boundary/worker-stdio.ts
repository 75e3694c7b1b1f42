/**
 * What a worker prints and reads goes through its thread's inner channel, and how much at a time depends on when the other
 * side asks for more: both have their turn. Only where a run is to be executed again.
 */
import { isMainThread } from 'node:worker_threads';
import { stdioOf } from '../model/channel-keys.ts';
import { arrivalKey } from '../model/recorded-world.ts';
import { symbolOf } from './broadcasts.ts';
import { safely } from './calls.ts';
import { plain } from './dns.ts';
import type { BoundaryLog } from './log.ts';
import { ownData } from './patch.ts';

const KIND = 'worker.stdio';
const WANTS = 'stdioWantsMoreData';

/** Their inner channels have their ids in the order in which workers are made. */
export function countStdio(log: BoundaryLog, worker: object): void {
  const port = ownData(worker, symbolOf(worker, 'kPort') ?? '');
  if (typeof port === 'object' && port !== null) log.idOf(port, 'inner');
}

export class WorkerStdio {
  constructor(private readonly log: BoundaryLog) {}

  /** In the main thread others are of threads of Node's own. */
  isOf(port: object, data: unknown): boolean {
    const type = ownData(data, 'type');
    return (type === WANTS || type === 'stdioPayload') && (!isMainThread || this.log.knows(port));
  }

  inTurn(port: object, data: unknown, pass: () => unknown): unknown {
    const { log } = this;
    const wants = ownData(data, 'type') === WANTS ? true : undefined;
    const detail = { port: log.idOf(port, 'inner of its own'), stream: plain(ownData(data, 'stream')), wants };
    const deliver = (): unknown => {
      safely(log, () => log.report(KIND, detail));
      return pass();
    };
    return log.inTurn(arrivalKey(KIND, stdioOf(detail)), deliver, undefined);
  }
}
