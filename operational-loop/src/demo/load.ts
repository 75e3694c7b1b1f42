/** Requests as many people would make them: at random moments, whether or not the last were answered. */
import http from 'node:http';

export interface LoadSettings {
  /** where the service takes requests */
  readonly url: string;
  /** requests a second */
  readonly rate: number;
  /** products that there are; few are asked for often, as in Zipf's law */
  readonly products: number;
}

const TURN = 20;

export class Load implements Disposable {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  readonly #timer: NodeJS.Timeout;
  readonly #shares: readonly number[];
  answered = 0;
  failed = 0;
  #due = 0;
  #at = performance.now();

  constructor(private readonly settings: LoadSettings) {
    let sum = 0;
    this.#shares = Array.from({ length: settings.products }, (_, rank) => (sum += 1 / (rank + 1)));
    this.#timer = setInterval(() => this.#turn(), TURN);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  #turn(): void {
    const now = performance.now();
    this.#due += ((now - this.#at) / 1000) * this.settings.rate;
    this.#at = now;
    for (; this.#due >= 1; this.#due--) setTimeout(() => this.#request(), Math.random() * TURN);
  }

  #request(): void {
    const url = `${this.settings.url}/products/${this.#product()}`;
    const request = http.get(url, { agent: this.#agent }, (response) => {
      response.resume();
      response.on('end', () => {
        this.answered++;
        if ((response.statusCode ?? 500) >= 500) this.failed++;
      });
    });
    request.on('error', () => this.failed++);
  }

  #product(): number {
    const at = Math.random() * (this.#shares.at(-1) ?? 0);
    return this.#shares.findIndex((share) => share >= at) + 1;
  }
}
