/** Requests at a given rate, whether or not the answers keep up. */
import http from 'node:http';
import { SENT } from '../../support/server-instances.ts';

export class Load implements AsyncDisposable {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #address: string;
  readonly #perSecond: number;
  readonly #timer: NodeJS.Timeout;
  readonly #begun = performance.now();
  #open = 0;
  sent = 0;
  failed = 0;

  constructor(address: string, perSecond: number) {
    this.#address = address;
    this.#perSecond = perSecond;
    this.#timer = setInterval(() => this.#catchUp(), 2);
  }

  /** requests a second that were answered since it began: fewer than asked for where the machine does not keep up */
  get rate(): number {
    return (this.sent - this.#open) / ((performance.now() - this.#begun) / 1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    while (this.#open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    this.#agent.destroy();
  }

  #catchUp(): void {
    const due = ((performance.now() - this.#begun) / 1000) * this.#perSecond;
    while (this.sent < due) this.#send();
  }

  #send(): void {
    this.sent++;
    this.#open++;
    const done = (): void => void this.#open--;
    const headers = { [SENT]: performance.now() };
    const request = http.get(this.#address, { agent: this.#agent, headers }, (response) => {
      response.resume();
      response.once('close', done);
    });
    request.once('error', () => {
      this.failed++;
      done();
    });
  }
}
