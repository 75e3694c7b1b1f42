/**
 * A service whose requests each ask a store, of which one setting is tuned. The tuner's proxy stands in front of it, and
 * clients ask without a pause.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../operational-loop/src/model/time.ts';
import type { RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import { Database } from '../../../operational-loop/src/store/sqlite.ts';
import type { LiveKnob } from '../../../operational-loop/src/tuning/knobs/knob.ts';
import type { Launcher, RunningInstance, StartRequest } from '../../../operational-loop/src/tuning/launch/launcher.ts';
import { ProxyPort } from '../../../operational-loop/src/tuning/traffic/proxy.ts';
import { Tuner } from '../../../operational-loop/src/tuning/tuner.ts';

/** A real store under a request that depends on one of its settings. */
export interface TunedStore extends AsyncDisposable {
  readonly knob: LiveKnob;
  /** better, worse and equal, in this order */
  readonly cases: readonly [TunedCase, TunedCase, TunedCase];
  /** What one request of the service does. */
  ask(): Promise<string>;
}

export interface TunedCase {
  readonly name: 'better' | 'worse' | 'equal';
  readonly from: string;
  readonly to: string;
}

export class TunedShop implements AsyncDisposable {
  readonly #tuner: Tuner;
  readonly #knob: LiveKnob;
  readonly #parts: ShopParts;

  static async open(store: TunedStore): Promise<TunedShop> {
    const traffic = await ProxyPort.listen({ host: '127.0.0.1', port: 0, slots: ['blue', 'green'] }, systemClock);
    const shop = new TunedShop(store, traffic);
    await shop.#tuner.recover();
    return shop;
  }

  private constructor(store: TunedStore, traffic: ProxyPort) {
    const database = new Database(':memory:');
    const launcher = new AskingInstances(() => store.ask());
    const image = { build: 'shop', configuration: {} };
    this.#knob = store.knob;
    this.#tuner = new Tuner({
      database,
      services: [{ name: 'shop', traffic, launcher, replicas: 1, image }],
      knobs: [store.knob],
      clock: systemClock,
      blocks: { block: 400, settle: 100, most: 12 },
    });
    this.#parts = { database, launcher, traffic, clients: new Clients(traffic.address, 2) };
  }

  /** Sets the baseline by hand, then has the tuner try a value. */
  async try({ from, to }: TunedCase): Promise<RolloutState> {
    await this.#tuner.override(this.#knob.definition.id, from, 'test');
    const change = { kind: 'knob', knob: this.#knob.definition.id, value: to } as const;
    const reason = `${from} may be too little or too much.`;
    const proposal = this.#tuner.recommend({ service: 'shop', change, reason });
    const { id } = await this.#tuner.apply(proposal.id, { strategy: 'canary', by: 'test' });
    return this.#tuner.finished(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { database, launcher, traffic, clients } = this.#parts;
    await this.#tuner[Symbol.asyncDispose]();
    await clients[Symbol.asyncDispose]();
    await traffic[Symbol.asyncDispose]();
    launcher[Symbol.dispose]();
    database[Symbol.dispose]();
  }
}

interface ShopParts {
  readonly database: Database;
  readonly launcher: AskingInstances;
  readonly traffic: ProxyPort;
  readonly clients: Clients;
}

class AskingInstances implements Launcher {
  readonly #ask: TunedStore['ask'];
  readonly #servers = new Map<string, { readonly instance: RunningInstance; readonly server: http.Server }>();

  constructor(ask: TunedStore['ask']) {
    this.#ask = ask;
  }

  async start({ id, service, image }: StartRequest): Promise<RunningInstance> {
    const server = http.createServer((_request, response) => {
      this.#ask().then(
        (answer) => response.end(answer),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const instance = { id, service, image, address };
    this.#servers.set(id, { instance, server });
    return instance;
  }

  async stop(id: string): Promise<void> {
    this.#servers.get(id)?.server.close();
    this.#servers.delete(id);
  }

  async running(): Promise<readonly RunningInstance[]> {
    return [...this.#servers.values()].map(({ instance }) => instance);
  }

  onExit(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  [Symbol.dispose](): void {
    for (const { server } of this.#servers.values()) {
      server.closeAllConnections();
      server.close();
    }
  }
}

class Clients implements AsyncDisposable {
  #ends = false;
  readonly #all: readonly Promise<void>[];

  constructor(address: string, count: number) {
    this.#all = Array.from({ length: count }, () => this.#ask(address));
  }

  async #ask(address: string): Promise<void> {
    while (!this.#ends) await fetch(address).then((response) => response.text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ends = true;
    await Promise.all(this.#all);
  }
}
