/**
 * `npm run proof:same-trace [-- FILE…] [--node PATH]`: each program recorded fully, and recorded lightly and executed again:
 * both have the same events. Without files: the oracle's programs. One that is not deterministic differs between two full
 * recordings already; it is named and not counted.
 */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { firstOther, isDeterministic } from './same-trace.ts';

continueInReaderNode();
const root = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: 'string', default: programNode } },
});
const folder = path.join(root, 'test/oracle/programs');
const all = readdirSync(folder).filter((name) => /\.m?js$/.test(name));
const files =
  positionals.length > 0 ? positionals.map((file) => path.resolve(file)) : all.map((name) => path.join(folder, name));
const total = { programs: 0, equal: 0, events: 0, notDeterministic: 0 };
for (const file of files) {
  const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-same-')));
  const options = { root, cwd: path.dirname(file), scratch };
  const command = [values.node, file];
  try {
    const { events, other } = await firstOther(command, options);
    total.programs++;
    total.events += events;
    if (other === undefined) total.equal++;
    else if (await isDeterministic(command, options)) console.log(`${path.basename(file)}: ${other.slice(0, 600)}`);
    else total.notDeterministic++;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
const { programs, equal, events, notDeterministic } = total;
console.log(`${programs} programs, ${events} events: ${equal} equal, ${notDeterministic} not deterministic`);
process.exitCode = equal + notDeterministic === programs && programs > 0 ? 0 : 1;
