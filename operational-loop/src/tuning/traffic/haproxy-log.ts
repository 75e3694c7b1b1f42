/** What HAProxy logs of each request, by syslog over UDP. */
import dgram from 'node:dgram';

/** One request that went through HAProxy. */
export interface LoggedRequest {
  readonly backend: string;
  readonly server: string;
  /** -1 where there was no answer */
  readonly status: number;
  /** why it ended: HAProxy's termination state, `--` for well */
  readonly termination: string;
  readonly latencyMs: number;
}

/**
 * The lines that the backend's frontend needs in HAProxy's configuration. Times are taken in microseconds: HAProxy's own
 * timers have whole milliseconds.
 */
export const haproxyLogLines = (port: number): readonly string[] => [
  `log 127.0.0.1:${port} local0`,
  'http-request set-var(txn.hindcast_begun) date(0,us)',
  'log-format "hindcast %b %s %ST %ts %[var(txn.hindcast_begun)] %[date(0,us)]"',
];

const LINE = /hindcast (?<backend>\S+) (?<server>\S+) (?<status>-?\d+) (?<termination>\S+) (?<begun>\d+) (?<ended>\d+)/;

/** Undefined for lines that are not ours. */
export function parseLogLine(line: string): LoggedRequest | undefined {
  const found = LINE.exec(line)?.groups;
  if (!found) return undefined;
  const { backend = '', server = '', status, termination = '', begun, ended } = found;
  const latencyMs = (Number(ended) - Number(begun)) / 1000;
  return { backend, server, status: Number(status), termination, latencyMs };
}

export class HaproxyLog implements AsyncDisposable {
  readonly #socket: dgram.Socket;

  /** Resolves when it listens. Throws where the port is taken. */
  static async listen(port: number, listener: (request: LoggedRequest) => void): Promise<HaproxyLog> {
    const socket = dgram.createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, '127.0.0.1', resolve);
    });
    return new HaproxyLog(socket, listener);
  }

  private constructor(socket: dgram.Socket, listener: (request: LoggedRequest) => void) {
    this.#socket = socket;
    socket.setRecvBufferSize(1 << 20);
    socket.on('message', (message) => {
      const request = parseLogLine(message.toString('latin1'));
      if (request) listener(request);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}
