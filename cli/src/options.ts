/** Command lines, parsed. */
import { parseArgs } from 'node:util';
import { usage } from '../../trace-runtime/src/base/errors.ts';

export interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

type Kinds = Readonly<Record<string, 'flag' | 'text' | 'texts'>>;

/** Throws a usage error that names what is wrong. */
export function parse(args: readonly string[], kinds: Kinds, most: number): Parsed {
  const options = optionsOf(kinds);
  const { values, positionals } = attempt(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  if (positionals.length > most) throw usage(`There is an argument too many: ${positionals[most]}.`);
  return { values: values as Parsed['values'], positionals };
}

/** A command begins after `--`, or with the first word that is no option and no option's value. */
export function splitAtCommand(
  args: readonly string[],
  kinds: Kinds,
): { readonly own: readonly string[]; readonly command: readonly string[] } {
  const { tokens } = parseArgs({ args: [...args], options: optionsOf(kinds), strict: false, tokens: true });
  const first = tokens.find(({ kind }) => kind !== 'option');
  if (!first) return { own: args, command: [] };
  const { index, kind } = first;
  return { own: args.slice(0, index), command: args.slice(kind === 'positional' ? index : index + 1) };
}

function optionsOf(kinds: Kinds) {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'flag' ? ({ type: 'boolean' } as const) : ({ type: 'string', multiple: kind === 'texts' } as const),
    ]),
  );
}

export function text(parsed: Parsed, name: string): string | undefined {
  const value = parsed.values[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(parsed: Parsed, name: string): readonly string[] {
  const value = parsed.values[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function flag(parsed: Parsed, name: string): boolean {
  return parsed.values[name] === true;
}

export function oneOf<T extends string>(parsed: Parsed, name: string, choices: readonly T[]): T | undefined {
  const value = text(parsed, name);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (!found) throw usage(`--${name} is one of ${choices.join(', ')}, not ${value}.`);
  return found;
}

const UNITS: Readonly<Record<string, { readonly of: 'bytes' | 'milliseconds'; readonly factor: number }>> = {
  s: { of: 'milliseconds', factor: 1000 },
  m: { of: 'milliseconds', factor: 60_000 },
  h: { of: 'milliseconds', factor: 3_600_000 },
  KB: { of: 'bytes', factor: 1e3 },
  MB: { of: 'bytes', factor: 1e6 },
  GB: { of: 'bytes', factor: 1e9 },
};

/** `10m`, `2GB`: how much of a recording is kept. */
export function parseKeep(value: string): { readonly bytes?: number; readonly milliseconds?: number } {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|KB|MB|GB)$/.exec(value);
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || !unit) throw usage(`--keep takes a time such as 10m or a size such as 2GB, not ${value}.`);
  return { [unit.of]: Number(match[1]) * unit.factor };
}

/** `2GB`: bytes. */
export function parseSize(value: string): number {
  const match = /^(\d+(?:\.\d+)?)(KB|MB|GB)$/.exec(value);
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || !unit) throw usage(`--store-limit takes a size such as 5GB, not ${value}.`);
  return Number(match[1]) * unit.factor;
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw usage(`${firstSentence(error)}.`);
  }
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\.\s/)[0]?.replace(/\.$/, '') ?? message;
}
