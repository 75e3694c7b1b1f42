/** What a person does in the operations view, as the daemon is asked to do it, and what they are asked before. */
import type { OperationsState, ProposalState } from '../../../operational-loop/src/api/messages.ts';
import { outOfBounds, type KnobDefinition } from '../../../operational-loop/src/model/knob.ts';
import type { Change, Strategy } from '../../../operational-loop/src/model/rollout.ts';
import type { OperationsAction } from '../../../webview-ui/src/operations/messages.ts';

/** Asked in the editor before it is done. */
export type Question =
  | { readonly kind: 'confirm'; readonly text: string; readonly detail: string; readonly button: string }
  | {
      readonly kind: 'words';
      readonly title: string;
      readonly prompt: string;
      readonly value: string;
      /** what is wrong with an answer; undefined: nothing */
      readonly fault: (answer: string) => string | undefined;
    };

export interface ActionRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
}

/** What is asked one after the other; the answer to the one in words is what `requestOf` is given. */
export function questionsOf(action: OperationsAction, state: OperationsState): readonly Question[] {
  switch (action.kind) {
    case 'apply':
      return [confirmApply(state, proposalOf(state, action.proposal), action.strategy)];
    case 'override':
      return [askValue(state, proposalOf(state, action.proposal))];
    case 'resume':
    case 'roll-back':
      return [confirmRollout(action.kind, action.rollout, state)];
    case 'describe':
      return [askWords(action)];
    case 'dismiss':
    case 'pin':
    case 'unpin':
    case 'pause':
    case 'acknowledge':
      return [];
  }
}

/** `by`: who asks. `words`: what was answered to the question in words. */
export function requestOf(action: OperationsAction, by: string, words = ''): ActionRequest {
  switch (action.kind) {
    case 'apply':
      return { path: pathOf('proposals', action.proposal, 'apply'), body: { strategy: action.strategy, by } };
    case 'override':
      return { path: pathOf('proposals', action.proposal, 'override'), body: { value: words, by } };
    case 'dismiss':
      return { path: pathOf('proposals', action.proposal, 'reject'), body: { by } };
    case 'pin':
    case 'unpin':
      return { path: pathOf('knobs', action.knob, action.kind), body: { by } };
    case 'pause':
    case 'roll-back':
      return {
        path: pathOf('rollouts', action.rollout, action.kind),
        body: { by, reason: `${by} asked for it in the editor.` },
      };
    case 'resume':
      return { path: pathOf('rollouts', action.rollout, action.kind), body: { by } };
    case 'acknowledge':
      return { path: pathOf('alerts', action.alert, 'acknowledge'), body: { by } };
    case 'describe':
      return { path: pathOf('signatures', String(action.signature)), body: { [action.what]: words } };
  }
}

/** `cache size from 64 to 256 MiB`, `build sha256:1f0c` */
export function changeText(change: Change, state: OperationsState): string {
  if (change.kind === 'image') return `build ${change.image.build}`;
  const { definition, from } = knobOf(state, change.knob);
  const unit = definition && definition.unit !== '' ? ` ${definition.unit}` : '';
  return `${definition?.name ?? change.knob} ${from === undefined ? '' : `from ${from} `}to ${change.value}${unit}`;
}

function pathOf(...parts: readonly string[]): string {
  return `/v1/${parts.map(encodeURIComponent).join('/')}`;
}

function confirmApply(state: OperationsState, proposal: ProposalState, strategy: Strategy): Question {
  const { service, reason, change } = proposal;
  const way =
    strategy === 'canary'
      ? 'A canary gets a growing share of the requests. It is rolled back by itself as soon as it is found to be worse.'
      : 'A second set of instances takes all requests at once. It is rolled back by itself as soon as it is found to be worse.';
  return {
    kind: 'confirm',
    text: `Apply to ${service}: ${changeText(change, state)}?`,
    detail: `${reason}\n\n${way}`,
    button: 'Apply',
  };
}

function confirmRollout(kind: 'resume' | 'roll-back', id: string, state: OperationsState): Question {
  const rollout = state.rollouts.find((each) => each.id === id);
  if (!rollout) throw new Error('This rollout is no longer known to the daemon.');
  const what = `${rollout.service}: ${changeText(rollout.change, state)}`;
  return kind === 'resume'
    ? {
        kind: 'confirm',
        text: `Resume the rollout of ${rollout.service}?`,
        detail: `${what}. It goes on with ${rollout.weight} % of the requests.`,
        button: 'Resume',
      }
    : {
        kind: 'confirm',
        text: `Roll ${rollout.service} back?`,
        detail: `${what}. All requests go to what ran before.`,
        button: 'Roll Back',
      };
}

function askValue(state: OperationsState, proposal: ProposalState): Question {
  if (proposal.change.kind !== 'knob') throw new Error('Only a setting takes another value.');
  const { definition } = knobOf(state, proposal.change.knob);
  return {
    kind: 'words',
    title: `${definition?.name ?? proposal.change.knob} of ${proposal.service}`,
    prompt: `The value to apply${definition ? `: ${boundsText(definition)}` : ''}. A canary tries it first.`,
    value: proposal.change.value,
    fault: (answer) => (definition ? outOfBounds(definition, answer) : undefined),
  };
}

function boundsText({ bounds, unit }: KnobDefinition): string {
  if (bounds.kind === 'choices') return bounds.values.join(', ');
  return `${bounds.least} to ${bounds.most} ${unit}`.trim();
}

const WORDS = {
  name: 'What is it? Drifts that look like it are called by this name.',
  outcome: 'What became of it, such as: restarted, rolled back, went away by itself',
  fix: 'What made it go away?',
} as const;

function askWords({ what }: Extract<OperationsAction, { kind: 'describe' }>): Question {
  return { kind: 'words', title: `The signature's ${what}`, prompt: WORDS[what], value: '', fault: () => undefined };
}

function proposalOf(state: OperationsState, id: string): ProposalState {
  const proposal = state.proposals.find((each) => each.id === id);
  if (!proposal) throw new Error('This recommendation is no longer known to the daemon.');
  return proposal;
}

function knobOf(
  state: OperationsState,
  id: string,
): { readonly definition: KnobDefinition | undefined; readonly from: string | undefined } {
  const knob = state.knobs.find(({ definition }) => definition.id === id);
  return { definition: knob?.definition, from: knob?.desired ?? knob?.observed };
}
