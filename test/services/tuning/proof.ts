/**
 * `npm run proof:tuning [-- --runs N] [--json]`: a real PostgreSQL's `work_mem` is tuned under load, by interleaved blocks:
 * from too little to enough, which is better; from enough to too little, which is worse; and from enough to a bit more,
 * which changes nothing. The better one has to be found in every run, and the worse one accepted in none.
 */
import { parseArgs } from 'node:util';
import { continueInReaderNode } from '../../support/reader-node.ts';
import { Postgresql } from '../support/postgresql.ts';
import { OrderShop } from './order-shop.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
});
const runs = Number(flags.runs);

const cases = [
  { name: 'better', from: '64', to: '65536' },
  { name: 'worse', from: '65536', to: '64' },
  { name: 'equal', from: '65536', to: '81920' },
] as const;
const accepted = { better: 0, worse: 0, equal: 0 };

await using postgresql = await Postgresql.start();
await using shop = await OrderShop.open(postgresql.connection);
for (let run = 1; run <= runs; run++) {
  for (const { name, from, to } of cases) {
    const begun = performance.now();
    const { status, reason } = await shop.try(from, to);
    if (status === 'promoted') accepted[name]++;
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(
      `${String(run).padStart(3)}  ${from.padStart(6)} kB to ${to.padEnd(6)} ${name.padEnd(6)} ${status} after ${seconds} s: ${reason}`,
    );
    const expected = status === 'promoted' ? to : from;
    const found = await shop.knob.read();
    if (found !== expected) throw new Error(`work_mem is ${found} after a trial that was ${status}, not ${expected}`);
  }
}
console.log(`accepted: better ${accepted.better}, worse ${accepted.worse}, equal ${accepted.equal} of ${runs} each`);
if (flags.json) console.log(JSON.stringify({ runs, accepted }));
process.exitCode = accepted.better === runs && accepted.worse === 0 ? 0 : 1;
