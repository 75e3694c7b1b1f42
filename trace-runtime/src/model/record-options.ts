/**
 * What `hindcast record` tells the programs it records: the JSON in HINDCAST_OPTIONS. Every field may be absent there.
 */
export type DependencyLevel = 'off' | 'writes' | 'steps';

export interface RecordOptions {
  /** folder of the user's project; what lies under it and outside node_modules is user code */
  readonly root: string;
  readonly deps: DependencyLevel;
  /** globs relative to `root`, or absolute: recorded as user code, packages in node_modules too */
  readonly include: readonly string[];
  /** globs as in `include`: not instrumented at all; wins over `include` */
  readonly exclude: readonly string[];
  /** folder of instrumented files */
  readonly cache: string;
  /** the Node binary that runs the sidecar and the instrumenter; need not be the program's */
  readonly node: string;
  /** path of the native helper; absent: portable transport */
  readonly helper?: string | undefined;
  /** everything else that the command line said, for other parts of the recorder */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Never throws: what cannot be read gets its default. */
export function parseRecordOptions(
  text: string | undefined,
  defaults: Pick<RecordOptions, 'root' | 'cache' | 'node'>,
): RecordOptions {
  const given = parseObject(text);
  const { root, deps, include, exclude, cache, node, helper, ...more } = given;
  return {
    root: nonEmpty(root) ?? defaults.root,
    deps: deps === 'off' || deps === 'steps' ? deps : 'writes',
    include: strings(include),
    exclude: strings(exclude),
    cache: nonEmpty(cache) ?? defaults.cache,
    node: nonEmpty(node) ?? defaults.node,
    helper: nonEmpty(helper),
    more,
  };
}

function parseObject(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
