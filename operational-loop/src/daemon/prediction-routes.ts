/** Decisions as they were stored, made again; and whether the probabilities given came true. */
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import type { CalibrationState, PredictionReplay, Predictions } from '../api/messages.ts';
import { replayPrediction } from '../predict/replay.ts';
import type { Route } from './http-server.ts';
import type { Operations } from './operations.ts';
import { limitOf } from './routes.ts';

export function predictionRoutes({ parts: { keeper, probabilities } }: Operations): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/predictions',
      answer: ({ query }) => {
        const predictions = keeper.list(query.get('service') ?? undefined, limitOf(query));
        return { json: { predictions } satisfies Predictions };
      },
    },
    {
      method: 'GET',
      path: '/v1/predictions/:id/replay',
      answer: ({ parameters: { id } }) => {
        const stored = keeper.stored(id!);
        if (stored === undefined) throw usage(`There is no decision ${id}: \`hindcast ops decisions\` lists them.`);
        return { json: replayed(stored) };
      },
    },
    {
      method: 'GET',
      path: '/v1/calibration',
      answer: () => ({ json: probabilities.calibration() satisfies CalibrationState }),
    },
  ];
}

function replayed(stored: string): PredictionReplay {
  const replay = replayPrediction(stored);
  if (replay.state === 'unreadable') return replay;
  const { chosen } = replay.prediction.steps.choice;
  return replay.state === 'same'
    ? { state: 'same', chosen }
    : { state: 'different', chosen, differences: replay.differences };
}
