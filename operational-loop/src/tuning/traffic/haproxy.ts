/**
 * HAProxy in front of a service, through its runtime API. Its configuration has one backend with servers by name for each of
 * two slots; an instance is placed by giving a server its address. Every request is seen through its log.
 */
import type { Clock } from '../../model/time.ts';
import type { LoggedRequest } from './haproxy-log.ts';
import { HaproxyLog } from './haproxy-log.ts';
import type { HaproxyAddress } from './haproxy-socket.ts';
import { commandHaproxy } from './haproxy-socket.ts';
import { serversOf, type HaproxyServer } from './haproxy-servers.ts';
import { Observers, WAITED_IN_VAIN } from './observers.ts';
import type { ObservationListener, TrafficPort } from './port.ts';
import { UnansweredRequests, type Unanswered } from './unanswered.ts';

export interface HaproxySettings {
  /** of its `stats socket … level admin` */
  readonly socket: HaproxyAddress;
  readonly backend: string;
  /** the servers of each slot, such as `{ blue: ['blue1', 'blue2'], green: ['green1', 'green2'] }`: at least as many as instances */
  readonly servers: Readonly<Record<string, readonly string[]>>;
  /** UDP, where its log goes: see `haproxyLogLines` */
  readonly logPort: number;
}

const MOST_WEIGHT = 256;
const PLACED = /^(?:IP changed|port changed|no need to change)/m;

export class HaproxyPort implements TrafficPort {
  readonly slots: readonly [string, string];
  readonly #settings: HaproxySettings;
  readonly #clock: Clock;
  readonly #observers = new Observers();
  readonly #slotOf: ReadonlyMap<string, string>;
  readonly #placed = new Map<string, number>();
  /** by server; its counts at the last look */
  readonly #unanswered = new UnansweredRequests();
  #counted = new Map<string, HaproxyServer>();
  #log: HaproxyLog | undefined;

  /** Resolves when it hears HAProxy's log. Throws where there are not two slots, or the log's port is taken. */
  static async open(settings: HaproxySettings, clock: Clock): Promise<HaproxyPort> {
    const port = new HaproxyPort(settings, clock);
    port.#log = await HaproxyLog.listen(settings.logPort, (request) => port.#tell(request));
    return port;
  }

  private constructor(settings: HaproxySettings, clock: Clock) {
    const [first, second, ...more] = Object.keys(settings.servers);
    if (first === undefined || second === undefined || more.length > 0) {
      throw new Error(`The backend ${settings.backend} needs servers for exactly two slots.`);
    }
    this.slots = [first, second];
    this.#settings = settings;
    this.#clock = clock;
    const pairs = Object.entries(settings.servers).flatMap(([slot, names]) =>
      names.map((name) => [name, slot] as const),
    );
    this.#slotOf = new Map(pairs);
  }

  async place(slot: string, addresses: readonly string[]): Promise<void> {
    const names = this.#serversOf(slot);
    if (addresses.length > names.length) {
      throw new Error(
        `${addresses.length} instances do not fit into the ${names.length} servers of ${slot} in HAProxy's backend ${this.#settings.backend}: add servers.`,
      );
    }
    const idle = new Set(
      (await this.#stat()).filter(({ status }) => status.startsWith('MAINT')).map(({ server }) => server),
    );
    for (const [index, name] of names.entries()) await this.#placeServer(name, addresses[index], idle.has(name));
    this.#placed.set(slot, addresses.length);
  }

  async setWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    const shares = this.slots.map((slot) => ({ slot, share: (weights[slot] ?? 0) / this.#countOf(slot) }));
    const whole = wholeWeights(shares.map(({ share }) => share));
    // What gets nothing any more goes first; then the larger: a canary must not have the others' share while they are set.
    const order = shares.map(({ slot }, index) => ({ slot, weight: whole[index] ?? 0 }));
    const rank = ({ weight }: { readonly weight: number }): number => (weight === 0 ? Infinity : weight);
    for (const { slot, weight } of order.toSorted((left, right) => rank(right) - rank(left) || 0)) {
      for (const name of this.#serversOf(slot)) await this.#command(`set weight ${this.#full(name)} ${weight}`);
    }
  }

  async weights(): Promise<Readonly<Record<string, number>>> {
    const sums = new Map(this.slots.map((slot) => [slot, 0]));
    for (const { server, weight, status } of await this.#stat()) {
      const slot = this.#slotOf.get(server);
      if (slot !== undefined && !status.startsWith('MAINT')) sums.set(slot, (sums.get(slot) ?? 0) + weight);
    }
    const total = [...sums.values()].reduce((sum, weight) => sum + weight, 0);
    return Object.fromEntries([...sums].map(([slot, sum]) => [slot, total === 0 ? 0 : (100 * sum) / total]));
  }

  /** From how many requests each server was given and has answered, as HAProxy counts them. */
  async unanswered(): Promise<readonly Unanswered[]> {
    const servers = await this.#placedServers();
    const now = performance.now();
    for (const server of servers) this.#countOn(server, now);
    this.#counted = new Map(servers.map((server) => [server.key, server]));
    this.#unanswered.keepOnly(new Set(this.#counted.keys()));
    return this.#unanswered
      .at(now)
      .map(({ address: key, ...one }) => ({ ...one, address: `http://${this.#counted.get(key)?.address ?? ''}` }));
  }

  observe(listener: ObservationListener): Disposable {
    return this.#observers.add(listener);
  }

  /** HAProxy goes on as it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log?.[Symbol.asyncDispose]();
  }

  /** One that was idle gets no requests before its slot is given its weight anew. */
  async #placeServer(name: string, address: string | undefined, idle: boolean): Promise<void> {
    const server = this.#full(name);
    if (address === undefined) return this.#command(`set server ${server} state maint`);
    const { hostname, port } = new URL(address);
    if (idle) await this.#command(`set weight ${server} 0`);
    await this.#command(`set server ${server} addr ${hostname} port ${port || '80'}`, PLACED);
    await this.#command(`set server ${server} state ready`);
  }

  #stat(): Promise<readonly HaproxyServer[]> {
    return serversOf(this.#settings.socket, this.#settings.backend);
  }

  async #placedServers(): Promise<readonly HaproxyServer[]> {
    const all = await this.#stat();
    return all.filter(({ server, status }) => this.#slotOf.has(server) && !status.startsWith('MAINT'));
  }

  /** One that is new here, or of a HAProxy that was started again, counts from now on. */
  #countOn({ key, given, answered }: HaproxyServer, now: number): void {
    const before = this.#counted.get(key);
    if (before === undefined || given < before.given) return;
    for (let count = before.given; count < given; count++) this.#unanswered.asked(key, now);
    if (answered > before.answered) this.#unanswered.answered(key, now, now);
  }

  /** A client that went away says nothing of the server; a request that no server took belongs to none. */
  #tell({ backend, server, status, termination, latencyMs }: LoggedRequest): void {
    const slot = this.#slotOf.get(server);
    if (backend !== this.#settings.backend || slot === undefined) return;
    this.#noteAnswer(server, termination, latencyMs);
    // the client went away, while it waited for the headers of an answer or later
    const inVain = termination.startsWith('CH') && latencyMs >= WAITED_IN_VAIN;
    if (termination.startsWith('C') && !inVain) return;
    const error = inVain || status < 0 || status >= 500;
    this.#observers.tell({ slot, latencyMs, error, status: Math.max(0, status), time: this.#clock.now() });
  }

  /** How long answers take, and that a client did not wait: HAProxy's counts do not say so. */
  #noteAnswer(server: string, termination: string, latencyMs: number): void {
    const key = [...this.#counted.values()].find((one) => one.server === server)?.key;
    if (key === undefined) return;
    const now = performance.now();
    if (termination === '--' || termination[1] === 'D') this.#unanswered.answered(key, now - latencyMs, now);
    else if (termination === 'CH') this.#unanswered.givenUp(key, now - latencyMs, now);
  }

  #command(command: string, fine?: RegExp): Promise<void> {
    return commandHaproxy(this.#settings.socket, command, fine);
  }

  #serversOf(slot: string): readonly string[] {
    return this.#settings.servers[slot] ?? [];
  }

  /** How many instances share a slot's weight; before anything was placed, all its servers. */
  #countOf(slot: string): number {
    return Math.max(1, this.#placed.get(slot) ?? this.#serversOf(slot).length);
  }

  #full(server: string): string {
    return `${this.#settings.backend}/${server}`;
  }
}

/** Whole weights up to 256 that keep the shares' proportions as nearly as possible; a share above 0 stays above 0. */
export function wholeWeights(shares: readonly number[]): readonly number[] {
  const most = Math.max(...shares);
  if (most <= 0) return shares.map(() => 0);
  const scaled = (top: number): readonly number[] =>
    shares.map((share) => (share <= 0 ? 0 : Math.max(1, Math.round((share / most) * top))));
  const errorOf = (top: number): number => {
    const weights = scaled(top);
    const errors = shares.map((share, index) => Math.abs((weights[index] ?? 0) / top - share / most) / (share || 1));
    return Math.max(...errors);
  };
  const tops = Array.from({ length: MOST_WEIGHT }, (_, index) => index + 1);
  return scaled(tops.reduce((best, top) => (errorOf(top) < errorOf(best) - 1e-12 ? top : best)));
}
