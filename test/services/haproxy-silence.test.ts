import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../operational-loop/src/model/time.ts';
import { HaproxyPort } from '../../operational-loop/src/tuning/traffic/haproxy.ts';
import { Haproxy } from './support/haproxy.ts';

/** A server that can be told to answer nothing; what waits is answered when it is told to answer again. */
class Hanging implements AsyncDisposable {
  readonly #server: Server;
  readonly #waiting: ServerResponse[] = [];
  hangs = false;

  private constructor() {
    this.#server = createServer((_, response) => {
      if (this.hangs) this.#waiting.push(response);
      else response.end('ok');
    });
  }

  static async start(): Promise<Hanging> {
    const hanging = new Hanging();
    hanging.#server.listen(0, '127.0.0.1');
    await once(hanging.#server, 'listening');
    return hanging;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  answer(): void {
    this.hangs = false;
    for (const response of this.#waiting.splice(0)) response.end('ok');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

test(
  'an instance that answers none of what HAProxy gives it is named, until it answers',
  { timeout: 60_000 },
  async () => {
    await using haproxy = await Haproxy.start();
    await using traffic = await HaproxyPort.open(haproxy.settings, systemClock);
    await using fine = await Hanging.start();
    await using hanging = await Hanging.start();
    await traffic.place('blue', [fine.address, hanging.address]);
    await traffic.setWeights({ blue: 100 });
    const ask = async (): Promise<number> => (await fetch(haproxy.address)).status;
    for (let count = 0; count < 8; count++) expect(await ask()).toBe(200);
    expect(await traffic.unanswered()).toEqual([]);

    hanging.hangs = true;
    const asked: Promise<number>[] = [];
    while (hanging.waiting < 3) {
      asked.push(ask());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await traffic.unanswered()).toEqual([]);
    const named = async (): Promise<readonly string[]> => {
      asked.push(ask());
      return (await traffic.unanswered()).map(({ address }) => address);
    };
    await expect.poll(named, { timeout: 25_000, interval: 500 }).toEqual([hanging.address]);

    hanging.answer();
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
    expect(await traffic.unanswered()).toEqual([]);
  },
);
