/** Answers to "why" as people and programs read them. */
import path from 'node:path';
import type { Decision } from '../../trace-runtime/src/analysis/control.ts';
import type { Culprit } from '../../trace-runtime/src/analysis/culprit.ts';
import type { ShownHop } from '../../trace-runtime/src/analysis/explain.ts';
import type { Hop, Input } from '../../trace-runtime/src/analysis/hops.ts';
import type { Chain } from '../../trace-runtime/src/analysis/provenance.ts';
import { printedAt, printedValue, standFor } from '../../trace-runtime/src/analysis/shown.ts';
import type { Traced } from '../../trace-runtime/src/analysis/traced.ts';
import type { WhyNot } from '../../trace-runtime/src/analysis/why-not.ts';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import { jsonValues } from '../../trace-runtime/src/query/json-value.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { Accessor, Value } from '../../trace-runtime/src/query/values.ts';
import { displayPath } from './display-place.ts';
import { placeJson } from './failure-view.ts';
import { table } from './output.ts';

export interface Shown {
  readonly traced: Traced;
  readonly places: Places;
  readonly stream: number;
}

interface Placed {
  readonly file: LoadedFile;
  readonly start: number;
}

/** As the stream that the hop is of is shown. */
function shownIn(shown: Shown, { traced }: Hop): Shown {
  const { own } = traced.others ?? {};
  return own && own.number !== shown.stream ? { ...shown, traced, stream: own.number } : shown;
}

function printed({ traced }: Shown, moment: number, value: Value | Accessor): string {
  return printedAt(traced, moment, value);
}

export const shownPlace = {
  /** FILE:LINE */
  short({ places, traced }: Shown, { file, start }: Placed): string {
    const place = places.of(traced.reader, file, start);
    return place.line === undefined ? displayPath(place.path) : `${displayPath(place.path)}:${place.line}`;
  },
  ofHop(shown: Shown, hop: Hop): string {
    return shownPlace.short(shownIn(shown, hop), hop);
  },
  json({ places, traced }: Shown, { file, start }: Placed) {
    return placeJson(places.of(traced.reader, file, start));
  },
  value(shown: Shown, hop: Hop | undefined): string {
    return hop ? printed(shownIn(shown, hop), hop.moment, hop.value) : 'not known';
  },
};

/** A line for each hop, with what it was made of below where there is a choice. */
export function chainLines(shown: Shown, hops: readonly ShownHop[]): readonly string[] {
  const rows = hops.map(({ hop }) => {
    const own = shownIn(shown, hop);
    return [`  ${shownPlace.short(own, hop)}`, hop.text, printedValue(hop), `${own.stream}:${hop.moment}`, hop.what];
  });
  const lines = table(rows);
  return hops.flatMap(({ hop, folded }, i) => [
    ...(folded > 0 ? [`  … ${folded} ${folded === 1 ? 'copy' : 'copies'}`] : []),
    lines[i]!,
    ...(hop.inputs.length > 1 ? inputLines(shownIn(shown, hop), hop.moment, hop.inputs) : []),
  ]);
}

function inputLines(shown: Shown, moment: number, inputs: readonly Input[]): string[] {
  return inputs.map(({ text, value }) => `      ${text} = ${printed(shown, moment, value)}`);
}

export function decisionLines(shown: Shown, decisions: readonly Decision[]): readonly string[] {
  const rows = decisions.map((each) => [
    `  ${shownPlace.short(shown, each)}`,
    `${shown.stream}:${each.moment}`,
    each.what,
  ]);
  const lines = table(rows);
  return decisions.flatMap((each, i) => [lines[i]!, ...inputLines(shown, each.moment, each.tests)]);
}

export function whyNotLines(shown: Shown, { decisions, callers }: WhyNot): readonly string[] {
  return [
    ...(decisions.length > 0 ? ['', ...decisionLines(shown, decisions)] : []),
    ...(callers.length > 0 ? ['', 'Who could have called it:'] : []),
    ...callers.map(
      (each) =>
        `  ${shownPlace.short(shown, each)}  ${each.text}  ${each.count === 0 ? 'did not run' : `ran ${each.count} times`}`,
    ),
  ];
}

/** Where the sentence points. */
export function rootJson(shown: Shown, hop: Hop) {
  const own = shownIn(shown, hop);
  return { moment: { stream: own.stream, number: hop.moment }, place: shownPlace.json(own, hop), text: hop.text };
}

/** Values of hops and decisions, each as it was at its moment; `objects` is what they hold there. */
export function hopsJson(shown: Shown, { hops }: Chain, decisions: readonly Decision[], culprit: Culprit | undefined) {
  const value = (moment: number, given: Value | Accessor, own = shown) => {
    standFor(own.traced, moment, given);
    const values = jsonValues(own.traced.reader);
    return { value: values.value(given), text: printed(own, moment, given) };
  };
  const inputs = (moment: number, given: readonly Input[], own = shown) =>
    given.map((input) => {
      const told = value(moment, input.value, own);
      return { text: input.text, value: told.value, shown: told.text };
    });
  const placed = (
    each: Placed & { readonly end: number; readonly moment: number; readonly text: string },
    own = shown,
  ) => ({
    moment: { stream: own.stream, number: each.moment },
    place: shownPlace.json(own, each),
    start: each.start,
    end: each.end,
    text: each.text,
  });
  return {
    culprit: culprit ? { what: culprit.what, others: inputs(culprit.re.run.until, culprit.others) } : null,
    hops: hops.map((hop) => {
      const own = shownIn(shown, hop);
      const told = value(hop.moment, hop.value, own);
      return {
        ...placed(hop, own),
        kind: hop.kind,
        value: told.value,
        shown: told.text,
        what: hop.what,
        inputs: inputs(hop.moment, hop.inputs, own),
      };
    }),
    decisions: decisions.map((each) => ({
      ...placed(each),
      kind: each.kind,
      outcome: each.outcome ?? null,
      what: each.what,
      tests: inputs(each.moment, each.tests),
    })),
  };
}

/** A path as people name it: whole, from the working folder, or its end. */
export function isFile(file: string, named: string): boolean {
  return file === named || file === path.resolve(process.cwd(), named) || file.endsWith(`/${named}`);
}
