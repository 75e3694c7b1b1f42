/** Talks to a debug adapter in this process, byte by byte as a client does, and notes whatever it does wrong. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PassThrough, Writable } from 'node:stream';
import { ReplaySession, type Host } from '../../debug-adapter/src/session.ts';
import type { Schema } from '../support/dap-schema.ts';

/** How long a response, or the stop that a request leads to, may take in milliseconds. */
export const LIMIT = 10_000;
const LINE_END = '\r\n\r\n';

/** Requests that lead to a stop where they succeed. */
const MOVES: ReadonlySet<string> = new Set([
  'continue',
  'reverseContinue',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'reverseInto',
  'reverseOut',
  'restartFrame',
  'goto',
  'goToMoment',
]);

/** A stack is for us, not for a person. */
const STACK = /\n {4}at /;
/** What the engine says of code that nobody has thought of. */
const ACCIDENT =
  /Cannot read propert|Cannot destructure|is not (?:a function|iterable|an object)|must be of type|^Invalid|Maximum call stack|out of range|^E[A-Z]{3,}: /;

export interface Request {
  readonly command: string;
  readonly arguments?: unknown;
}

interface Waiting {
  readonly command: string;
  readonly done: (response: DebugProtocol.Response | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

class Session extends ReplaySession {
  isOver = false;

  /** Would end the process. */
  override shutdown(): void {
    this.isOver = true;
  }
}

export class FuzzClient {
  readonly faults: string[] = [];
  /** messages that were checked */
  checked = 0;
  private readonly session: Session;
  private readonly input = new PassThrough();
  private readonly waiting = new Map<number, Waiting>();
  private received = Buffer.alloc(0);
  private seq = 0;
  private moves = 0;
  private stops = 0;
  private wake: () => void = () => undefined;

  constructor(
    host: Host,
    private readonly schema: Schema,
    /** called with every message */
    private readonly beat: () => void,
  ) {
    this.session = new Session(host);
    this.session.setRunAsServer(true);
    this.session.on('error', (error: unknown) => this.faults.push(`It gave up: ${JSON.stringify(error)}`));
    this.session.start(
      this.input,
      new Writable({
        write: (chunk: Buffer, _, done) => {
          this.receive(chunk);
          done();
        },
      }),
    );
  }

  /** The response; undefined where none came in time. */
  request({ command, arguments: args }: Request): Promise<DebugProtocol.Response | undefined> {
    const seq = ++this.seq;
    const body = JSON.stringify({ seq, type: 'request', command, arguments: args });
    return new Promise((done) => {
      const timer = setTimeout(() => {
        this.waiting.delete(seq);
        this.faults.push(`No response to ${body.slice(0, 300)}`);
        done(undefined);
      }, LIMIT);
      this.waiting.set(seq, { command, done, timer });
      this.input.write(`Content-Length: ${Buffer.byteLength(body)}${LINE_END}${body}`);
    });
  }

  /** Waits for the stops that the moves so far lead to. */
  async settled(): Promise<void> {
    if (this.stops >= this.moves) return;
    const deadline = performance.now() + LIMIT;
    while (this.stops < this.moves) {
      const left = deadline - performance.now();
      if (left <= 0) return void this.faults.push(`${this.moves} moves, but ${this.stops} stops`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }

  /** Ends the session; there are no faults of it behind this. */
  end(): void {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.input.destroy();
  }

  get isOver(): boolean {
    return this.session.isOver;
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const head = this.received.indexOf(LINE_END);
      if (head < 0) return;
      const begin = head + LINE_END.length;
      const end = begin + Number(/\d+/.exec(this.received.toString('latin1', 0, head))?.[0]);
      if (!(end <= this.received.length)) return;
      const text = this.received.toString('utf8', begin, end);
      this.received = this.received.subarray(end);
      this.message(JSON.parse(text) as DebugProtocol.ProtocolMessage);
    }
  }

  private message(message: DebugProtocol.ProtocolMessage): void {
    this.checked++;
    this.beat();
    if (message.type === 'event' && (message as DebugProtocol.Event).event === 'stopped') {
      this.stops++;
      this.wake();
    }
    if (message.type === 'response') this.response(message as DebugProtocol.Response);
    const fault = this.schema.fault(message as DebugProtocol.Response);
    if (fault !== undefined)
      this.faults.push(fault.length > 1500 ? `${fault.slice(0, 600)} … ${fault.slice(-800)}` : fault);
  }

  private response(response: DebugProtocol.Response): void {
    const { request_seq: seq, command, success } = response;
    const waiting = this.waiting.get(seq);
    if (!waiting) return void this.faults.push(`A response that nobody waits for: ${JSON.stringify(response)}`);
    this.waiting.delete(seq);
    clearTimeout(waiting.timer);
    if (command !== waiting.command) this.faults.push(`${command} is answered, ${waiting.command} was asked`);
    const said = response.message ?? '';
    // the code that `evaluate` runs may throw what it likes
    if (STACK.test(said) || (command !== 'evaluate' && ACCIDENT.test(said)))
      this.faults.push(`${command} threw: ${said.slice(0, 600)}`);
    if (success && MOVES.has(command)) this.moves++;
    waiting.done(response);
  }
}
