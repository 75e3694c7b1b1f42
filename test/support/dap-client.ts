/** A client of the debug adapter that checks every message in both directions against the protocol's schema. */
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import { Schema } from './dap-schema.ts';
import { NODE } from './nodes.ts';

const root = process.env['HINDCAST_REPOSITORY'] ?? path.resolve(import.meta.dirname, '../..');
const hindcast = path.join(root, 'cli/bin/hindcast.cjs');
const schema = new Schema();

interface Inner {
  dispatch(body: string): void;
  doSend(command: string, args: unknown, done: (response: DebugProtocol.Response) => void): void;
}

export class Client extends DebugClient {
  /** what was no message of the protocol */
  readonly faults: string[] = [];
  readonly events: DebugProtocol.Event[] = [];
  checked = 0;

  constructor(cwd: string) {
    const PATH = `${path.dirname(NODE)}${path.delimiter}${process.env['PATH']}`;
    super(hindcast, 'dap', 'hindcast', { cwd, env: { ...process.env, PATH } });
    // reading a long recording takes its time
    this.defaultTimeout = 60_000;
    const inner = this as unknown as Inner;
    const { dispatch, doSend } = inner;
    inner.dispatch = (body) => {
      const message = JSON.parse(body) as DebugProtocol.ProtocolMessage;
      this.check(message);
      if (message.type === 'event') this.events.push(message as DebugProtocol.Event);
      dispatch.call(this, body);
    };
    inner.doSend = (command, args, done) => {
      const isEmpty = args === undefined || Object.keys(args as object).length === 0;
      this.check({
        seq: 1,
        type: 'request',
        command,
        ...(isEmpty ? {} : { arguments: args }),
      } as DebugProtocol.Request);
      doSend.call(this, command, args, done);
    };
  }

  private check(message: DebugProtocol.ProtocolMessage): void {
    this.checked++;
    const fault = schema.fault(message);
    if (fault !== undefined) this.faults.push(fault);
  }

  /** The stop that a request leads to. */
  async moved(request: () => Promise<unknown>): Promise<DebugProtocol.StoppedEvent['body']> {
    const [event] = await Promise.all([this.waitForEvent('stopped'), request()]);
    return (event as DebugProtocol.StoppedEvent).body;
  }

  /** Opens a recording; `before`: what the client sets before it is ready. */
  async open(
    args: object = {},
    before?: () => Promise<unknown>,
    clientID?: string,
  ): Promise<DebugProtocol.StoppedEvent['body']> {
    await this.initializeRequest({
      ...(clientID === undefined ? {} : { clientID }),
      adapterID: 'hindcast',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
      supportsProgressReporting: true,
      supportsMemoryReferences: true,
    });
    await Promise.all([this.waitForEvent('initialized'), this.launchRequest(args as never)]);
    await before?.();
    return this.moved(() => this.configurationDoneRequest());
  }

  async frames(threadId = 1): Promise<DebugProtocol.StackFrame[]> {
    return (await this.stackTraceRequest({ threadId })).body.stackFrames;
  }

  /** Ends the adapter. Throws where a message was none of the protocol. */
  async close(): Promise<void> {
    await this.stop();
    if (this.faults.length > 0) throw new Error(`${this.faults.length} of ${this.checked} messages: ${this.faults[0]}`);
  }
}
