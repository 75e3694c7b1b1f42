/** A test that runs the recorded program on the recorded input, in a copy of the project. */
import path from 'node:path';
import type { Recording } from '../../store/recording.ts';
import type { IncomingRequest } from '../incoming.ts';
import { namedVariables } from '../minimize/command-inputs.ts';
import { inputsOf } from '../minimize/inputs.ts';
import type { PreparedRerun } from '../prepare.ts';
import { fileCode, relative, slugOf, type GeneratedTest } from './call-test.ts';
import { quoted, textCode } from './literals.ts';
import { ANSWER_NETWORK, networkFixture } from './network-fixture.ts';
import { writeTest, zeroText, type Import } from './test-text.ts';
import { testFolder, type Workspace } from './workspace.ts';

export interface ProgramTestOptions {
  readonly workspace: Workspace;
  readonly prepared: PreparedRerun;
  readonly recording: Recording;
  readonly failure: string;
  readonly out: string | undefined;
}

export interface ProgramTest extends GeneratedTest {
  readonly needs: readonly string[];
  /** recorded inputs that the test cannot bring */
  readonly lacks: readonly string[];
}

const PATIENCE_MS = 30_000;

export function programTest({ workspace, prepared, recording, failure, out }: ProgramTestOptions): ProgramTest {
  const { runner, root } = workspace;
  const isModule = runner === 'vitest' || workspace.isModule;
  const { command, cwd } = recording.manifest;
  const script = command.slice(1).find((word) => !word.startsWith('-')) ?? 'program';
  const title = `${path.basename(script)} does not fail`;
  const slug = slugOf(path.basename(script).replace(/\.\w+$/, ''));
  const extension = isModule === workspace.isModule ? '.js' : isModule ? '.mjs' : '.cjs';
  const file = out ?? path.join(testFolder(workspace, undefined), `${slug}.hindcast.test${extension}`);
  const folder = path.join(path.dirname(file), 'fixtures', path.basename(file).replace(/\.test\.\w+$/, ''));
  const needs = new Set<string>();
  const lacks: string[] = [];
  const fixtures = filesOf(prepared, root, folder, lacks, needs);
  const { stdin, requests, peers } = prepared.inputs;
  const network = networkFixture(peers);
  lacks.push(...network.lacks.map((name) => `the answers of ${name}`));
  const isAnswered = network.answers.length > 0;
  if (isAnswered) {
    const answers = Buffer.from(`${JSON.stringify(network.answers, undefined, 2)}\n`);
    fixtures.set(path.join(folder, 'answers.json'), blanked(prepared, answers, needs));
    fixtures.set(path.join(folder, 'answer-network.cjs'), ANSWER_NETWORK);
  }
  if (stdin) fixtures.set(path.join(folder, 'stdin'), blanked(prepared, stdin));
  if (requests.length > 0) {
    fixtures.set(path.join(folder, 'requests.json'), `${JSON.stringify(requests.map(requestJson), undefined, 2)}\n`);
    fixtures.set(path.join(folder, 'report-port.cjs'), REPORT_PORT);
  }
  const below = path.relative(root, cwd).replaceAll('\\', '/');
  const env = environmentCode(prepared, needs);
  const words = command.slice(1).map((word) => textCode(word, needs));
  const from = (target: string): string => fileCode(relative(path.dirname(file), target), isModule);
  const plainPath = (target: string): string => (isModule ? `fileURLToPath(${from(target)})` : from(target));
  const run = {
    program: /(?:^|[\\/])node\d*(?:\.exe)?$/.test(command[0] ?? '')
      ? 'process.execPath'
      : textCode(command[0] ?? '', needs),
    words,
    env,
    cwd: below === '' ? 'folder' : `path.join(folder, ${quoted(below)})`,
    fixtures: plainPath(folder),
    hasStdin: stdin !== undefined,
    preloads: [...(isAnswered ? ['answer-network.cjs'] : []), ...(requests.length > 0 ? ['report-port.cjs'] : [])],
  };
  const text = writeTest({
    runner,
    isModule,
    about: [
      `From recording ${path.basename(recording.folder)}: ${failure}`,
      ...[...needs].map((name) => `Needs ${name} in the environment: the recording does not hold secrets.`),
      ...lacks.map((what) => `Without ${what}: the test cannot bring it.`),
    ],
    imports: importsOf(isModule, requests.length > 0),
    before: [
      `const project = ${plainPath(root)};`,
      `const fixtures = ${run.fixtures};`,
      '',
      ...COPY,
      ...(requests.length > 0 ? ['', ...SEND] : []),
    ],
    title: quoted(title),
    isAsync: requests.length > 0,
    body: [
      'const folder = copyOfProject();',
      ...(requests.length > 0 ? serverBody(run) : childBody(run)),
      'rmSync(folder, { recursive: true });',
      ...zeroText(runner, 'status', 'stderr'),
    ],
    timeout: PATIENCE_MS,
  });
  return { file, text, fixtures, needs: [...needs], lacks };
}

interface Run {
  readonly program: string;
  readonly words: readonly string[];
  readonly env: string;
  readonly cwd: string;
  readonly hasStdin: boolean;
  /** names of fixtures */
  readonly preloads: readonly string[];
}

/** What stands in front of the program's own arguments, and the statement that makes it. */
function preloading({ preloads }: Run): { readonly words: readonly string[]; readonly before: readonly string[] } {
  if (preloads.length === 0) return { words: [], before: [] };
  const list = preloads.map((name) => `'--require', path.join(fixtures, ${quoted(name)})`).join(', ');
  return { words: ['...preloads'], before: [`const preloads = [${list}];`] };
}

function childBody(run: Run): readonly string[] {
  const { program, env, cwd, hasStdin } = run;
  const preloads = preloading(run);
  const words = [...preloads.words, ...run.words];
  const input = hasStdin ? ["  input: readFileSync(path.join(fixtures, 'stdin')),"] : [];
  return [
    ...preloads.before,
    `const { status, stderr } = spawnSync(${program}, [${words.join(', ')}], {`,
    `  cwd: ${cwd},`,
    `  env: ${env},`,
    ...input,
    "  encoding: 'utf8',",
    '});',
  ];
}

function serverBody(run: Run): readonly string[] {
  const { program, env, cwd } = run;
  const preloads = preloading(run);
  const words = [...preloads.words, ...run.words];
  return [
    ...preloads.before,
    `const server = spawn(${program}, [${words.join(', ')}], {`,
    `  cwd: ${cwd},`,
    `  env: ${env},`,
    "  stdio: ['ignore', 'ignore', 'pipe', 'ipc'],",
    '});',
    "let stderr = '';",
    "server.stderr.on('data', (part) => (stderr += part));",
    "const ended = new Promise((resolve) => server.once('close', (code) => resolve(code ?? 0)));",
    "const [port] = await Promise.race([once(server, 'message'), ended.then(() => [])]);",
    "for (const request of JSON.parse(readFileSync(path.join(fixtures, 'requests.json'), 'utf8')))",
    '  if (port && server.exitCode === null) await send(port, request);',
    'await new Promise((resolve) => setTimeout(resolve, 200));',
    'server.kill();',
    'const status = await ended;',
  ];
}

function importsOf(isModule: boolean, isServer: boolean): readonly Import[] {
  return [
    { from: 'node:child_process', names: [isServer ? 'spawn' : 'spawnSync'] },
    ...(isServer ? [{ from: 'node:events', names: ['once'] }] : []),
    { from: 'node:fs', names: ['cpSync', 'existsSync', 'mkdtempSync', 'readFileSync', 'rmSync', 'symlinkSync'] },
    ...(isServer ? [{ from: 'node:http', names: 'http' }] : []),
    { from: 'node:os', names: 'os' },
    { from: 'node:path', names: 'path' },
    ...(isModule ? [{ from: 'node:url', names: ['fileURLToPath'] }] : []),
  ];
}

const COPY = [
  '/** The project as it is, with the files that the recorded run read. */',
  'function copyOfProject() {',
  "  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-test-'));",
  '  const isCopied = (file) => !/^(?:node_modules|\\.git|\\.hindcast)$/.test(path.basename(file));',
  '  cpSync(project, folder, { recursive: true, filter: isCopied });',
  "  const packages = path.join(project, 'node_modules');",
  "  if (existsSync(packages)) symlinkSync(packages, path.join(folder, 'node_modules'));",
  "  const files = path.join(fixtures, 'files');",
  '  if (existsSync(files)) cpSync(files, folder, { recursive: true });',
  '  return folder;',
  '}',
];

const SEND = [
  '/** Resolves when it is answered, or cannot be any more. */',
  'function send(port, { method, url, headers, body }) {',
  '  return new Promise((resolve) => {',
  "    const options = { host: '127.0.0.1', port, method, path: url, headers, agent: false };",
  "    const request = http.request(options, (response) => response.resume().on('close', resolve));",
  "    request.on('error', resolve);",
  '    request.end(body);',
  '  });',
  '}',
];

const REPORT_PORT = `// Lets the server listen on a free port, and tells the test which one it is.
const net = require('node:net');
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => process.send?.(this.address().port));
  const callback = args.find((each) => typeof each === 'function');
  return listen.call(this, 0, '127.0.0.1', callback);
};
`;

function requestJson({ method, url, headers, body }: IncomingRequest): object {
  const pairs: Record<string, string> = {};
  for (let at = 0; at + 1 < headers.length; at += 2)
    if (!/^(?:host|connection|content-length|transfer-encoding)$/i.test(headers[at]!))
      pairs[headers[at]!] = headers[at + 1]!;
  return { method, url, headers: pairs, body: body.toString() };
}

/** What the program read inside the project; the rest cannot be put in its place. */
function filesOf(
  prepared: PreparedRerun,
  root: string,
  folder: string,
  lacks: string[],
  needs: Set<string>,
): Map<string, string | Buffer> {
  const fixtures = new Map<string, string | Buffer>();
  for (const input of inputsOf(prepared, false)) {
    const bytes = input.bytes(prepared.inputs);
    if (input.kind === 'child') lacks.push(`the recorded ${input.name}`);
    if (input.kind !== 'file') continue;
    const below = path.relative(root, path.resolve(prepared.recording.manifest.cwd, input.name));
    if (below.startsWith('..')) lacks.push(`the recorded ${input.name}`);
    else if (!input.name.includes(' (content '))
      fixtures.set(path.join(folder, 'files', below), blanked(prepared, bytes, needs));
  }
  return fixtures;
}

function blanked({ contents }: PreparedRerun, bytes: Buffer, needs?: Set<string>): string | Buffer {
  const text = bytes.toString();
  const blank = contents.blanked(text);
  for (const [, name] of blank.matchAll(/«redacted:([^»]+)»/g)) needs?.add(name!);
  return blank === text ? bytes : blank;
}

/** Variables that the program's own code names. */
function environmentCode(prepared: PreparedRerun, needs: Set<string>): string {
  const input = inputsOf(prepared, false).find(({ kind }) => kind === 'environment');
  const { contents, inputs, missing } = prepared;
  for (const name of [...namedVariables(prepared), ...missing])
    if (missing.has(name) || contents.isSecret(inputs.env[name])) needs.add(name);
  if (!input) return 'process.env';
  const names = input.lists(inputs)[0]!.read(inputs) as readonly string[];
  const parts = names
    .filter((name) => !needs.has(name))
    .map((name) => `${name}: ${textCode(inputs.env[name] ?? '', needs)}`);
  if (parts.length === 0) return 'process.env';
  return `{ ...process.env, ${parts.join(', ')} }`;
}
