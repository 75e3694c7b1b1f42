/** What a file offers to record: its tests, itself, or its scripts. */
import path from 'node:path';
import { projectOf } from '../runners/detect-runners.ts';
import { looksLikeTest } from '../test-file-names.ts';
import type { Outline } from '../protocol.ts';
import { isEntryPoint, scriptPlaces } from './entry-points.ts';
import { parseTests } from './parse-tests.ts';

const NOTHING: Outline = { project: undefined, tests: [], isEntry: false, scripts: [] };

/** Larger texts are no tests that somebody wrote. */
const MOST_CHARACTERS = 2_000_000;

/** `isListed`: a runner named it among its files */
export function outlineOf(file: string, text: string, isListed: boolean): Outline {
  if (path.basename(file) === 'package.json') return { ...NOTHING, scripts: scriptPlaces(text) };
  if (text.length > MOST_CHARACTERS) return NOTHING;
  const isEntry = isEntryPoint(file, text);
  // Without any of these words in it there is no test.
  if (!/\b(?:describe|suite|context|it|test|specify)/.test(text)) return { ...NOTHING, isEntry };
  const { framework, tests } = parseTests(file, text);
  const hasTests = tests.length > 0 && (framework !== undefined || isListed || looksLikeTest(file));
  const project = hasTests ? projectOf(file, framework) : undefined;
  return project ? { project, tests, isEntry, scripts: [] } : { ...NOTHING, isEntry };
}
