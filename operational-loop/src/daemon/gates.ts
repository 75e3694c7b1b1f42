/** What a change has to pass before it is rolled out. */
import { execFile } from 'node:child_process';
import type { Proposal } from '../model/rollout.ts';
import type { Gate } from '../tuning/tuner.ts';
import type { Managed } from './managed-services.ts';
import type { Objectives } from './objectives.ts';

const MOST_OUTPUT = 64 * 1024 * 1024;

export function gatesOf(
  managed: readonly Managed[],
  objectives: Objectives,
  hindcast: readonly string[],
): readonly Gate[] {
  return [
    async (proposal) => {
      const of = managed.find(({ settings }) => settings.name === proposal.service);
      for (const name of of?.settings.managed.gates ?? []) {
        const passed = name === 'budget' ? budgetGate(objectives, proposal) : await fixedGate(of!, proposal, hindcast);
        if (!passed.ok) return passed;
      }
      return { ok: true, reason: '' };
    },
  ];
}

function budgetGate(objectives: Objectives, { service }: Proposal): { readonly ok: boolean; readonly reason: string } {
  const { decision, reasons } = objectives.gate(service);
  return { ok: decision === 'open', reason: `changes of ${service} are frozen. ${reasons.join(' ')}` };
}

/** Every failure that is kept with the build has to be fixed in it. A setting alone needs no proof. */
function fixedGate(
  { builds }: Managed,
  { service, change }: Proposal,
  [file, ...args]: readonly string[],
): Promise<{ readonly ok: boolean; readonly reason: string }> {
  if (change.kind !== 'image') return Promise.resolve({ ok: true, reason: '' });
  const cwd = builds.folder(service, change.image.build);
  return new Promise((resolve) => {
    execFile(file!, [...args, 'validate', '--all', '--json'], { cwd, maxBuffer: MOST_OUTPUT }, (error, stdout) => {
      const code = error ? Number(error.code ?? 4) : 0;
      const reason = `\`hindcast validate --all\` in ${cwd} ends with exit code ${code}: ${verdictsOf(stdout)}`;
      resolve({ ok: code === 0, reason });
    });
  });
}

function verdictsOf(text: string): string {
  try {
    const { entries } = JSON.parse(text) as { readonly entries?: readonly Entry[] };
    const told = (entries ?? []).map(({ name, verdict, fault }) => `${name} is ${verdict ?? fault ?? 'not proven'}`);
    return told.join(', ') || 'nothing was proven';
  } catch {
    return 'it said nothing that can be read';
  }
}

interface Entry {
  readonly name: string;
  readonly verdict: string | null;
  readonly fault?: string | null;
}
