/** The tests inside the extension host (`host/*.test.ts`), against the installed package, by `@vscode/test-electron`. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { repository } from '../../scripts/vscode-host/repository.ts';
import { bundleForHost, bundleProgram, bundlesFolder, filesIn } from './bundle.ts';
import { readOutcome, type Outcome } from './outcome.ts';
import { addProject, emptyWorkspace, type Workspace } from './workspaces.ts';

export interface HostTestsOptions {
  readonly vsix: string;
  /** a folder with the package installed, for the stand-in */
  readonly extensions: string;
  /** desktop VS Code's executable; without it, the server and Chromium stand in for it */
  readonly executable?: string | undefined;
  readonly filter?: string | undefined;
}

/** Undefined where the extension host did not get to the end of the tests; what it printed then was shown. */
export async function runHostTests(options: HostTestsOptions): Promise<Outcome | undefined> {
  const driver = await bundleDriver();
  const base = mkdtempSync(path.join(realpathSync(tmpdir()), 'hindcast-host-tests-'));
  const log = path.join(base, 'tests.log');
  const file = path.join(base, 'outcome.json');
  const workspace = hostWorkspace();
  const follow = follower(log);
  const timer = setInterval(follow, 200);
  try {
    const { program, profile } = await findProgram(options, path.join(base, 'user'));
    await runTests({
      vscodeExecutablePath: program,
      extensionDevelopmentPath: driver,
      extensionTestsPath: path.join(driver, 'out/run.cjs'),
      launchArgs: [workspace.folder, ...profile],
      extensionTestsEnv: {
        HINDCAST_REPOSITORY: repository,
        HINDCAST_TEST_LOG: log,
        HINDCAST_TEST_OUTCOME: file,
        HINDCAST_TEST_FILTER: options.filter,
      },
    }).catch((error: unknown) => console.error(String(error)));
    // The exit code is 0 too when the extension host dies. Only the tests themselves can say that they ran.
    return readOutcome(file);
  } finally {
    clearInterval(timer);
    follow();
    workspace.remove();
    removeFolder(base);
  }
}

/** The driver extension with the bundled tests in it: a module finds `vscode` by lying in an extension's folder. */
async function bundleDriver(): Promise<string> {
  const driver = path.join(bundlesFolder, 'driver');
  mkdirSync(driver, { recursive: true });
  cpSync(path.join(repository, 'test/vscode/driver/package.json'), path.join(driver, 'package.json'));
  const tests = filesIn('test/vscode/host', '.test.ts');
  await bundleForHost(['test/vscode/driver/run.ts', ...tests], path.join(driver, 'out'));
  return driver;
}

/** The example, and each project in `fixtures/`, in a folder of its name. */
function hostWorkspace(): Workspace {
  const workspace = emptyWorkspace('workspace', { packages: true });
  addProject(workspace, 'examples/shop', 'shop');
  const fixtures = 'test/vscode/fixtures';
  const projects = existsSync(path.join(repository, fixtures)) ? readdirSync(path.join(repository, fixtures)) : [];
  for (const project of projects) addProject(workspace, `${fixtures}/${project}`, project);
  return workspace;
}

/** What to start, and the arguments that name its settings and its extensions, with the package among them. */
async function findProgram({ executable, vsix, extensions }: HostTestsOptions, user: string) {
  if (!executable) {
    const program = await bundleProgram('scripts/vscode-host/code-shim.ts', path.join(bundlesFolder, 'shim'));
    return { program, profile: [`--user-data-dir=${user}`, `--extensions-dir=${extensions}`] };
  }
  const profile = [`--user-data-dir=${user}`, `--extensions-dir=${path.join(bundlesFolder, 'desktop-extensions')}`];
  const [cli = executable, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  const run = spawnSync(cli, [...args, ...profile, '--install-extension', vsix, '--force'], { encoding: 'utf8' });
  if (run.status === 0) return { program: executable, profile };
  throw new Error(`${vsix} could not be installed: ${run.error?.message ?? ''}\n${run.stdout}${run.stderr}`);
}

/** Each call prints what was appended to the file since the last one. */
function follower(file: string): () => void {
  let shown = 0;
  return () => {
    if (!existsSync(file)) return;
    const all = readFileSync(file);
    process.stdout.write(all.subarray(shown));
    shown = all.length;
  };
}
