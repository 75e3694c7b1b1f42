/**
 * What is killed: a tuner with the in-process proxy and real instances. `daemon FOLDER PORT IMAGE KILL_AT` recovers, rolls
 * IMAGE (a configuration as JSON, or `none`) out, and kills itself by SIGKILL at the journal's write number KILL_AT, counted
 * from the beginning of the rollout, or with IMAGE `none` from the beginning of the recovery. Prints a JSON line an event.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ProcessLauncher } from '../../../operational-loop/src/daemon/process-launcher.ts';
import { systemClock } from '../../../operational-loop/src/model/time.ts';
import { Database } from '../../../operational-loop/src/store/sqlite.ts';
import { ProxyPort } from '../../../operational-loop/src/tuning/traffic/proxy.ts';
import { Tuner } from '../../../operational-loop/src/tuning/tuner.ts';

const [folder = '', port = '', image = 'none', killAt = '0'] = process.argv.slice(2);
const say = (line: object): void => console.log(JSON.stringify(line));

const database = new Database(path.join(folder, 'ops.sqlite'));
const traffic = await ProxyPort.listen(
  { host: '127.0.0.1', port: Number(port), slots: ['blue', 'green'] },
  systemClock,
);
const program = path.join(process.env['HINDCAST_REPOSITORY'] ?? '', 'test/operations/rollouts/service.mjs');
const launcher = new ProcessLauncher({
  database,
  logs: path.join(folder, 'logs'),
  ready: undefined,
  launch: (id, _service, { configuration }) => ({
    command: [process.execPath, program],
    folder,
    env: { ...process.env, ...configuration, HINDCAST_OPS_INSTANCE: id, LEDGER: path.join(folder, 'ledger') },
    recordingFile: undefined,
  }),
});
const first = { build: 'service', configuration: { VERSION: '0' } };
const tuner = new Tuner({
  database,
  services: [{ name: 'shop', traffic, launcher, replicas: 2, image: first }],
  knobs: [],
  clock: systemClock,
  // Few requests are enough: what is proved here is not the judge.
  judge: { alpha: 0.01, beta: 0.05, latencyMargin: 5, errorMargin: 0.2 },
});

let writes = 0;
let counts = image === 'none';
tuner.on((event) => {
  if (event.kind !== 'journal' || !counts) return;
  writes++;
  if (writes === Number(killAt)) process.kill(process.pid, 'SIGKILL');
});
await tuner.recover();
// Too long for a pipe that has to be read before the writer is killed.
const found = { recovered: await tuner.state(), journal: tuner.history(10_000) };
writeFileSync(path.join(folder, 'recovered.json'), JSON.stringify(found));
say({ recovered: true });
if (image !== 'none') {
  counts = true;
  const configuration = JSON.parse(image) as Record<string, string>;
  const change = { kind: 'image', image: { build: 'service', configuration } } as const;
  const proposal = tuner.recommend({ service: 'shop', change, reason: 'It is to be killed.' });
  const steps = [10, 50, 100].map((weight) => ({ weight, least: 100 }));
  const { id } = await tuner.apply(proposal.id, { strategy: 'canary', steps, by: 'proof' });
  say({ begun: id });
  const finished = await tuner.finished(id);
  say({ finished: finished.status, reason: finished.reason, writes });
}
await new Promise(() => undefined);
