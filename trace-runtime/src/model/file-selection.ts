/** Which files are instrumented, and how fully. */
import { globToRegExp } from './glob.ts';
import type { RecordOptions } from './record-options.ts';

/** steps: everything; writes: only mutations of objects; off: runs as it is */
export type FileLevel = 'steps' | 'writes' | 'off';

export interface FileSelection {
  /** `path` is absolute. Answers are remembered. */
  level(path: string): FileLevel;
}

/** What yarn puts into a project to run it: the manager itself and how packages are found. */
const OF_YARN = /\/(?:\.yarn\/(?:releases|plugins|sdks)\/|\.pnp(?:\.loader)?\.[cm]?js$)/;

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$|(?:^|\/)[^./]+$/;

/**
 * Test runners, compilers and bundlers: they run the user's code rather than being part of it, and are large. At
 * `deps: writes` they run as they are; `deps: steps` or an `include` takes them in.
 */
const TOOLS = new RegExp(
  '^(?:' +
    [
      'typescript',
      'ts-node',
      'ts-jest',
      'tsx',
      'esbuild',
      '@esbuild/.*',
      'jest',
      'jest-.*',
      '@jest/.*',
      'expect',
      'pretty-format',
      'mocha',
      'vitest',
      '@vitest/.*',
      'vite',
      'vite-node',
      'rollup',
      '@rollup/.*',
      'rolldown',
      '@rolldown/.*',
      'oxc-.*',
      '@oxc-.*',
      'lightningcss',
      'lightningcss-.*',
      'unrs-resolver',
      '@unrs/.*',
      'fsevents',
      '@parcel/watcher.*',
      'chai',
      'tinypool',
      'tinyspy',
      'tinyrainbow',
      'tinyexec',
      'tinybench',
      '@babel/.*',
      'babel-.*',
      '@swc/.*',
      'swc-.*',
      '@swc-node/.*',
      'sucrase',
      'webpack',
      'c8',
      'nyc',
      'v8-to-istanbul',
      'istanbul-.*',
      '@istanbuljs/.*',
      'source-map',
      'source-map-js',
      'source-map-support',
      '@jridgewell/.*',
      '@cspotcode/source-map-support',
      '@tsconfig/.*',
      '@sinclair/typebox',
      '@sinonjs/fake-timers',
      'pirates',
      'npm',
      'npx',
      'yarn',
      'pnpm',
      'tap',
      'tape',
      'ava',
      'uvu',
      '@bcoe/.*',
      'get-tsconfig',
      'jsdom',
      'happy-dom',
    ].join('|') +
    ')$',
);

export function selectFiles(
  options: Pick<RecordOptions, 'root' | 'deps' | 'include' | 'exclude'>,
  /** further roots of user code, and folders that are Hindcast's own */
  extra: { readonly roots?: readonly string[]; readonly own?: readonly string[] } = {},
): FileSelection {
  const roots = [options.root, ...(extra.roots ?? [])].map(withSlash);
  const own = (extra.own ?? []).map(withSlash);
  const include = options.include.map((glob) => compile(glob, options.root));
  const exclude = options.exclude.map((glob) => compile(glob, options.root));
  const known = new Map<string, FileLevel>();

  function decide(given: string): FileLevel {
    if (given.startsWith('data:')) return 'steps';
    const path = given.includes('\\') ? given.replaceAll('\\', '/') : given;
    if (!SOURCE.test(path) || own.some((folder) => path.startsWith(folder))) return 'off';
    if (exclude.some((glob) => glob.test(path))) return 'off';
    if (include.some((glob) => glob.test(path))) return 'steps';
    if (OF_YARN.test(path)) return 'off';
    const modules = path.lastIndexOf('/node_modules/');
    if (modules < 0) return roots.some((root) => path.startsWith(root)) ? 'steps' : 'off';
    // Packages of the project or of a folder around it; not those of a tool that is installed elsewhere.
    const home = path.slice(0, path.indexOf('/node_modules/') + 1);
    if (!roots.some((root) => home.startsWith(root) || root.startsWith(home))) return 'off';
    if (options.deps === 'writes' && TOOLS.test(packageName(path.slice(modules + 14)))) return 'off';
    return options.deps;
  }

  return {
    level(path) {
      const before = known.get(path);
      if (before !== undefined) return before;
      const level = decide(path);
      known.set(path, level);
      return level;
    },
  };
}

/** Whether the package runs the user's code rather than being part of it. */
export function isTool(name: string): boolean {
  return TOOLS.test(name);
}

/** Whether a package that the file lies in does: what a tool brings along is part of it. */
export function isOfTool(file: string): boolean {
  const [, ...packages] = file.replaceAll('\\', '/').split('/node_modules/');
  return packages.some((rest) => isTool(packageName(rest)));
}

/** The package of a path below node_modules: its first name, or the first two where it has a scope. */
export function packageName(path: string): string {
  const [first = '', second = ''] = path.split('/', 2);
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function withSlash(folder: string): string {
  const plain = folder.replaceAll('\\', '/');
  return plain.endsWith('/') ? plain : `${plain}/`;
}

function compile(glob: string, root: string): RegExp {
  const plain = glob.replaceAll('\\', '/').replace(/^\.\//, '');
  return globToRegExp(plain.startsWith('/') || /^[a-z]:\//i.test(plain) ? plain : withSlash(root) + plain);
}
