/** Light recordings of small programs, and what comes of executing them again. */
import { NODE, type Program } from '../rerun/program.ts';

interface Answer {
  readonly ticks: number;
  readonly verified: number;
  readonly divergences: readonly { readonly what: string }[];
  readonly likely: readonly string[];
}

/** Records at level light on the Node that programs are tested on. */
export const light = (program: Program, ...args: readonly string[]) =>
  program.hindcast(['record', '--level', 'light', '--', NODE, ...args]);

export async function materialise(program: Program): Promise<Answer> {
  const { stdout, stderr } = await program.hindcast(['materialise', '--again', '--json']);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}
