import { expect, test } from 'vitest';
import type { ProposalState } from '../../../operational-loop/src/api/messages.ts';
import type { KnobDefinition } from '../../../operational-loop/src/model/knob.ts';
import type { OperationsAction } from '../../../webview-ui/src/operations/messages.ts';
import { questionsOf, requestOf } from './actions.ts';
import { stateAt } from '../../../test/support/served-daemon.ts';

const definition: KnobDefinition = {
  id: 'checkout/CACHE',
  target: 'node',
  service: 'checkout',
  name: 'CACHE',
  unit: 'entries',
  bounds: { kind: 'range', least: 10, most: 1000, whole: true },
  applied: 'restart',
  changesSemantics: false,
  allowed: true,
  description: '',
};
const proposal: ProposalState = {
  id: 'p 1',
  service: 'checkout',
  change: { kind: 'knob', knob: 'checkout/CACHE', value: '400' },
  reason: 'It is too small.',
  proposedAt: 0,
  state: 'open',
  recommendation: undefined,
  effects: [],
};
const state = stateAt(1, { proposals: [proposal], knobs: [{ definition, desired: '100' }] });

function check(action: OperationsAction, words: string | undefined, path: string, body: object): void {
  expect(requestOf(action, 'ana', words)).toEqual({ path, body });
}

test('each action is a request that says who asks', () => {
  const by = 'ana';
  check({ kind: 'apply', proposal: 'p 1', strategy: 'canary' }, undefined, '/v1/proposals/p%201/apply', {
    strategy: 'canary',
    by,
  });
  check({ kind: 'override', proposal: 'p' }, '256', '/v1/proposals/p/override', { value: '256', by });
  check({ kind: 'dismiss', proposal: 'p' }, undefined, '/v1/proposals/p/reject', { by });
  check({ kind: 'pin', knob: 'checkout/CACHE' }, undefined, '/v1/knobs/checkout%2FCACHE/pin', { by });
  check({ kind: 'resume', rollout: 'r' }, undefined, '/v1/rollouts/r/resume', { by });
  check({ kind: 'acknowledge', alert: 'a' }, undefined, '/v1/alerts/a/acknowledge', { by });
  check({ kind: 'describe', signature: 7, what: 'fix' }, 'restarted it', '/v1/signatures/7', { fix: 'restarted it' });
});

test('what changes a running service is confirmed, and what does not is not', () => {
  const kinds = (action: OperationsAction): readonly string[] => questionsOf(action, state).map(({ kind }) => kind);
  expect(kinds({ kind: 'apply', proposal: 'p 1', strategy: 'blue-green' })).toEqual(['confirm']);
  expect(kinds({ kind: 'override', proposal: 'p 1' })).toEqual(['words']);
  expect(kinds({ kind: 'pause', rollout: 'r' })).toEqual([]);
  expect(kinds({ kind: 'pin', knob: 'checkout/CACHE' })).toEqual([]);
});

test('a change is named before it is applied', () => {
  const [question] = questionsOf({ kind: 'apply', proposal: 'p 1', strategy: 'canary' }, state);
  expect(question).toMatchObject({ text: 'Apply to checkout: CACHE from 100 to 400 entries?', button: 'Apply' });
});

test('a value in place of the recommended one has to be within the knob’s bounds', () => {
  const [question] = questionsOf({ kind: 'override', proposal: 'p 1' }, state);
  if (question?.kind !== 'words') throw new Error('It asks for no value.');
  expect(question.value).toBe('400');
  expect(question.prompt).toContain('10 to 1000 entries');
  expect(question.fault('256')).toBeUndefined();
  expect(question.fault('5')).toContain('checkout/CACHE takes whole numbers from 10 to 1000 entries, not 5');
});
