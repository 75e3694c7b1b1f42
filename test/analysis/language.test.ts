/** Every variable of programs over the language, at many moments: questions are answered, and hops agree on their value. */
import { expect, test } from 'vitest';
import { asked, origin } from '../../trace-runtime/src/analysis/provenance.ts';
import type { Hop } from '../../trace-runtime/src/analysis/hops.ts';
import { Accessor, opaque } from '../../trace-runtime/src/query/values.ts';
import { programs } from '../query/language-programs.ts';
import { done, trace } from './kit.ts';

const MOMENTS = 12;
const HANDS_ON: ReadonlySet<Hop['kind']> = new Set(['copy', 'argument', 'return', 'element']);

interface Counts {
  asked: number;
  unknown: number;
  readonly wrong: string[];
}

async function askEverywhere(source: string, counts: Counts): Promise<void> {
  const traced = await trace(source);
  const { timeline, reader } = traced;
  const step = Math.max(1, Math.floor(timeline.end!.moment / MOMENTS));
  for (let moment = 1; moment < timeline.end!.moment; moment += step) {
    timeline.seekMoment(moment);
    const scope = timeline.replay.stack.at(-1)?.scope;
    for (const { name } of reader.scopes(scope).flatMap(({ variables }) => variables)) {
      timeline.seekMoment(moment);
      const { hops } = done(origin(traced, asked(traced, timeline.replay.stack.at(-1)!, name)!));
      counts.asked++;
      if (hops.at(-1)!.kind === 'unknown') counts.unknown++;
      counts.wrong.push(
        ...hops.flatMap((hop, i) => (agrees(hop, hops[i + 1]) ? [] : [`${name} at ${moment}: ${hop.what}`])),
      );
    }
  }
}

/** A hop that only hands a value on, and the one that it comes from. What collects the rest of a pattern is another object. */
function agrees(hop: Hop, next: Hop | undefined): boolean {
  if (!next || !HANDS_ON.has(hop.kind) || / collects /.test(hop.what) || hop.value instanceof Accessor) return true;
  return hop.value === opaque || next.value === opaque || Object.is(hop.value, next.value);
}

test('questions about every variable are answered', { timeout: 180_000 }, async () => {
  const counts: Counts = { asked: 0, unknown: 0, wrong: [] };
  for (const source of Object.values(programs)) await askEverywhere(source, counts);
  process.stdout.write(`provenance: ${counts.asked} variables asked about, ${counts.unknown} not known\n`);
  expect(counts.wrong).toEqual([]);
  expect(counts.unknown / counts.asked).toBeLessThan(0.03);
});
