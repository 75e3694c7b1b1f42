/** The Node that runs a project's commands. */
import { runNode } from './run-tool.ts';

export interface NodeVersion {
  readonly major: number;
  readonly minor: number;
}

/** As if it were new. */
const UNKNOWN: NodeVersion = { major: 24, minor: 0 };

/** Never rejects. Managers of versions choose by the folder. */
export async function askNodeVersion(folder: string): Promise<NodeVersion> {
  try {
    const { stdout } = await runNode(['--version'], { cwd: folder, limitMs: 10_000 });
    const match = /v(\d+)\.(\d+)/.exec(stdout);
    return match ? { major: Number(match[1]), minor: Number(match[2]) } : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
