/** Which runners a package uses, and which of them a file belongs to. */
import { NO_USAGE, usageInScripts } from './runner-usage.ts';
import { namesIn, packagesAround, type Package } from './packages.ts';
import type { Project, RunnerName } from '../test-model.ts';

const RUNNERS: readonly RunnerName[] = ['vitest', 'jest', 'mocha', 'node'];

const CONFIG_FILES: Readonly<Record<RunnerName, RegExp>> = {
  vitest: /^vitest\.(?:config|workspace|projects)\.(?:[cm]?[jt]s|json)$/,
  jest: /^jest\.config\.(?:[cm]?[jt]s|json)$/,
  mocha: /^\.mocharc\.(?:[cm]?js|jsonc?|ya?ml)$/,
  node: /^node\.config\.json$/,
};

/** Keys of package.json that hold a runner's configuration. */
const CONFIG_KEYS: Readonly<Partial<Record<RunnerName, string>>> = { jest: 'jest', mocha: 'mocha' };

/**
 * The projects that a package is: one for each runner that its scripts or configuration files name, else one for the
 * runner that it depends on.
 */
export function projectsOf(found: Package): readonly Project[] {
  const named = RUNNERS.flatMap((runner) => namedProject(found, runner) ?? []);
  if (named.length > 0) return named;
  const runner = RUNNERS.find((name) => found.dependencies.has(name));
  return runner ? [project(found, runner)] : [];
}

/** The project that runs a file. `framework`: whose module the file imports; it decides. */
export function projectOf(file: string, framework: RunnerName | undefined): Project | undefined {
  const packages = packagesAround(file);
  if (!framework) return packages.flatMap(projectsOf)[0];
  const [nearest] = packages;
  const home =
    packages.find((each) => namedProject(each, framework)) ??
    packages.find((each) => each.dependencies.has(framework)) ??
    nearest;
  return home && (namedProject(home, framework) ?? project(home, framework));
}

function namedProject(found: Package, runner: RunnerName): Project | undefined {
  const usage = usageInScripts(found.scripts, runner);
  const key = CONFIG_KEYS[runner];
  const isConfigured =
    usage !== undefined ||
    (key !== undefined && typeof found.json[key] === 'object') ||
    namesIn(found.folder).some((name) => CONFIG_FILES[runner].test(name));
  return isConfigured ? project(found, runner, usage) : undefined;
}

function project({ folder, name }: Package, runner: RunnerName, usage = NO_USAGE): Project {
  return { runner, folder, name, usage };
}
