/** Instances inside this process: real servers, started and stopped as a tuner asks for. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Launcher, RunningInstance, StartRequest } from '../../operational-loop/src/tuning/launch/launcher.ts';

export interface CountingInstance extends RunningInstance {
  /** when each request arrived, by `performance.now()` */
  readonly arrivals: number[];
  /** when each was sent, by its header */
  readonly sent: number[];
}

/** A header that tells when a request was sent, by `performance.now()`. */
export const SENT = 'x-sent';

/** Each fails the share FAILS of its image's configuration, and takes `delay` milliseconds for a request. */
export class ServerInstances implements Launcher {
  readonly #servers = new Map<string, { readonly instance: CountingInstance; readonly server: http.Server }>();
  readonly #chance: () => number;
  readonly #delay: (configuration: Readonly<Record<string, string>>) => number;
  readonly #listeners = new Set<(id: string, detail: string) => void>();
  /** all there ever were */
  readonly all: CountingInstance[] = [];

  /** `chance`: 0 to 1, of a generator that the test seeds. */
  constructor(chance: () => number, delay: (configuration: Readonly<Record<string, string>>) => number = () => 0) {
    this.#chance = chance;
    this.#delay = delay;
  }

  async start({ id, service, image }: StartRequest): Promise<RunningInstance> {
    const arrivals: number[] = [];
    const sent: number[] = [];
    const fails = Number(image.configuration['FAILS'] ?? 0);
    const server = http.createServer((request, response) => {
      arrivals.push(performance.now());
      sent.push(Number(request.headers[SENT]));
      const answer = (): void => void response.writeHead(this.#chance() < fails ? 500 : 200).end(id);
      const delay = this.#delay(image.configuration);
      if (delay === 0) answer();
      else setTimeout(answer, delay);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const instance = { id, service, image, address: `http://127.0.0.1:${port}`, arrivals, sent };
    this.#servers.set(id, { instance, server });
    this.all.push(instance);
    return instance;
  }

  async stop(id: string): Promise<void> {
    const found = this.#servers.get(id);
    this.#servers.delete(id);
    found?.server.close();
    found?.server.closeIdleConnections();
  }

  async running(service: string): Promise<readonly RunningInstance[]> {
    return [...this.#servers.values()].map(({ instance }) => instance).filter((one) => one.service === service);
  }

  onExit(listener: (id: string, detail: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Ends it without being told to, as a crash does. */
  crash(id: string): void {
    const found = this.#servers.get(id);
    this.#servers.delete(id);
    found?.server.closeAllConnections();
    found?.server.close();
    for (const listener of this.#listeners) listener(id, 'it crashed.');
  }

  [Symbol.dispose](): void {
    for (const { server } of this.#servers.values()) {
      server.closeAllConnections();
      server.close();
    }
  }
}
