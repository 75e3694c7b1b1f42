/** Step 5 of a prediction: what could be done about the bottlenecks, and what could be saved. */
import type {
  Action,
  Bottleneck,
  FleetParameters,
  Knob,
  MachineType,
  PredictionInput,
  Proposal,
} from '../model/prediction.ts';
import { titleOf } from '../model/signal-units.ts';
import { knownEffects } from './knob-effect.ts';

/** Factors by which a knob's value is tried to change, within its bounds. */
const KNOB_FACTORS = [1.25, 1.5, 2, 3, 4, 8];

/** Doing nothing first; then instances, machines and knobs. */
export function proposeActions(
  input: PredictionInput,
  fleet: FleetParameters,
  bottlenecks: readonly Bottleneck[],
): readonly Proposal[] {
  const tight = bottlenecks.filter((bottleneck) => bottleneck.tight);
  return [
    { id: 'nothing', action: { kind: 'nothing' }, reason: 'To compare with.', changesSemantics: false, relieves: [] },
    ...instanceProposals(input, fleet, tight),
    ...machineProposals(input, fleet, tight),
    ...input.knobs.flatMap((knob) => knobProposals(knob, tight)),
  ];
}

function instanceProposals(
  { constraints }: PredictionInput,
  { instances }: FleetParameters,
  tight: readonly Bottleneck[],
): readonly Proposal[] {
  const relieves = tight.map(({ limit }) => limit);
  const more = [1, 2, 3, 4, 6, 8, 12, 16].map((extra) => instances + extra);
  const fewer = [1, 2].map((less) => instances - less);
  const counts = (tight.length > 0 ? more : fewer).filter(
    (to) => to >= Math.max(1, constraints.leastInstances) && to <= constraints.mostInstances,
  );
  return counts.map((to) => ({
    id: `instances=${to}`,
    action: { kind: 'instances', from: instances, to },
    reason:
      to > instances
        ? `Spreads the load, for the sake of ${namesOf(tight)}.`
        : 'Saves machines: no limit is in danger.',
    changesSemantics: false,
    relieves: to > instances ? relieves : [],
  }));
}

function machineProposals(
  { catalogue, machine }: PredictionInput,
  { instances }: FleetParameters,
  tight: readonly Bottleneck[],
): readonly Proposal[] {
  const present = catalogue.machines.find(({ name }) => name === machine);
  if (!present) return [];
  return catalogue.machines
    .filter(
      (other) => other !== present && (tight.length > 0 ? isGreater(other, present) : other.price < present.price),
    )
    .map((other) => ({
      id: `machine=${other.name}`,
      action: { kind: 'machine', from: present.name, to: other.name, instances },
      reason:
        tight.length > 0
          ? `Has more of what is short, for the sake of ${namesOf(tight)}.`
          : 'Costs less: no limit is in danger.',
      changesSemantics: false,
      relieves: tight.map(({ limit }) => limit),
    }));
}

function isGreater(other: MachineType, present: MachineType): boolean {
  return other.cpu > present.cpu || other.memory > present.memory || other.io > present.io;
}

/** Both ways are tried where a metric in danger, or the resource behind it, is known to follow the knob. */
function knobProposals(knob: Knob, tight: readonly Bottleneck[]): readonly Proposal[] {
  const effects = knownEffects(knob);
  const helped = tight.flatMap((bottleneck) => {
    const effect =
      effects.find(({ metric }) => metric === bottleneck.metric) ??
      effects.find(({ metric }) => metric === bottleneck.cause);
    return effect && effect.elasticity !== 0 ? [{ bottleneck, up: effect.elasticity < 0 }] : [];
  });
  if (helped.length === 0) return [];
  const ways = new Set(helped.map(({ up }) => up));
  return [...ways].flatMap((up) =>
    valuesFor(knob, up).map((to) => {
      const relieved = helped.filter((one) => one.up === up).map(({ bottleneck }) => bottleneck);
      const action: Action = { kind: 'knob', knob: knob.name, from: knob.current, to, unit: knob.unit };
      return {
        id: `${knob.name}=${to}`,
        action,
        reason: `A ${up ? 'greater' : 'smaller'} ${knob.name} relieves ${namesOf(relieved)}.`,
        changesSemantics: knob.changesSemantics,
        relieves: relieved.map(({ limit }) => limit),
      };
    }),
  );
}

function valuesFor({ current, bounds }: Knob, up: boolean): readonly number[] {
  const { least, most, scale, integer } = bounds;
  const raw = KNOB_FACTORS.map((factor, i) => {
    if (scale === 'log' || current !== 0) return up ? current * factor : current / factor;
    return least + ((most - least) * (i + 1)) / KNOB_FACTORS.length;
  });
  const kept = raw.map((value) => Math.min(most, Math.max(least, integer ? Math.round(value) : value)));
  return [...new Set(kept)].filter((value) => (up ? value > current : value < current));
}

/** What is short, as people call it: `the mean latency and the CPU`; a limit of another name is quoted. */
function namesOf(bottlenecks: readonly Bottleneck[]): string {
  const names = bottlenecks.map(({ limit }) => (titleOf(limit) === limit ? `“${limit}”` : `the ${titleOf(limit)}`));
  const last = names.pop() ?? '';
  return names.length > 0 ? `${names.join(', ')} and ${last}` : last;
}
