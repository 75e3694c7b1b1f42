/** Runs a tool of the workspace and takes what it says: with a time limit, and an end when it is no longer wanted. */
import { spawn } from 'node:child_process';

export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}

const LIMIT_MS = 60_000;
const MOST_OUTPUT = 50_000_000;

/** `args` are Node's. Rejects where it cannot be started, takes too long, or is not wanted any more. */
export async function runNode(args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  try {
    return await run('node', args, options);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    // None is on the PATH: the editor's own.
    return run(process.execPath, args, { ...options, env: { ...options.env, ELECTRON_RUN_AS_NODE: '1' } });
  }
}

function run(command: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { cwd, env = {}, signal, limitMs = LIMIT_MS } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...plainEnvironment(), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no answer within ${limitMs / 1000} s`));
    }, limitMs);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MOST_OUTPUT) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_OUTPUT) stderr += text;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Without what makes the editor's own programs differ from those in its terminals. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _electron, FORCE_COLOR: _color, ...env } = process.env;
  for (const name of Object.keys(env)) if (name.startsWith('VSCODE_')) delete env[name];
  return env;
}

/** The words of a tool that failed, without colours and empty lines. */
export function wordsOf({ code, stdout, stderr }: ToolResult): string {
  const text = (stderr.trim() || stdout.trim()).replace(/\u001b\[[\d;]*m/g, '');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(0, 20).join('\n') || `exit code ${code}`;
}

/** The JSON that a tool printed, whatever else was printed before it; undefined where there is none. */
export function jsonIn(stdout: string): unknown {
  for (const { index } of stdout.matchAll(/^[[{]/gm)) {
    try {
      return JSON.parse(stdout.slice(index));
    } catch {
      // Something that looks alike; what is looked for comes later.
    }
  }
  return undefined;
}
