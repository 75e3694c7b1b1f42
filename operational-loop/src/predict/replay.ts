/** Replays a decision that was kept: does the same input still lead to the same choice? */
import type { Prediction } from '../model/prediction.ts';
import { predictOptimalConfiguration } from './predict.ts';

export type Replay =
  | { readonly state: 'same'; readonly prediction: Prediction }
  /** the places at which it differs, such as `steps.choice.chosen`, the first 20 */
  | { readonly state: 'different'; readonly prediction: Prediction; readonly differences: readonly string[] }
  | { readonly state: 'unreadable'; readonly message: string };

/** Numbers may differ by so much of their size: another machine's exponential is not the same to the last bit. */
const TOLERANCE = 1e-9;
const MOST_DIFFERENCES = 20;

/** `json`: a `Prediction` as it was kept. */
export function replayPrediction(json: string): Replay {
  const kept = parsed(json);
  if (typeof kept === 'string') return { state: 'unreadable', message: kept };
  const prediction = predictOptimalConfiguration(kept.input);
  const now: unknown = JSON.parse(JSON.stringify(prediction.steps));
  const differences = [...differencesOf(kept.steps, now, 'steps')].slice(0, MOST_DIFFERENCES);
  return differences.length === 0 ? { state: 'same', prediction } : { state: 'different', prediction, differences };
}

function parsed(json: string): Prediction | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return 'This is no prediction: it is not JSON.';
  }
  const version =
    typeof value === 'object' && value !== null ? (value as { readonly version?: unknown }).version : undefined;
  if (version === 1) return value as Prediction;
  return typeof version === 'number'
    ? `This prediction has version ${version}, and this Hindcast knows 1.`
    : 'This is no prediction: it has no version.';
}

function* differencesOf(a: unknown, b: unknown, place: string): Generator<string> {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Math.abs(a - b) > TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b))) yield place;
  } else if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* differencesOf(a[key], b[key], `${place}.${key}`);
  } else if (a !== b) yield place;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
