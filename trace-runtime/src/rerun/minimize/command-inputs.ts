/** Arguments, environment and stdin as inputs that can be made smaller. */
import path from 'node:path';
import type { PreparedRerun } from '../prepare.ts';
import type { BytesPart, Input, ListPart } from './inputs.ts';

export function commandInputs(prepared: PreparedRerun, isTest: boolean): readonly Input[] {
  const names = lookedAt(prepared);
  return [
    ...(isTest ? [] : [argumentsOf(prepared.inputs.command)]),
    ...(names.length === 0 ? [] : [environmentOf(names)]),
    stdin,
  ];
}

/** The command's own words stay: the program, its options, and the script. */
function argumentsOf(command: readonly string[]): Input {
  const own = ownWords(command);
  const list: ListPart = {
    least: 0,
    read: (inputs) => inputs.command.slice(own),
    write: (inputs, words) => ({ ...inputs, command: [...inputs.command.slice(0, own), ...words.map(String)] }),
  };
  const part = (at: number): BytesPart => ({
    read: ({ command: words }) => (at < words.length ? Buffer.from(words[at]!) : undefined),
    write: (inputs, bytes) => ({ ...inputs, command: inputs.command.with(at, bytes.toString()) }),
  });
  return {
    kind: 'arguments',
    name: 'arguments',
    bytes: ({ command: words }) => Buffer.from(words.slice(own).map(asWord).join(' ')),
    lists: () => [list],
    parts: ({ command: words }) => words.slice(own).map((_, index) => part(own + index)),
  };
}

const SCRIPT_RUNNERS = /^(?:node\d*|tsx|ts-node|bun|deno)(?:\.exe)?$/;
const PACKAGE_RUNNERS = /^(?:npm|npx|yarn|pnpm)(?:\.cmd)?$/;

function ownWords(command: readonly string[]): number {
  const [program = '', ...rest] = command;
  const name = path.basename(program);
  if (PACKAGE_RUNNERS.test(name)) {
    const at = command.indexOf('--');
    return at < 0 ? command.length : at + 1;
  }
  if (!SCRIPT_RUNNERS.test(name)) return 1;
  const script = rest.findIndex(
    (word, index) => !word.startsWith('-') && !/^(?:-r|--require|--import|-e|--loader)$/.test(rest[index - 1] ?? ''),
  );
  return script < 0 ? command.length : script + 2;
}

/** As one would type it. */
function asWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Variables whose names stand in the program's own code. */
export function namedVariables({ recording, streams, inputs }: PreparedRerun): readonly string[] {
  const hashes = new Set(
    streams.flatMap(({ end }) =>
      end.files.filter((file) => !/[\\/]node_modules[\\/]/.test(file.path)).map(({ hash }) => hash),
    ),
  );
  const words = new Set(
    [...hashes].flatMap((hash) => (recording.source(hash) ?? '').match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []),
  );
  return Object.keys(inputs.env).filter((name) => words.has(name));
}

/** Secrets stay: they are no data. */
function lookedAt(prepared: PreparedRerun): readonly string[] {
  const { inputs, contents } = prepared;
  return namedVariables(prepared).filter((name) => !contents.isSecret(inputs.env[name]) && !KEPT.has(name));
}

const KEPT: ReadonlySet<string> = new Set(['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'NODE_OPTIONS', 'NODE_PATH', 'TZ']);

function environmentOf(names: readonly string[]): Input {
  const list: ListPart = {
    least: 0,
    read: ({ env }) => names.filter((name) => env[name] !== undefined),
    write: (inputs, kept) => {
      const env = { ...inputs.env };
      for (const name of names) if (!kept.includes(name)) delete env[name];
      return { ...inputs, env };
    },
  };
  const part = (name: string): BytesPart => ({
    read: ({ env }) => (env[name] === undefined ? undefined : Buffer.from(env[name])),
    write: (inputs, bytes) => ({ ...inputs, env: { ...inputs.env, [name]: bytes.toString() } }),
  });
  return {
    kind: 'environment',
    name: 'environment',
    bytes: ({ env }) => {
      const set = names.filter((name) => env[name] !== undefined);
      return Buffer.from(set.map((name) => `${name}=${env[name]}`).join('\n'));
    },
    lists: () => [list],
    parts: () => names.map(part),
  };
}

const stdin: Input = {
  kind: 'stdin',
  name: 'stdin',
  bytes: (inputs) => inputs.stdin ?? Buffer.alloc(0),
  lists: () => [],
  parts: () => [{ read: (inputs) => inputs.stdin, write: (inputs, bytes) => ({ ...inputs, stdin: bytes }) }],
};
