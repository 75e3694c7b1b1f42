/**
 * `npm run proof:tuning [-- --runs N] [--of postgresql|redis] [--json]`: a setting of a real PostgreSQL and of a real Redis is
 * tuned under load, by interleaved blocks: to a value that is known to be better, to one that is worse, and to one that
 * changes nothing. The better one has to be found in every run, and the worse one accepted in none.
 */
import { parseArgs } from 'node:util';
import { continueInReaderNode } from '../../support/reader-node.ts';
import { Baskets } from './baskets.ts';
import { Orders } from './orders.ts';
import type { TunedCase, TunedStore } from './tuned-shop.ts';
import { TunedShop } from './tuned-shop.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    of: { type: 'string', default: 'postgresql,redis' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(flags.runs);
const stores: Readonly<Record<string, () => Promise<TunedStore>>> = { postgresql: Orders.start, redis: Baskets.start };

type Accepted = Readonly<Record<TunedCase['name'], number>>;

async function proof(start: () => Promise<TunedStore>): Promise<Accepted> {
  const accepted = { better: 0, worse: 0, equal: 0 };
  await using store = await start();
  await using shop = await TunedShop.open(store);
  const { name, unit } = store.knob.definition;
  console.log(`${name}, in ${unit}`);
  for (let run = 1; run <= runs; run++) {
    for (const each of store.cases) {
      if (await isAccepted(shop, store, each, String(run).padStart(3))) accepted[each.name]++;
    }
  }
  const { better, worse, equal } = accepted;
  console.log(`accepted: better ${better}, worse ${worse}, equal ${equal} of ${runs} each\n`);
  return accepted;
}

async function isAccepted(shop: TunedShop, { knob }: TunedStore, each: TunedCase, run: string): Promise<boolean> {
  const begun = performance.now();
  const { status, reason } = await shop.try(each);
  const { name, from, to } = each;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(
    `${run}  ${from.padStart(6)} to ${to.padEnd(6)} ${name.padEnd(6)} ${status} after ${seconds} s: ${reason}`,
  );
  const found = await knob.read();
  const expected = status === 'promoted' ? to : from;
  if (found !== expected) throw new Error(`It is ${found} after a trial that was ${status}, not ${expected}.`);
  return status === 'promoted';
}

const results: Record<string, Accepted> = {};
for (const name of flags.of.split(',')) {
  const start = stores[name];
  if (!start) throw new Error(`There is no ${name} here: --of takes ${Object.keys(stores).join(', ')}.`);
  results[name] = await proof(start);
}
if (flags.json) console.log(JSON.stringify({ runs, accepted: results }));
const fine = Object.values(results).every(({ better, worse }) => better === runs && worse === 0);
process.exitCode = fine ? 0 : 1;
