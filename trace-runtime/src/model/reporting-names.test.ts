import { expect, test } from 'vitest';
import { withoutReporting } from './reporting-names.ts';

test('what an instance reports by is taken out, and nothing else', () => {
  const environment = {
    PATH: '/bin',
    HINDCAST_OPS_TOKEN: 't',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_SERVICE_NAME: 'shop',
    NODE_OPTIONS: '--max-old-space-size=64 --require=/opt/hindcast/node-probe.cjs --enable-source-maps',
  };
  expect(withoutReporting(environment)).toEqual({
    PATH: '/bin',
    OTEL_SERVICE_NAME: 'shop',
    NODE_OPTIONS: '--max-old-space-size=64 --enable-source-maps',
  });
  expect(withoutReporting({ NODE_OPTIONS: '--require="/a b/node-probe.cjs"', HINDCAST_OPS_URL: 'u' })).toEqual({
    NODE_OPTIONS: '',
  });
});

test('an exporter of the program itself stays', () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  expect(withoutReporting(environment)).toEqual(environment);
});
