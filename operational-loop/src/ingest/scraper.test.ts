import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CollectedSamples } from '../../../test/support/collected-samples.ts';
import { systemClock } from '../model/time.ts';
import { Scraper, type ScrapeLimits } from './scraper.ts';

/** Scrapes a service that answers with `listener`, until `done`. */
async function scrape(
  listener: RequestListener,
  done: (samples: CollectedSamples, scraper: Scraper) => boolean,
  limits: Partial<ScrapeLimits> = {},
): Promise<{ samples: CollectedSamples; status: ReturnType<Scraper['status']>[number] }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const samples = new CollectedSamples();
  using scraper = new Scraper(samples, systemClock, limits);
  scraper.setTargets([{ url, service: 'shop', instance: 'shop-1', interval: 20, labels: { environment: 'test' } }]);
  try {
    while (!done(samples, scraper)) await sleep(5);
    const [status] = scraper.status();
    if (status === undefined) throw new Error('there is no target');
    return { samples, status };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const labels = { service: 'shop', instance: 'shop-1', environment: 'test' };

test('samples come at each interval with the target’s labels; labels of the same name are kept as exported', async () => {
  let asked = 0;
  const { samples, status } = await scrape(
    (_, response) => response.end(`# TYPE a counter\na{service="other",b="c"} ${++asked}\n`),
    (found) => found.values('up').length >= 3,
  );
  const counts = samples.values('a', { ...labels, exported_service: 'other', b: 'c' });
  expect(counts.slice(0, 3)).toEqual([1, 2, 3]);
  expect(samples.values('up', labels).slice(0, 3)).toEqual([1, 1, 1]);
  expect(status).toMatchObject({ up: true, samples: 1 });
});

test('a service that fails is marked as down with the reason, and asked less often', async () => {
  let asked = 0;
  const begun = performance.now();
  const { samples, status } = await scrape(
    (_, response) => {
      asked++;
      response.writeHead(500).end();
    },
    (found) => found.values('up').length >= 5,
  );
  expect(samples.values('up')).toEqual(Array(asked).fill(0));
  // 1, 2, 4 and 8 intervals
  expect(performance.now() - begun).toBeGreaterThan(20 * (1 + 2 + 4 + 8) * 0.75);
  expect(status).toMatchObject({ up: false, problem: 'It answers with status 500.' });
});

test('an answer that is too large or too late is given up', async () => {
  const large = await scrape(
    (_, response) => response.end('a 1\n'.repeat(1000)),
    (found) => found.values('up').length > 0,
    { bytes: 1000 },
  );
  expect(large.status.problem).toContain('larger than 1000 bytes');
  const late = await scrape(
    () => {},
    (found) => found.values('up').length > 0,
    { timeout: 50 },
  );
  expect(late.status.problem).toBe('It does not answer in time.');
});

test('targets that are no longer listed are left alone', async () => {
  let asked = 0;
  await scrape(
    (_, response) => response.end(`a ${++asked}\n`),
    (found, scraper) => {
      if (found.values('up').length > 0) scraper.setTargets([]);
      return found.values('up').length > 0 && scraper.status().length === 0;
    },
  ).catch(() => undefined);
  const before = asked;
  await sleep(80);
  expect(asked).toBe(before);
});
