/** Asks a daemon. */
import { HindcastError, inputOutput } from '../../../trace-runtime/src/base/errors.ts';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import { readAddress, type DaemonAddress } from './address.ts';

export class DaemonClient {
  constructor(private readonly address: DaemonAddress) {}

  /** Of the daemon whose folder this is. Throws where none runs there. */
  static find(folder: string): DaemonClient {
    const address = readAddress(folder);
    if (address && processLives(address.pid)) return new DaemonClient(address);
    throw new HindcastError('usage', `No daemon runs for ${folder}.`, 'Start one by `hindcast ops serve`.');
  }

  get pid(): number {
    return this.address.pid;
  }

  /** Asks again where a connection that was kept had just been closed. */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    try {
      return await this.#ask<T>('GET', path, undefined, signal);
    } catch (error) {
      if (!isClosed(error)) throw error;
      return this.#ask<T>('GET', path, undefined, signal);
    }
  }

  post<T>(path: string, body: object = {}, signal?: AbortSignal): Promise<T> {
    return this.#ask<T>('POST', path, body, signal);
  }

  delete<T>(path: string): Promise<T> {
    return this.#ask<T>('DELETE', path, undefined, undefined);
  }

  /** Yields events until the daemon ends or `signal` says so. */
  async *events(path: string, signal: AbortSignal): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
    const response = await this.#fetch('GET', path, undefined, signal);
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown };
      }
    }
  }

  async #ask<T>(method: string, path: string, body: object | undefined, signal: AbortSignal | undefined): Promise<T> {
    const response = await this.#fetch(method, path, body, signal);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #fetch(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { url, token } = this.address;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    let response: Response;
    try {
      response = await fetch(url + path, {
        method,
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw inputOutput(`reach the daemon at ${url}`, error instanceof Error ? (error.cause ?? error) : error);
    }
    if (response.ok) return response;
    const fault = (await response.json().catch(() => ({}))) as { readonly error?: string; readonly remedy?: string };
    const { error = `The daemon answered ${response.status}.`, remedy = 'Run `hindcast help ops`.' } = fault;
    throw new HindcastError('usage', error, remedy);
  }
}

function isClosed(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_SOCKET';
}
