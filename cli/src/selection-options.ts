/** The options that say which files are recorded, and how fully. */
import type { RecordOptions } from '../../trace-runtime/src/model/record-options.ts';
import { oneOf, texts, type Parsed } from './options.ts';

export const SELECTION_OPTIONS = { deps: 'text', include: 'texts', exclude: 'texts' } as const;

export type SelectionOptions = Pick<RecordOptions, 'deps' | 'include' | 'exclude'>;

export function selectionOptions(parsed: Parsed): SelectionOptions {
  return {
    deps: oneOf(parsed, 'deps', ['off', 'writes', 'steps']) ?? 'writes',
    include: texts(parsed, 'include'),
    exclude: texts(parsed, 'exclude'),
  };
}
