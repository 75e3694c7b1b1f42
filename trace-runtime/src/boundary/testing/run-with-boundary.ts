/** Runs a small program under the boundary, in a Node of its own, and gives back what was logged. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { LedgerEntry } from '../sink.ts';

export interface Logged {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly records: readonly { readonly kind: string; readonly detail: Record<string, unknown> }[];
  readonly ledger: readonly LedgerEntry[];
  readonly words: readonly number[];
  readonly touched: readonly string[];
  /** the recording's folder, which is also the program's current one */
  readonly folder: string;
  /** details of all records of a kind */
  of(kind: string): readonly Record<string, unknown>[];
  /** a content that a record refers to */
  contentOf(reference: unknown): string;
}

export interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly node?: string;
  /** false: the same program without the boundary */
  readonly recorded?: boolean;
  readonly file?: string;
}

const root = path.resolve(import.meta.dirname, '../../../..');
let preload = '';

/** The Nodes that the tests can run on: this one, and those that npm brought. */
export function nodes(): readonly string[] {
  const brought = ['node22', 'node24'].map((name) => path.join(root, 'node_modules', name, 'bin/node'));
  return [process.execPath, ...brought.filter(existsSync)];
}

export async function runWithBoundary(program: string, run: Run = {}): Promise<Logged> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-boundary-'));
  const file = path.join(folder, run.file ?? 'program.cjs');
  writeFileSync(file, program);
  const args = run.recorded === false ? [file] : ['--require', bundle(), file];
  const outcome = await new Promise<{ stdout: string; stderr: string; code: number }>((resolve) => {
    const env = { ...process.env, ...run.env, BOUNDARY_TEST: folder };
    const child = execFile(
      run.node ?? process.execPath,
      args,
      { cwd: folder, env, timeout: 20_000 },
      (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : error ? -1 : 0 });
      },
    );
    child.stdin?.end(run.input ?? '');
  });
  const out = path.join(folder, 'out.jsonl');
  const written = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : [];
  const logged = written.map((line): Omit<Logged, 'of' | 'contentOf'> => JSON.parse(line)).at(-1);
  const records = logged?.records ?? [];
  return {
    ...outcome,
    folder,
    records,
    ledger: logged?.ledger ?? [],
    words: logged?.words ?? [],
    touched: logged?.touched ?? [],
    of: (kind) => records.filter((record) => record.kind === kind).map(({ detail }) => detail),
    contentOf(reference) {
      const { text, bytes, base64, blob } = reference as Record<string, string>;
      if (blob) return readFileSync(path.join(folder, 'blobs', blob), 'utf8');
      return text ?? bytes ?? Buffer.from(base64 ?? '', 'base64').toString();
    },
  };
}

function bundle(): string {
  if (preload) return preload;
  preload = path.join(mkdtempSync(path.join(tmpdir(), 'hindcast-boundary-')), 'preload.cjs');
  const entry = path.join(import.meta.dirname, 'preload.ts');
  buildSync({
    entryPoints: [entry],
    outfile: preload,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  return preload;
}
