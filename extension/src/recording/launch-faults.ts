/** What is wrong with a configuration of the `hindcast` type, in one sentence, before anything is started. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

const isText = (value: unknown): boolean => typeof value === 'string';
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isTextOrList = (value: unknown): boolean => isText(value) || isList(value);
const isVariables = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => each === null || isText(each));

const TEXT = [isText, 'a text'] as const;
const oneOf = (...texts: readonly string[]) =>
  [(value: unknown): boolean => texts.includes(value as string), `one of ${texts.join(', ')}`] as const;
const ATTRIBUTES: Readonly<Record<string, readonly [is: (value: unknown) => boolean, wanted: string]>> = {
  recording: TEXT,
  program: TEXT,
  runtimeExecutable: TEXT,
  cwd: TEXT,
  envFile: TEXT,
  args: [isTextOrList, 'a list of texts'],
  runtimeArgs: [isList, 'a list of texts'],
  command: [isTextOrList, 'a list of texts, or a text'],
  env: [isVariables, 'an object of texts'],
  dependencies: oneOf('writes', 'steps', 'off'),
  include: [isList, 'a list of texts'],
  level: oneOf('full', 'light', 'auto'),
};

/** Undefined where it can be started, as far as that can be told. `folder`: where it starts if it does not say. */
export function faultOf(config: Readonly<Record<string, unknown>>, folder: string): string | undefined {
  const wrong = wrongAttributeOf(config);
  if (wrong !== undefined) return wrong;
  const given = ['recording', 'program', 'command'].filter((name) => config[name] !== undefined);
  if (given.length > 1) return 'Give one of `recording`, `program` and `command`.';
  if (given.length === 0 || given[0] === 'recording') return undefined;
  const {
    program,
    command,
    cwd = '',
    runtimeExecutable = 'node',
  } = config as Readonly<Record<string, string | undefined>>;
  const start = path.resolve(folder, cwd);
  if (!isFolder(start)) return `There is no folder ${start} to start in (\`cwd\`).`;
  if (command?.length === 0) return '`command` is empty.';
  const isNode = /^node(?:\.exe)?$/.test(path.basename(runtimeExecutable));
  if (program === undefined || !isNode || isThere(path.resolve(start, program))) return undefined;
  return `There is no program ${path.resolve(start, program)}.`;
}

/** The first attribute that is of another kind than its name says. */
export function wrongAttributeOf(config: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, [is, wanted]] of Object.entries(ATTRIBUTES)) {
    const value = config[name];
    if (value !== undefined && !is(value)) return `\`${name}\` must be ${wanted}, and is ${JSON.stringify(value)}.`;
  }
  return undefined;
}

/** As Node finds a program: also without its extension. */
function isThere(program: string): boolean {
  return ['', '.js', '.cjs', '.mjs', '.json', '.node'].some((end) => existsSync(program + end));
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
