/**
 * What a recorded process is told by its environment, and how it is passed on: HINDCAST_RECORDING, HINDCAST_OPTIONS and
 * our part of NODE_OPTIONS. The program sees none of it in `process.env` or `process.execArgv`.
 */
import { OWN_VARIABLE, SOURCES_VARIABLE, withHelper } from '../model/recorded-world.ts';
export interface Injected {
  readonly recording: string;
  readonly options: string | undefined;
  /** path of the preload */
  readonly preload: string;
  /** folder of Hindcast's programs: they are not recorded */
  readonly own: string;
  /** stream of the thread that starts the process or worker */
  readonly parent?: string | undefined;
  /** the folder that the program is to take for its own: that of the recorded run is not there */
  readonly cwd?: string | undefined;
  /** where Node finds what its code was loaded from, before it runs any: see native/native-ahead.c */
  readonly sources?: string | undefined;
}

export const RECORDING_VARIABLE = 'HINDCAST_RECORDING';
export const OPTIONS_VARIABLE = 'HINDCAST_OPTIONS';
export const PARENT_VARIABLE = 'HINDCAST_PARENT';

/** The user's NODE_OPTIONS without ours; undefined where nothing is left. */
export function withoutPreload(nodeOptions: string | undefined, preload: string): string | undefined {
  if (!nodeOptions?.includes(preload)) return nodeOptions;
  const rest = nodeOptions.replace(requireOption(preload), '').replace(`--require ${preload}`, '').trim();
  return rest === '' ? undefined : rest;
}

/** Ours first: the preload runs before the user's own. */
export function withPreload(nodeOptions: string | undefined, preload: string): string {
  if (nodeOptions?.includes(preload)) return nodeOptions;
  return [requireOption(preload), nodeOptions].filter(Boolean).join(' ');
}

export function requireOption(preload: string): string {
  return `--require "${preload.replace(/[\\"]/g, '\\$&')}"`;
}

/** Takes ours out of an environment, and out of what Node parsed from it. */
export function hide(environment: NodeJS.ProcessEnv, preload: string): void {
  for (const name of Object.keys(environment)) if (OWN_VARIABLE.test(name)) delete environment[name];
  const before = environment.NODE_OPTIONS;
  const after = withoutPreload(before, preload);
  if (after === before) return;
  if (after === undefined) delete environment.NODE_OPTIONS;
  else environment.NODE_OPTIONS = after;
}

/** A copy of an environment with ours in it; what the object inherits counts too, as it does for spawn. */
export function inject(environment: Readonly<Record<string, unknown>>, injected: Injected): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name in environment) out[name] = environment[name];
  if (out[RECORDING_VARIABLE] !== undefined) return out;
  const nodeOptions = out.NODE_OPTIONS;
  out.NODE_OPTIONS = withPreload(typeof nodeOptions === 'string' ? nodeOptions : undefined, injected.preload);
  if (injected.sources !== undefined) out.LD_PRELOAD = withHelper(out.LD_PRELOAD, injected.own);
  for (const [name, value] of variables(injected)) out[name] = value;
  return out;
}

/** `envPairs` of a spawn: `NAME=value`. A program that records its child itself keeps its own recording. */
export function injectPairs(pairs: readonly string[], injected: Injected): readonly string[] {
  if (pairs.some((pair) => pair.startsWith(`${RECORDING_VARIABLE}=`))) return pairs;
  const kept = pairs.filter((pair) => !/^(?:NODE_OPTIONS|HINDCAST_(?:RECORDING|OPTIONS|PARENT))=/.test(pair));
  const given = (name: string): string | undefined =>
    pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  kept.push(`NODE_OPTIONS=${withPreload(given('NODE_OPTIONS'), injected.preload)}`);
  // of two the first one counts
  if (injected.sources !== undefined) kept.unshift(`LD_PRELOAD=${withHelper(given('LD_PRELOAD'), injected.own)}`);
  for (const [name, value] of variables(injected)) kept.push(`${name}=${value}`);
  return kept;
}

function variables(injected: Injected): readonly (readonly [string, string])[] {
  return (
    [
      [RECORDING_VARIABLE, injected.recording],
      [OPTIONS_VARIABLE, injected.options],
      [PARENT_VARIABLE, injected.parent],
      [SOURCES_VARIABLE, injected.sources],
    ] as const
  ).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
