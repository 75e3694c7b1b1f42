/** A program of the benchmark: a file in `cases/`, run as it is and under `hindcast record`. */
export interface BenchCase {
  readonly name: string;
  readonly file: string;
  /** globs recorded as user code, relative to the folder of the cases */
  readonly include: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** what appmap-node is given instead of 1: it keeps every event in memory */
  readonly appmapScale: number;
}

export const CASES: readonly BenchCase[] = [
  { name: 'acorn', file: 'acorn.cjs', include: ['node_modules/acorn/**'], appmapScale: 1 },
  { name: 'marked', file: 'marked.cjs', include: ['node_modules/marked/**'], appmapScale: 1 },
  { name: 'prettier', file: 'prettier.cjs', include: ['node_modules/prettier/**'], appmapScale: 1 },
  { name: 'ajv', file: 'ajv.cjs', include: ['node_modules/ajv/**'], appmapScale: 1 },
  { name: 'loop', file: 'loop.cjs', include: [], appmapScale: 1 },
  { name: 'fib', file: 'fib.cjs', include: [], appmapScale: 0.002 },
];

/** The programs of this benchmark and the packages they measure. */
export const SERVER = { file: 'express.cjs', load: 'load.cjs', requests: 3000, connections: 8, later: 9000 } as const;
