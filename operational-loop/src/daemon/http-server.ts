/**
 * The daemon's local HTTP API. Every request has to bring the token, as `Authorization: Bearer TOKEN`; one whose Host is not
 * the daemon's own is refused, so that no page in a browser gets in by a name that leads here.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { cannotListen, HindcastError } from '../../../trace-runtime/src/base/errors.ts';

export interface ApiRequest {
  readonly method: string;
  /** the parts of the route's path that are named in it */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** at most `MOST_BYTES` */
  body(): Promise<Buffer>;
  /** Throws a usage error where the body is no JSON object. */
  json(): Promise<Readonly<Record<string, unknown>>>;
}

export interface ApiAnswer {
  readonly status?: number;
  /** sent as JSON */
  readonly json?: unknown;
  readonly bytes?: { readonly type: string; readonly content: Uint8Array };
  /** a stream of events: told a way to send; returns what ends it */
  readonly events?: (send: (event: string, data: unknown) => void) => () => void;
}

/** `path` such as `/v1/rollouts/:id/pause`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly answer: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;
}

const MOST_BYTES = 64 * 1024 * 1024;
const KEEP_ALIVE = 15_000;
const CONNECTION_KEPT = 60_000;

export class ApiServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  #hosts: ReadonlySet<string> = new Set();

  private constructor(
    private readonly token: string,
    private readonly routes: readonly Route[],
  ) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.keepAliveTimeout = CONNECTION_KEPT;
  }

  /** Throws where it cannot listen there. */
  static async listen(
    { host, port, token }: { readonly host: string; readonly port: number; readonly token: string },
    routes: readonly Route[],
  ): Promise<ApiServer> {
    const server = new ApiServer(token, routes);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', (error) => reject(cannotListen(host, port, error)));
      server.#server.listen(port, host, resolve);
    });
    const bound = server.port;
    server.#hosts = new Set([`${host}:${bound}`, `127.0.0.1:${bound}`, `localhost:${bound}`, `[::1]:${bound}`]);
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams) stream.end();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#checkCaller(request);
      const url = new URL(request.url ?? '/', 'http://daemon');
      const found = this.#find(request.method ?? 'GET', url.pathname);
      this.#send(response, await found.route.answer(requestOf(request, url, found.parameters)));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else send(response, statusOf(error), faultOf(error));
    }
  }

  #checkCaller({ headers }: IncomingMessage): void {
    if (!this.#hosts.has(headers.host ?? '')) throw new Refused(421, 'This is not the host that was asked for.');
    if (headers.origin !== undefined) throw new Refused(403, 'Pages in browsers are not answered.');
    const given = Buffer.from(/^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
    const wanted = Buffer.from(this.token);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new Refused(401, 'The token is missing or wrong: it is in daemon.json in the folder of the daemon.');
    }
  }

  #find(
    method: string,
    path: string,
  ): { readonly route: Route; readonly parameters: Readonly<Record<string, string>> } {
    let isKnown = false;
    for (const route of this.routes) {
      const parameters = match(route.path, path);
      if (!parameters) continue;
      if (route.method === method) return { route, parameters };
      isKnown = true;
    }
    throw isKnown ? new Refused(405, `${path} takes no ${method}.`) : new Refused(404, `There is no ${path}.`);
  }

  #send(response: ServerResponse, answer: ApiAnswer): void {
    const { status = 200, json, bytes, events } = answer;
    if (events) this.#stream(response, events);
    else if (bytes) response.writeHead(status, { 'content-type': bytes.type }).end(bytes.content);
    else send(response, json === undefined ? 204 : status, json);
  }

  #stream(response: ServerResponse, start: NonNullable<ApiAnswer['events']>): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#streams.add(response);
    const end = start((event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    const alive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE);
    response.on('close', () => {
      clearInterval(alive);
      this.#streams.delete(response);
      end();
    });
  }
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function requestOf(request: IncomingMessage, url: URL, parameters: Readonly<Record<string, string>>): ApiRequest {
  const body = (): Promise<Buffer> => readBody(request);
  return {
    method: request.method ?? 'GET',
    parameters,
    query: url.searchParams,
    headers: request.headers,
    body,
    json: async () => parseObject((await body()).toString('utf8')),
  };
}

/** By events: an iterator costs more than all else, and this is asked by each instance each second. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > MOST_BYTES) reject(new Refused(413, `A body may have ${MOST_BYTES} bytes.`));
      else parts.push(part);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('The request was broken off.')));
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new Refused(400, 'The body is no JSON object.');
}

function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(given[index]!);
    else if (part !== given[index]) return undefined;
  }
  return parameters;
}

function send(response: ServerResponse, status: number, json: unknown): void {
  if (json === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

function statusOf(error: unknown): number {
  if (error instanceof Refused) return error.status;
  return error instanceof HindcastError && error.code === 'usage' ? 400 : 500;
}

function faultOf(error: unknown): { readonly error: string; readonly remedy?: string } {
  if (error instanceof HindcastError) return { error: error.sentence, remedy: error.remedy };
  return { error: error instanceof Error ? error.message : String(error) };
}
