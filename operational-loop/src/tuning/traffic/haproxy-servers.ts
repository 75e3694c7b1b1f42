/** What HAProxy counts of the servers of a backend: `show stat` of its runtime API. */
import type { HaproxyAddress } from './haproxy-socket.ts';
import { askHaproxy } from './haproxy-socket.ts';

export interface HaproxyServer {
  readonly server: string;
  /** such as `127.0.0.1:8081` */
  readonly address: string;
  /** of an instance in this server: another address is another one */
  readonly key: string;
  readonly weight: number;
  readonly status: string;
  /** requests that it was given, and those of which an answer has begun; an answer of HAProxy's own (504) is none */
  readonly given: number;
  readonly answered: number;
}

const COLUMNS = ['pxname', 'svname', 'addr', 'weight', 'status', 'stot', 'req_tot'] as const;

/** Throws where HAProxy cannot be reached. */
export async function serversOf(socket: HaproxyAddress, backend: string): Promise<readonly HaproxyServer[]> {
  const text = await askHaproxy(socket, 'show stat');
  const [head = '', ...lines] = text.replace(/^# /, '').split('\n');
  const names = head.split(',');
  const places = COLUMNS.map((name) => names.indexOf(name));
  return lines.flatMap((line) => {
    const fields = line.split(',');
    const [proxy, server = '', address = '', weight, status = '', given, answered] = places.map((at) => fields[at]);
    if (proxy !== backend) return [];
    const counts = { weight: Number(weight), given: Number(given), answered: Number(answered) };
    return [{ server, address, key: `${server} ${address}`, status, ...counts }];
  });
}
