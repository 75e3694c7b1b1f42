import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { mase, seasonalScale, smape } from '../../operational-loop/src/forecast/accuracy.ts';
import { seasonalNaive } from '../../operational-loop/src/forecast/seasonal-naive.ts';
import { readSeries } from '../bench/m4.ts';
import { Random } from '../support/random.ts';

const script = fileURLToPath(new URL('seasonal-naive.awk', import.meta.url));

/** A file as the M4 competition has them: shorter series end in empty cells. */
function csv(lengths: readonly number[], random: Random): string {
  const widest = Math.max(...lengths);
  const lines = lengths.map((length, i) => {
    const cells = Array.from({ length: widest }, (_, t) =>
      t < length ? `"${100 + random.below(900) / 10 + 40 * Math.sin(t / 4)}"` : '',
    );
    return [`"H${i + 1}"`, ...cells].join(',');
  });
  return `${['"V1"', ...Array.from({ length: widest }, (_, i) => `"V${i + 2}"`)].join(',')}\n${lines.join('\n')}\n`;
}

test('seasonal naive and its measures agree with a calculation in another language', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-naive-'));
  try {
    const random = new Random(12);
    const [train, actual] = [csv([60, 75, 49, 120, 100], random), csv([48, 48, 48, 48, 48], random)];
    const files = [path.join(folder, 'train.csv'), path.join(folder, 'test.csv')] as const;
    writeFileSync(files[0], train);
    writeFileSync(files[1], actual);
    const [series, awkSmape, awkMase] = execFileSync('awk', ['-f', script, ...files], { encoding: 'utf8' })
      .trim()
      .split(' ')
      .map(Number);
    const coming = readSeries(actual);
    const measured = readSeries(train).map(({ values }, i) => {
      const naive = seasonalNaive(values, 24, 48);
      const came = coming[i]!.values;
      return { smape: smape(came, naive), mase: mase(came, naive, seasonalScale(values, 24)) };
    });
    expect(series).toBe(5);
    expect(measured.reduce((sum, row) => sum + row.smape / 5, 0)).toBeCloseTo(awkSmape!, 8);
    expect(measured.reduce((sum, row) => sum + row.mase / 5, 0)).toBeCloseTo(awkMase!, 8);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
