/** `hindcast ops demo`: a small service, three instances of it, load, a drift, a knob that helps, and a bad release. */
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { HindcastError, usage } from '../../../trace-runtime/src/base/errors.ts';
import { operationsFolder } from '../api/address.ts';
import { DaemonClient } from '../api/client.ts';
import { tellStory } from '../demo/story.ts';
import { CONFIGURATION_FILE, readConfiguration } from './configuration.ts';
import { attempt, startDaemon, untilTold } from './serve.ts';

const RATE = 120;

/** The exit code. */
export async function demo(args: readonly string[], hindcast: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = attempt(() =>
    parseArgs({ args: [...args], options: { data: text, rate: text, 'hands-off': { type: 'boolean' } } }),
  );
  const rate = values.rate === undefined ? RATE : Number(values.rate);
  if (!(rate > 0 && rate <= 5000)) throw usage(`--rate takes requests a second, up to 5000, not ${values.rate}.`);
  const fleet = copyExample(path.resolve('.hindcast', 'demo'));
  const configuration = readConfiguration(path.join(fleet, CONFIGURATION_FILE));
  const data = values.data === undefined ? operationsFolder(process.cwd()) : path.resolve(values.data);
  const daemon = await startDaemon({ configuration, data, hindcast });
  const stopping = new AbortController();
  const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
  const [managed] = daemon.operations.parts.managed;
  const story = tellStory({
    client: DaemonClient.find(data),
    service: managed!.settings.name,
    url: managed!.address,
    badRelease: path.join(fleet, 'release-2'),
    handsOff: values['hands-off'] === true,
    rate,
    say,
    signal: stopping.signal,
  });
  story.catch((error: Error) => {
    if (!stopping.signal.aborted) process.stderr.write(`hindcast: the demo cannot go on: ${error.message}\n`);
  });
  await untilTold();
  stopping.abort();
  await daemon[Symbol.asyncDispose]();
  return 0;
}

/** Where a person may change it; one that is there already stays as it is. */
function copyExample(folder: string): string {
  if (existsSync(folder)) return folder;
  const source = [path.join(__dirname, '..', '..', 'examples', 'fleet')].find((each) => existsSync(each));
  if (source === undefined) {
    throw new HindcastError('input-output', 'The example of this installation is missing.', 'Install Hindcast again.');
  }
  cpSync(source, folder, { recursive: true });
  return folder;
}
