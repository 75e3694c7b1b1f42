import { expect, test } from 'vitest';
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import { defaults, parseConfiguration } from './configuration.ts';

function fault(text: string): string {
  try {
    parseConfiguration(text, '/project/hindcast-ops.yaml');
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(HindcastError);
    return (error as HindcastError).message;
  }
}

test('an empty file means the defaults', () => {
  expect(parseConfiguration('', '/project/hindcast-ops.yaml')).toEqual(defaults);
});

test('a service that the daemon runs', () => {
  const { services, acts } = parseConfiguration(
    `
    acts: true
    services:
      shop:
        command: node server.js --fast
        folder: shop
        instances: 3
        listen: 8080
        settings: {CACHE_SIZE: 100}
        record: failures
        gates: [fixed]
        steps: [{weight: 10, seconds: 5}, {weight: 50}]
        limits: {latencyP99: 0.25}
        knobs:
          CACHE_SIZE: {least: 10, most: 10000, unit: entries, allowed: true}
          MODE: {values: [fast, safe], changesSemantics: true}
    `,
    '/project/hindcast-ops.yaml',
  );
  expect(acts).toBe(true);
  expect(services[0]?.managed).toMatchObject({
    command: ['node', 'server.js', '--fast'],
    folder: '/project/shop',
    instances: 3,
    settings: { CACHE_SIZE: '100' },
    proxy: { host: '127.0.0.1', port: 8080 },
    record: true,
    gates: ['fixed'],
    steps: [
      { weight: 10, least: 5000 },
      { weight: 50, least: 30_000 },
      { weight: 100, least: 0 },
    ],
  });
  expect(services[0]?.limits).toEqual([{ signal: 'latencyP99', atMost: 0.25 }]);
  expect(services[0]?.knobs).toMatchObject([
    { name: 'CACHE_SIZE', allowed: true, bounds: { kind: 'range', least: 10, most: 10_000 } },
    { name: 'MODE', allowed: false, changesSemantics: true, bounds: { kind: 'choices', values: ['fast', 'safe'] } },
  ]);
});

test('what is wrong is named, with what would be right', () => {
  expect(fault('services: [1]')).toContain('services is [1]. Give fields by name for services.');
  expect(fault('colour: red')).toContain('there is no field colour. Fields there are ');
  expect(fault('services: {a: {colour: red}}')).toMatch(
    /Fields there are command, .*folder, .*instances, .*steps, workload/,
  );
  expect(fault('services: {a: {knobs: {b: {values: [c], colour: red}}}}')).toMatch(
    /Fields there are .*at, .*least, .*whole/,
  );
  expect(fault('services: {a: {scrape: [x]}}')).toContain('Give URLs such as http://127.0.0.1:9100/metrics, not x');
  expect(fault('services: {a: {limits: {speed: 1}}}')).toContain('one of traffic, errorRatio');
  expect(fault('port: 70000')).toContain('port is 70000. Give a number from 0 to 65535 for port.');
  expect(fault('a: [')).toContain('it has to be YAML');
});
