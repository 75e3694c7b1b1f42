/** The Node that runs a project's commands. */
import { runNode } from './run-tool.ts';

const known = new Map<string, Promise<{ readonly major: number; readonly minor: number }>>();

/** Never rejects: a Node that cannot be asked is taken for a new one. A folder's answer is remembered. */
export function nodeVersion(folder: string): Promise<{ readonly major: number; readonly minor: number }> {
  let answer = known.get(folder);
  if (!answer) {
    answer = ask(folder);
    known.set(folder, answer);
  }
  return answer;
}

async function ask(folder: string): Promise<{ readonly major: number; readonly minor: number }> {
  try {
    const { stdout } = await runNode(['--version'], { cwd: folder, limitMs: 10_000 });
    const match = /v(\d+)\.(\d+)/.exec(stdout);
    if (match) return { major: Number(match[1]), minor: Number(match[2]) };
  } catch {
    // As if it were new.
  }
  return { major: 24, minor: 0 };
}
