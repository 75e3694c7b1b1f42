/** What happens in the example: a fleet learns what is usual, one instance drifts, a knob helps, a release is bad. */
import type { DaemonClient } from '../api/client.ts';
import type { Alert, OperationsState } from '../api/messages.ts';
import type { RolloutState } from '../model/rollout.ts';
import { Load } from './load.ts';

export interface DemoParts {
  readonly client: DaemonClient;
  readonly service: string;
  /** where the service takes requests */
  readonly url: string;
  /** folder of the release that is bad */
  readonly badRelease: string;
  /** applies what is recommended without being asked */
  readonly handsOff: boolean;
  /** requests a second */
  readonly rate: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const PRODUCTS = 800;
/** How long the fleet is left alone first, in milliseconds. */
const LEARNING = 170_000;
const LOOK = 1000;
const BY = 'the demo';

export async function tellStory(parts: DemoParts): Promise<void> {
  const { url, rate, say } = parts;
  using _load = new Load({ url, rate, products: PRODUCTS });
  say(`Three instances answer ${rate} requests a second at ${url}.`);
  say('Open this folder in VS Code and run “Hindcast: Show Operations”, or ask `hindcast ops status`.');
  say(`The fleet is left alone for ${LEARNING / 1000} seconds, so that it is known what is usual.`);
  await pause(LEARNING, parts.signal);
  await drift(parts);
  await recommendation(parts);
  await badRelease(parts);
  say('That was all. The service goes on until Ctrl-C.');
  await pause(2 ** 31 - 1, parts.signal);
}

/** One instance begins to keep every visit for ever. */
async function drift({ client, service, say, signal }: DemoParts): Promise<void> {
  const { services } = await client.get<OperationsState>('/v1/state');
  const instance = services.find(({ name }) => name === service)?.instances[1];
  if (!instance?.address) return;
  await fetch(`${instance.address}/fault`, { method: 'POST' });
  say(`${instance.id} has begun to keep every visit for ever. Nobody has told the daemon.`);
  const about = (alert: Alert): boolean => alert.kind === 'drift' && alert.instance === instance.id;
  const alert = await until(client, signal, ({ alerts }) => alerts.find(about));
  say(alert.text);
}

async function recommendation({ client, service, handsOff, say, signal }: DemoParts): Promise<void> {
  const open = await until(client, signal, ({ proposals }) =>
    proposals.find((each) => each.service === service && each.state === 'open' && each.change.kind === 'knob'),
  );
  const value = open.change.kind === 'knob' ? `${open.change.knob} to ${open.change.value}` : '';
  say(`It is recommended to set ${value}. ${open.reason}`);
  if (handsOff) await client.post(`/v1/proposals/${open.id}/apply`, { by: BY, strategy: 'canary' });
  else say(`Apply it in VS Code, or by \`hindcast ops apply ${open.id}\`.`);
  const rollout = await until(client, signal, ({ rollouts }) =>
    rollouts.find((each) => each.proposal === open.id || isDone(each)),
  );
  const done = await until(client, signal, ({ rollouts }) =>
    rollouts.find(({ id, finishedAt }) => id === rollout.id && finishedAt !== undefined),
  );
  say(`The change is ${done.status}. ${done.verdict?.reason ?? ''}`);
}

function isDone({ change, finishedAt }: RolloutState): boolean {
  return change.kind === 'knob' && finishedAt !== undefined;
}

async function badRelease({ client, service, badRelease: folder, say, signal }: DemoParts): Promise<void> {
  say('Release 2 goes out as a canary. It fails for products that have no discount.');
  const body = {
    by: BY,
    folder,
    build: 'release-2',
    strategy: 'canary',
    reason: 'Release 2 shows discounts to half a percent.',
  };
  const { id } = await client.post<RolloutState>(`/v1/services/${service}/roll-out`, body);
  const done = await until(client, signal, ({ rollouts }) =>
    rollouts.find((each) => each.id === id && each.finishedAt !== undefined),
  );
  say(`Release 2 is ${done.status}. ${done.reason ?? ''}`);
  const alert = await until(client, signal, ({ alerts }) =>
    alerts.find(({ about, exemplars }) => about === id && exemplars.length > 0),
  );
  const [exemplar] = alert.exemplars;
  say(`A recording shows why: hindcast why '${exemplar!.recording}#${exemplar!.case}'`);
}

/** What `find` finds in the daemon's state, as soon as it does. Throws where `signal` says to stop. */
async function until<T>(
  client: DaemonClient,
  signal: AbortSignal,
  find: (state: OperationsState) => T | undefined,
): Promise<T> {
  for (;;) {
    const found = find(await client.get<OperationsState>('/v1/state', signal));
    if (found !== undefined) return found;
    await pause(LOOK, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(new Error('stopped'));
      },
      { once: true },
    );
  });
}
