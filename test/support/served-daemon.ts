/** A server that tells of itself as a daemon does, on the daemon's own HTTP server, and a connection that follows it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ADDRESS_FILE, operationsFolder } from '../../operational-loop/src/api/address.ts';
import type { OperationsState } from '../../operational-loop/src/api/messages.ts';
import { ApiServer, type Route } from '../../operational-loop/src/daemon/http-server.ts';
import {
  DaemonConnection,
  type ConnectionTimes,
  type DaemonEvent,
} from '../../extension/src/operations/daemon-connection.ts';

const TIMES = { look: 10, mostWait: 50, silence: 2000, answer: 2000 };
const TOKEN = 'let me in';
const PATIENCE = 5000;

export function stateAt(time: number, rest: Partial<OperationsState> = {}): OperationsState {
  const none = { services: [], drifts: [], alerts: [], proposals: [], advice: [], rollouts: [], risks: {}, knobs: [] };
  return { version: 1, time, daemon: { pid: 1, startedAt: 0, acts: false }, ...none, configurations: [], ...rest };
}

interface ServeOptions {
  readonly routes?: readonly Route[];
  readonly state?: OperationsState;
  /** of the process that it says it is */
  readonly pid?: number;
}

export interface ServedDaemon {
  readonly streams: ReadonlySet<(event: string, data: unknown) => void>;
  /** takes its address back */
  leave(): void;
  stop(): Promise<void>;
}

/** A folder of work. All that begins in it ends with it. */
export class FolderOfWork implements AsyncDisposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'hindcast-connection-'));
  private readonly ends: (() => unknown)[] = [];

  async serve({ routes = [], state = stateAt(1), pid = process.pid }: ServeOptions = {}): Promise<ServedDaemon> {
    const streams = new Set<(event: string, data: unknown) => void>();
    const events = (send: (event: string, data: unknown) => void): (() => void) => {
      streams.add(send);
      return () => void streams.delete(send);
    };
    const server = await ApiServer.listen({ host: '127.0.0.1', port: 0, token: TOKEN }, [
      { method: 'GET', path: '/v1/state', answer: () => ({ json: state }) },
      { method: 'GET', path: '/v1/events', answer: () => ({ events }) },
      ...routes,
    ]);
    const stop = (): Promise<void> => server[Symbol.asyncDispose]();
    this.ends.push(stop);
    const file = this.name(server.port, pid);
    return { streams, stop, leave: () => rmSync(file) };
  }

  /** Says that a daemon listens there; the file that says so. */
  name(port: number, pid: number): string {
    const file = path.join(operationsFolder(this.folder), ADDRESS_FILE);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ url: `http://127.0.0.1:${port}`, pid, token: TOKEN }));
    return file;
  }

  follow(isTrusted = true, times: Partial<ConnectionTimes> = {}): Followed {
    const connection = new DaemonConnection(
      () => [this.folder],
      () => isTrusted,
      { ...TIMES, ...times },
    );
    this.ends.push(() => connection.dispose());
    return new Followed(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.ends.toReversed()) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Followed {
  readonly heard: DaemonEvent[] = [];

  constructor(readonly connection: DaemonConnection) {
    connection.onEvent((event) => this.heard.push(event));
    connection.begin();
  }

  reach(state: string): Promise<void> {
    return this.until(() => this.connection.connection.state === state);
  }

  async until(isSo: () => boolean): Promise<void> {
    for (const end = Date.now() + PATIENCE; !isSo();) {
      if (Date.now() > end) throw new Error(`It was not so: ${JSON.stringify(this.connection.connection)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
