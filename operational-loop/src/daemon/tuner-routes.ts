/** What people tell the tuner. */
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import type { RolloutState } from '../model/rollout.ts';
import type { ApiAnswer, ApiRequest, Route } from './http-server.ts';
import type { Operations } from './operations.ts';
import { refusable, textOf } from './routes.ts';

const REMEDY = '`hindcast ops recommendations`, `ops rollouts` and `ops knobs` show how things stand.';

type Told = (id: string, body: Readonly<Record<string, unknown>>, by: string) => unknown;

export function tunerRoutes(operations: Operations): readonly Route[] {
  const { tuner } = operations.parts;
  const route = (path: string, told: Told): Route => ({
    method: 'POST',
    path,
    answer: async ({ parameters, json }: ApiRequest): Promise<ApiAnswer> => {
      const body = await json();
      const result = await refusable(REMEDY, () => told(parameters['id']!, body, textOf(body, 'by')));
      return result === undefined ? {} : { json: result };
    },
  });
  return [
    route('/v1/proposals/:id/apply', (id, body, by) => applied(operations, id, body, by)),
    route('/v1/proposals/:id/reject', (id, _, by) => tuner.reject(id, by)),
    route('/v1/proposals/:id/override', (id, body, by) => operations.overrideProposal(id, textOf(body, 'value'), by)),
    route('/v1/knobs/:id/set', (id, body, by) => tuner.override(id, textOf(body, 'value'), by)),
    route('/v1/knobs/:id/pin', (id, _, by) => tuner.pin(id, by)),
    route('/v1/knobs/:id/unpin', (id, _, by) => tuner.unpin(id, by)),
    route('/v1/rollouts/:id/pause', (id, _, by) => tuner.pause(id, by)),
    route('/v1/rollouts/:id/resume', (id, _, by) => tuner.resume(id, by)),
    route('/v1/rollouts/:id/roll-back', (id, body, by) => {
      const reason = typeof body['reason'] === 'string' ? body['reason'] : `${by} asked for it.`;
      return tuner.rollBack(id, reason, by);
    }),
    route('/v1/services/:id/roll-out', (id, body, by) => operations.rollOut(id, body, by)),
  ];
}

async function applied(
  operations: Operations,
  id: string,
  { strategy = 'canary' }: Readonly<Record<string, unknown>>,
  by: string,
): Promise<RolloutState> {
  if (strategy !== 'canary' && strategy !== 'blue-green') throw usage('strategy is canary or blue-green.');
  const steps = strategy === 'canary' ? await operations.stepsOfProposal(id) : [];
  return operations.parts.tuner.apply(id, { strategy, by, ...(steps.length > 0 ? { steps } : {}) });
}
