/** Stands between the daemon and a panel: passes on what the one says, and asks the one what the other wants to know. */
import type { Exemplar } from '../../../operational-loop/src/api/messages.ts';
import type { DaemonClient } from '../../../operational-loop/src/api/client.ts';
import {
  OPERATIONS_COMMANDS,
  type ActionResult,
  type OperationsAction,
  type OperationsCommand,
  type OperationsHostMessage,
  type OperationsPanelMessage,
  type OperationsQueries,
  type OperationsQuery,
} from '../../../webview-ui/src/operations/messages.ts';
import { questionsOf, requestOf, type Question } from './actions.ts';
import type { DaemonConnection } from './daemon-connection.ts';

/** What the relay needs of the editor. */
export interface RelayEditor {
  /** who is in front of it */
  readonly user: string;
  /** The answer; `''` to a confirmation. Undefined where it was cancelled. */
  ask(question: Question): Promise<string | undefined>;
  run(command: OperationsCommand): void;
  openExemplar(exemplar: Exemplar): void;
  openRecording(recording: string): void;
}

export type Say = (message: OperationsHostMessage) => void;

export class OperationsRelay {
  constructor(
    private readonly connection: DaemonConnection,
    private readonly editor: RelayEditor,
  ) {}

  /** Passes on what the daemon says, until it is disposed of. */
  follow(say: Say): { dispose(): void } {
    return this.connection.onEvent((event) => {
      if (event.kind === 'connection' || event.kind === 'state') say(event);
    });
  }

  /** What a panel is told first. */
  introduction(): readonly OperationsHostMessage[] {
    const { connection, state } = this.connection;
    return [{ kind: 'connection', connection }, ...(state ? [{ kind: 'state', state } as const] : [])];
  }

  async hear(message: OperationsPanelMessage, say: Say): Promise<void> {
    switch (message.kind) {
      case 'ready':
        for (const each of this.introduction()) say(each);
        return;
      case 'request':
        return answer(message.id, this.#get(message.query, message.args), say);
      case 'act':
        return answer(message.id, this.#act(message.action), say);
      case 'run':
        if (OPERATIONS_COMMANDS.includes(message.command)) this.editor.run(message.command);
        return;
      case 'openExemplar':
        return this.editor.openExemplar(message.exemplar);
      case 'openRecording':
        return this.editor.openRecording(message.recording);
    }
  }

  async #get(query: OperationsQuery, args: object): Promise<unknown> {
    return this.#client().get<unknown>(pathOf(query, args));
  }

  async #act(action: OperationsAction): Promise<ActionResult> {
    const { state } = this.connection;
    if (!state) throw new Error('The daemon has not said yet what runs.');
    let words = '';
    for (const question of questionsOf(action, state)) {
      const answered = await this.editor.ask(question);
      if (answered === undefined) return 'cancelled';
      words = answered;
    }
    const { path, body } = requestOf(action, this.editor.user, words);
    await this.#client().post(path, body);
    return 'done';
  }

  #client(): DaemonClient {
    const { client } = this.connection;
    if (!client) throw new Error('The daemon does not answer.');
    return client;
  }
}

async function answer(id: number, asked: Promise<unknown>, say: Say): Promise<void> {
  try {
    say({ kind: 'response', id, body: await asked });
  } catch (error) {
    say({ kind: 'response', id, error: error instanceof Error ? error.message : String(error) });
  }
}

type Asked = { readonly [Query in keyof OperationsQueries]: OperationsQueries[Query]['args'] };

function pathOf<Query extends keyof OperationsQueries>(query: Query, args: object): string {
  const paths: { readonly [Each in keyof Asked]: (args: Asked[Each]) => string } = {
    forecast: ({ service, signal }) => `/v1/services/${encodeURIComponent(service)}/forecast?${parameters({ signal })}`,
    signals: ({ service, signal, from, to }) =>
      `/v1/services/${encodeURIComponent(service)}/signals?${parameters({ signal, from, to })}`,
    history: ({ limit }) => `/v1/history?${parameters({ limit })}`,
    signatures: () => '/v1/signatures',
    calibration: () => '/v1/calibration',
  };
  if (!Object.hasOwn(paths, query)) throw new Error(`The panel does not ask for ${String(query)}.`);
  return paths[query](args as Asked[Query]);
}

function parameters(values: Readonly<Record<string, string | number>>): string {
  return new URLSearchParams(
    Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}
