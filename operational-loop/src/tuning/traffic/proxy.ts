/**
 * A reverse proxy inside this process: for one machine, and where there is no load balancer. It streams both ways, keeps
 * connections to instances open, and passes upgrades (WebSocket) on, which are not observed. A request is sent twice only if it is safe, has no body,
 * and nothing was answered.
 */
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import { cannotListen } from '../../../../trace-runtime/src/base/errors.ts';
import type { Clock } from '../../model/time.ts';
import { Observers, WAITED_IN_VAIN } from './observers.ts';
import type { ObservationListener, TrafficPort } from './port.ts';
import { UnansweredRequests, type Unanswered } from './unanswered.ts';
import { WeightedChoice } from './weighted-choice.ts';

export interface ProxySettings {
  readonly host: string;
  /** 0: any that is free */
  readonly port: number;
  readonly slots: readonly [string, string];
}

/** Where a request went, and when. */
interface Asked {
  readonly address: string;
  readonly begun: number;
}

interface Target {
  readonly slot: string;
  readonly address: string;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export class ProxyPort implements TrafficPort {
  readonly slots: readonly [string, string];
  readonly #clock: Clock;
  readonly #agent = new http.Agent({ keepAlive: true, maxFreeSockets: 256 });
  readonly #proxy = createProxyServer({ agent: this.#agent, xfwd: true });
  readonly #server: http.Server;
  readonly #observers = new Observers();
  readonly #choice = new WeightedChoice();
  readonly #answers = new WeakMap<http.ServerResponse, http.IncomingMessage>();
  readonly #upgraded = new Set<Socket>();
  readonly #unanswered = new UnansweredRequests();
  readonly #asked = new WeakMap<http.ServerResponse, Asked>();
  readonly #addresses = new Map<string, { readonly all: readonly string[]; next: number }>();
  #weights: Readonly<Record<string, number>> = {};

  /** Resolves when it takes requests. Throws where the port is taken. */
  static async listen({ host, port, slots }: ProxySettings, clock: Clock): Promise<ProxyPort> {
    const proxy = new ProxyPort(slots, clock);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', (error) => reject(cannotListen(host, port, error)));
      proxy.#server.listen(port, host, resolve);
    });
    return proxy;
  }

  private constructor(slots: readonly [string, string], clock: Clock) {
    this.slots = slots;
    this.#clock = clock;
    // No listener for errors: what goes wrong is thrown where the request is.
    this.#proxy.on('proxyRes', (answer, _request, response) => this.#begins(answer, response as http.ServerResponse));
    this.#server = http.createServer((request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request, socket: Socket, head) => void this.#upgrade(request, socket, head));
  }

  /** where it takes requests, such as `http://127.0.0.1:8080` */
  get address(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async place(slot: string, addresses: readonly string[]): Promise<void> {
    this.#addresses.set(slot, { all: addresses, next: 0 });
    this.#unanswered.keepOnly(new Set([...this.#addresses.values()].flatMap(({ all }) => all)));
  }

  async setWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    this.#weights = Object.fromEntries(this.slots.map((slot) => [slot, weights[slot] ?? 0]));
    this.#choice.set(this.#weights);
  }

  async weights(): Promise<Readonly<Record<string, number>>> {
    return this.#weights;
  }

  async unanswered(): Promise<readonly Unanswered[]> {
    return this.#unanswered.at(performance.now());
  }

  observe(listener: ObservationListener): Disposable {
    return this.#observers.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    this.#agent.destroy();
    await closed;
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const target = this.#next();
    if (!target) return refuse(response, 503, 'No instance takes requests.');
    if (await this.#forward(request, response, target)) return;
    const other = isRepeatable(request) && !response.headersSent ? this.#next(target.address) : undefined;
    if (other && (await this.#forward(request, response, other))) return;
    refuse(response, 502, 'The instance did not answer.');
  }

  /** False where it failed and the client still waits. */
  async #forward(request: http.IncomingMessage, response: http.ServerResponse, target: Target): Promise<boolean> {
    const begun = performance.now();
    this.#asked.set(response, { address: target.address, begun });
    this.#unanswered.asked(target.address, begun);
    const closed = (): void => {
      const answer = this.#answers.get(response);
      if (!answer) this.#unanswered.givenUp(target.address, begun, performance.now());
      if (response.writableFinished) this.#tell(target.slot, begun, response.statusCode);
      else if (answer ? answer.destroyed && !answer.complete : performance.now() - begun >= WAITED_IN_VAIN) {
        this.#tell(target.slot, begun, 0);
      }
    };
    response.once('close', closed);
    try {
      await this.#proxy.web(request, response, { target: target.address });
      return true;
    } catch {
      if (response.destroyed) return true;
      response.off('close', closed);
      this.#tell(target.slot, begun, 0);
      return false;
    }
  }

  #begins(answer: http.IncomingMessage, response: http.ServerResponse): void {
    this.#answers.set(response, answer);
    const asked = this.#asked.get(response);
    if (asked) this.#unanswered.answered(asked.address, asked.begun, performance.now());
  }

  async #upgrade(request: http.IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const target = this.#next();
    if (!target) return void socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    this.#upgraded.add(socket);
    socket.once('close', () => this.#upgraded.delete(socket));
    await this.#proxy.ws(request, socket, { target: target.address }, head).catch(() => socket.destroy());
  }

  /** Another instance than `not`, where there is one. */
  #next(not?: string): Target | undefined {
    const slot = this.#choice.next((name) => (this.#addresses.get(name)?.all.length ?? 0) > 0);
    const instances = slot === undefined ? undefined : this.#addresses.get(slot);
    if (slot === undefined || !instances) return undefined;
    const take = (): string => instances.all[instances.next++ % instances.all.length] as string;
    const first = take();
    return { slot, address: first === not ? take() : first };
  }

  #tell(slot: string, begun: number, status: number): void {
    const latencyMs = performance.now() - begun;
    this.#observers.tell({ slot, latencyMs, status, error: status === 0 || status >= 500, time: this.#clock.now() });
  }
}

function isRepeatable({ method = '', headers }: http.IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return SAFE.has(method) && !hasBody;
}

function refuse(response: http.ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain' }).end(`${sentence}\n`);
}
