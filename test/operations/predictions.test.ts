/** Decisions that a daemon kept, asked for over its API and in the command line. */
import { expect, test } from 'vitest';
import type {
  CalibrationState,
  ForecastState,
  PredictionReplay,
  Predictions,
} from '../../operational-loop/src/api/messages.ts';
import { json } from '../cli/kit.ts';
import { Daemon, load, until } from './kit.ts';

test('a kept decision is made again and comes out the same, also by the next daemon; what was given waits for its outcome', async () => {
  await using daemon = new Daemon();
  await daemon.start();
  const service = await daemon.until(({ services }) => services.find(({ instances }) => instances.length === 3));
  using requests = load(service.address!, 60);
  await until(() => (requests.statuses.length > 60 ? true : undefined));
  const decided = await until(async () => {
    const { predictions } = await daemon.client.get<Predictions>('/v1/predictions?service=catalogue&limit=5');
    return predictions.at(0);
  });
  expect(decided).toMatchObject({ service: 'catalogue', chosen: expect.any(String) });

  const replay = (): Promise<PredictionReplay> => daemon.client.get(`/v1/predictions/${decided.id}/replay`);
  expect(await replay()).toEqual({ state: 'same', chosen: decided.chosen });
  await daemon.stop();
  await daemon.start();
  expect(await replay()).toEqual({ state: 'same', chosen: decided.chosen });
  expect(daemon.run('ops', 'replay', String(decided.id)).stdout).toContain('comes out the same');
  await expect(daemon.client.get('/v1/predictions/999999/replay')).rejects.toThrow('There is no decision 999999');

  const { kinds } = await daemon.client.get<CalibrationState>('/v1/calibration');
  expect(kinds.find(({ kind }) => kind === 'forecast')?.pending).toBeGreaterThan(0);
  expect(json<CalibrationState>(daemon.run('ops', 'calibration', '--json')).kinds).toEqual(kinds);

  const forecast = await daemon.client.get<ForecastState>('/v1/services/catalogue/forecast?signal=latencyMean');
  expect(forecast.risk?.violationProbability).toBeGreaterThanOrEqual(0);
  expect(forecast.risk?.violationProbability).toBeLessThanOrEqual(1);
  expect(forecast.risk?.expectedCost).toEqual({ acting: expect.any(Number), notActing: expect.any(Number) });
});
