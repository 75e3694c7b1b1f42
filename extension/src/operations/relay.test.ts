import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import type { OperationsHostMessage, OperationsPanelMessage } from '../../../webview-ui/src/operations/messages.ts';
import type { Question } from './actions.ts';
import { OperationsRelay } from './relay.ts';
import { FolderOfWork, stateAt } from '../../../test/support/served-daemon.ts';

let work: FolderOfWork;
beforeEach(() => {
  work = new FolderOfWork();
});
afterEach(() => work[Symbol.asyncDispose]());

const rollout: RolloutState = {
  id: 'r1',
  proposal: 'p',
  service: 'checkout',
  change: { kind: 'image', image: { build: 'release-2', configuration: {} } },
  strategy: 'canary',
  status: 'running',
  steps: [],
  step: 0,
  weight: 10,
  by: 'ana',
  startedAt: 0,
};

/** A relay in front of which a person gives these answers, one after the other. */
async function relayTo(answers: (string | undefined)[] = []) {
  const followed = work.follow();
  await followed.reach('connected');
  const asked: Question[] = [];
  const did: string[] = [];
  const relay = new OperationsRelay(followed.connection, {
    user: 'ana',
    ask: async (question) => {
      asked.push(question);
      return answers.shift();
    },
    run: (command) => did.push(command),
    openExemplar: (exemplar) => did.push(`${exemplar.recording}#${exemplar.case}`),
    openRecording: (recording) => did.push(recording),
  });
  const hear = async (message: unknown): Promise<readonly OperationsHostMessage[]> => {
    const said: OperationsHostMessage[] = [];
    await relay.hear(message as OperationsPanelMessage, (each) => said.push(each));
    return said;
  };
  return { hear, asked, did };
}

test('a panel that listens is told how things stand', async () => {
  await work.serve({ state: stateAt(7) });
  const { hear } = await relayTo();
  expect(await hear({ kind: 'ready' })).toEqual([
    { kind: 'connection', connection: { state: 'connected', folder: work.folder } },
    { kind: 'state', state: stateAt(7) },
  ]);
});

test('its questions are passed on, and the daemon’s refusal is said', async () => {
  await work.serve({
    routes: [
      {
        method: 'GET',
        path: '/v1/services/:name/forecast',
        answer: ({ parameters, query }) => ({ json: { service: parameters['name'], signal: query.get('signal') } }),
      },
    ],
  });
  const { hear } = await relayTo();
  const args = { service: 'a/b', signal: 'traffic' };
  expect(await hear({ kind: 'request', id: 1, query: 'forecast', args })).toEqual([
    { kind: 'response', id: 1, body: args },
  ]);
  expect(await hear({ kind: 'request', id: 2, query: 'history', args: { limit: 5 } })).toEqual([
    { kind: 'response', id: 2, error: expect.stringContaining('There is no /v1/history.') },
  ]);
});

test('what a panel cannot ask for is refused, and a command that is not its own is not run', async () => {
  await work.serve();
  const { hear, did } = await relayTo();
  expect(await hear({ kind: 'request', id: 1, query: 'toString', args: {} })).toEqual([
    { kind: 'response', id: 1, error: 'The panel does not ask for toString.' },
  ]);
  await hear({ kind: 'run', command: 'workbench.action.quit' });
  await hear({ kind: 'run', command: 'hindcast.operations.demo' });
  expect(did).toEqual(['hindcast.operations.demo']);
});

test('what changes a service is done once it was confirmed, and not where that was cancelled', async () => {
  const posted: unknown[] = [];
  await work.serve({
    state: stateAt(1, { rollouts: [rollout] }),
    routes: [
      {
        method: 'POST',
        path: '/v1/rollouts/:id/roll-back',
        answer: async (request) => {
          posted.push([request.parameters['id'], await request.json()]);
          return {};
        },
      },
    ],
  });
  const { hear, asked } = await relayTo([undefined, '']);
  const act = { kind: 'act', id: 1, action: { kind: 'roll-back', rollout: 'r1' } };
  expect(await hear(act)).toEqual([{ kind: 'response', id: 1, body: 'cancelled' }]);
  expect(posted).toEqual([]);
  expect(await hear(act)).toEqual([{ kind: 'response', id: 1, body: 'done' }]);
  expect(posted).toEqual([['r1', { by: 'ana', reason: 'ana asked for it in the editor.' }]]);
  expect(asked.map((question) => question.kind === 'confirm' && question.text)).toEqual([
    'Roll checkout back?',
    'Roll checkout back?',
  ]);
});

test('an action on what the daemon no longer knows says so', async () => {
  await work.serve();
  const { hear } = await relayTo(['']);
  expect(await hear({ kind: 'act', id: 1, action: { kind: 'roll-back', rollout: 'gone' } })).toEqual([
    { kind: 'response', id: 1, error: 'This rollout is no longer known to the daemon.' },
  ]);
});
