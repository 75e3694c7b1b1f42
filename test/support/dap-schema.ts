/** The protocol's messages as JSON schema: made from the types that Microsoft generates from its published schema. */
import { Ajv, type ValidateFunction } from 'ajv';
import { createRequire } from 'node:module';
import { createGenerator } from 'ts-json-schema-generator';

const types = createRequire(import.meta.url).resolve('@vscode/debugprotocol/lib/debugProtocol.d.ts');

interface Message {
  readonly type: string;
  readonly command?: string;
  readonly event?: string;
  readonly success?: boolean;
}

/** Requests and events that are Hindcast's own. */
const OWN: ReadonlySet<string> = new Set([
  'reverseInto',
  'reverseOut',
  'goToMoment',
  'history',
  'goToChange',
  'inlineValues',
  'lineCounts',
  'markWrong',
  'overview',
  'timeline',
  'nextItem',
  'flame',
  'callTree',
  'callPath',
  'callDetails',
  'findCalls',
  'where',
  'whyFailed',
  'whyValue',
  'whyGraph',
  'whyLine',
  'objectRoot',
  'slice',
  'objectGraph',
  'objectChanges',
  'sequence',
  'suspects',
]);

export type ProtocolSchema = ReturnType<ReturnType<typeof createGenerator>['createSchema']>;

/** Takes seconds. It is plain data. */
export function makeSchema(): ProtocolSchema {
  const options = { path: types, type: '*', skipTypeCheck: true, additionalProperties: true };
  return createGenerator(options).createSchema('*');
}

export class Schema {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly known: ReadonlySet<string>;
  private readonly checks = new Map<string, ValidateFunction>();

  /** `schema`: made before, where several threads check messages. */
  constructor(schema: ProtocolSchema = makeSchema()) {
    this.known = new Set(Object.keys(schema.definitions ?? {}));
    this.ajv.addSchema(schema, 'protocol');
  }

  /** What is wrong with a message; undefined where nothing is. */
  fault(message: Message): string | undefined {
    const name = this.nameOf(message);
    if (name === undefined) return undefined;
    if (!this.known.has(name)) return `${JSON.stringify(message)}: the protocol has no ${name}`;
    let check = this.checks.get(name);
    if (!check)
      this.checks.set(name, (check = this.ajv.compile({ $ref: `protocol#/definitions/${encodeURIComponent(name)}` })));
    if (check(message)) return undefined;
    return `${name} ${JSON.stringify(message)}: ${this.ajv.errorsText(check.errors)}`;
  }

  private nameOf({ type, command = '', event = '', success }: Message): string | undefined {
    const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
    if (type === 'event') return `DebugProtocol.${upper(event)}Event`;
    if (type === 'response' && success !== true) return 'DebugProtocol.ErrorResponse';
    if (OWN.has(command)) return type === 'request' ? 'DebugProtocol.Request' : 'DebugProtocol.Response';
    return `DebugProtocol.${upper(command)}${type === 'request' ? 'Request' : 'Response'}`;
  }
}
