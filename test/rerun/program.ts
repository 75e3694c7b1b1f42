/** A program in a folder of its own, and the command on it. Needs no test runner. */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NODE } from '../support/nodes.ts';

export { NODE } from '../support/nodes.ts';

const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
export const hindcast = path.join(repository, 'cli/dist/hindcast.cjs');
/** how long a program may take until it has written */
const WRITTEN_MS = 20_000;

export interface Answer {
  readonly verdict: 'fixed' | 'still-failing' | 'different-failure' | 'inconclusive';
  readonly reasons: readonly {
    readonly code: string;
    readonly text: string;
    readonly place: { readonly path: string; readonly line: number } | null;
  }[];
  readonly unmatched: readonly { readonly kind: string; readonly what: string }[];
  readonly rerun: string | null;
  readonly milliseconds: number;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
  readonly input?: string;
  /** a file that is stdin */
  readonly file?: string;
  /** of a recording */
  readonly level?: 'light' | 'full';
}

export class Program {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-rerun-')));

  constructor(files: Readonly<Record<string, string>>) {
    this.write({ 'package.json': '{}', ...files });
  }

  write(files: Readonly<Record<string, string>>): this {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(this.at(name)), { recursive: true });
      writeFileSync(this.at(name), text);
    }
    return this;
  }

  writeBytes(files: Readonly<Record<string, Uint8Array>>): this {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(this.at(name), bytes);
    return this;
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** What the program writes into a file, as soon as it has: a file is there before it is written. */
  async written(name: string): Promise<string> {
    for (const end = Date.now() + WRITTEN_MS; Date.now() < end; await pause(20)) {
      const text = existsSync(this.at(name)) ? readFileSync(this.at(name), 'utf8') : '';
      if (text !== '') return text;
    }
    throw new Error(`The program wrote no ${name}.`);
  }

  /** Replaces one text in a file; it has to be there. */
  edit(name: string, was: string, is: string): this {
    const text = readFileSync(this.at(name), 'utf8');
    if (!text.includes(was)) throw new Error(`${name} does not contain ${was}.`);
    return this.write({ [name]: text.replace(was, () => is) });
  }

  remove(name: string): this {
    rmSync(this.at(name), { recursive: true, force: true });
    return this;
  }

  /** The packages of the repository, for test runners. */
  withPackages(): this {
    symlinkSync(path.join(repository, 'node_modules'), this.at('node_modules'));
    return this;
  }

  /** `LEVEL=light` records so; default: as the command decides. */
  record(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const level = options.level ?? process.env['LEVEL'];
    const [first = '', ...rest] = command;
    const file = first === 'node' || first === process.execPath ? NODE : first;
    return this.hindcast(['record', ...(level ? ['--level', level] : []), '--', file, ...rest], options);
  }

  async validate(args: readonly string[] = [], options: RunOptions = {}): Promise<Answer> {
    const { stdout, stderr } = await this.hindcast(['validate', '--json', ...args], options);
    if (!stdout.startsWith('{')) throw new Error(`validate printed no answer: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  hindcast(args: readonly string[], { env, unset = [], input, file }: RunOptions = {}): Promise<Ended> {
    const all: NodeJS.ProcessEnv = { ...process.env, ...env };
    // what they start by name
    if (NODE !== process.execPath) all['PATH'] = `${path.dirname(NODE)}${path.delimiter}${all['PATH']}`;
    for (const name of unset) delete all[name];
    const stdin = file === undefined ? 'pipe' : openSync(this.at(file), 'r');
    const child = spawn(NODE, [hindcast, ...args], {
      cwd: this.folder,
      env: all,
      stdio: [stdin, 'pipe', 'pipe'],
    });
    if (typeof stdin === 'number') closeSync(stdin);
    const texts = { stdout: '', stderr: '' };
    child.stdout?.on('data', (data: Buffer) => (texts.stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (texts.stderr += data.toString()));
    child.stdin?.on('error', () => undefined).end(input ?? '');
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, ...texts }));
    });
  }

  /** All files but Hindcast's own, with their contents. */
  tree(): Readonly<Record<string, string>> {
    const out: Record<string, string> = {};
    const walk = (folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const file = path.join(folder, entry.name);
        if (entry.name === '.hindcast' || entry.name === 'node_modules') continue;
        if (entry.isDirectory()) {
          out[`${path.relative(this.folder, file)}/`] = '';
          walk(file);
        } else out[path.relative(this.folder, file)] = readFileSync(file, 'utf8');
      }
    };
    walk(this.folder);
    return out;
  }
}
