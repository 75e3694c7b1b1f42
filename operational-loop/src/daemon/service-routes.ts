/** What is asked of one service: its signals over time, forecasts, its gate; and what it says of itself. */
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import type { GateState, InstanceStarted, SignalHistory } from '../api/messages.ts';
import type { SignalName } from '../model/signals.ts';
import type { Milliseconds } from '../model/time.ts';
import { forecastOf } from './forecasts.ts';
import type { ApiRequest, Route } from './http-server.ts';
import type { Operations } from './operations.ts';
import { signalIn, textOf } from './routes.ts';

const POINTS = 240;
const SHORTEST: Milliseconds = 1000;
const USUAL: Milliseconds = 15 * 60_000;

export function serviceRoutes(operations: Operations): readonly Route[] {
  const { register, objectives, keeper } = operations.parts;
  return [
    {
      method: 'GET',
      path: '/v1/services/:name/forecast',
      answer: ({ parameters: { name }, query }) => {
        operations.checkWatched(name!);
        const limits = operations.limitsOf(name!);
        return { json: forecastOf(operations.sources, name!, signalIn(query), limits) };
      },
    },
    {
      method: 'GET',
      path: '/v1/services/:name/signals',
      answer: ({ parameters: { name }, query }) => ({ json: signalHistory(operations, name!, signalIn(query), query) }),
    },
    {
      method: 'GET',
      path: '/v1/services/:name/gate',
      answer: ({ parameters: { name } }) => {
        operations.checkWatched(name!);
        return { json: objectives.gate(name!) satisfies GateState };
      },
    },
    {
      method: 'GET',
      path: '/v1/services/:name/prediction',
      answer: ({ parameters: { name } }) => ({ json: keeper.latest(name!) ?? null }),
    },
    { method: 'POST', path: '/v1/instances', answer: async (request) => started(operations, request) },
    {
      method: 'POST',
      path: '/v1/instances/:service/:id/ended',
      answer: ({ parameters: { service, id } }) => {
        register.ended(service!, id!);
        return {};
      },
    },
  ];
}

async function started({ parts: { register } }: Operations, { json }: ApiRequest) {
  const body = (await json()) as Partial<InstanceStarted>;
  const { image, pid } = body;
  if (typeof pid !== 'number' || typeof image?.build !== 'string') throw usage('The body needs a pid and an image.');
  register.add({
    ...body,
    service: textOf(body, 'service'),
    id: textOf(body, 'id'),
    environment: body.environment ?? 'development',
    image: { build: image.build, configuration: image.configuration ?? {} },
    pid,
  });
  return {};
}

/** About `POINTS` steps; of each instance, so that one that is away from the others is seen. */
function signalHistory(
  { sources: { reader, clock } }: Operations,
  service: string,
  signal: SignalName,
  query: URLSearchParams,
): SignalHistory {
  const now = clock.now();
  const to = Number(query.get('to') ?? now);
  const from = Number(query.get('from') ?? to - USUAL);
  if (!(to > from)) throw usage('to has to be later than from.');
  const step = STEPS.find((each) => (to - from) / each <= POINTS) ?? STEPS.at(-1)!;
  const range = { from: Math.floor(from / step) * step, to: Math.floor(to / step) * step, step };
  const instances = reader.instances(service, from).map((id) => {
    const { values } = reader.column(service, id, signal, range);
    return { id, values: [...values].map((value) => (Number.isNaN(value) ? null : value)) };
  });
  const { times } = reader.column(service, undefined, signal, range);
  return { service, signal, times: [...times], instances };
}

const STEPS: readonly Milliseconds[] = [SHORTEST, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000, 86_400_000];
