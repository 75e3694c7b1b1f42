/** HAProxy's runtime API: a command a connection, over its stats socket. */
import net from 'node:net';

/** A path of a Unix socket, or `HOST:PORT`. */
export type HaproxyAddress = string;

const WITHIN_MS = 5_000;

/** What HAProxy answers. Throws where it cannot be reached. */
export function askHaproxy(address: HaproxyAddress, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(target(address));
    let answer = '';
    const fail = (detail: string): void => {
      socket.destroy();
      reject(new Error(`HAProxy at ${address} did not take "${command}": ${detail}`));
    };
    socket.setTimeout(WITHIN_MS, () => fail(`nothing within ${WITHIN_MS} ms`));
    socket.on('error', ({ message }) => fail(message));
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    socket.on('end', () => resolve(answer.trim()));
    socket.end(`${command}\n`);
  });
}

/** Commands that answer with nothing, or with one of the sentences given. Throws where the answer is another. */
export async function commandHaproxy(address: HaproxyAddress, command: string, fine?: RegExp): Promise<void> {
  const answer = await askHaproxy(address, command);
  if (answer === '' || fine?.test(answer)) return;
  throw new Error(`HAProxy at ${address} did not take "${command}": ${answer}`);
}

function target(address: HaproxyAddress): net.NetConnectOpts {
  const found = /^(?<host>[^/]+):(?<port>\d+)$/.exec(address)?.groups;
  return found ? { host: found['host'] as string, port: Number(found['port']) } : { path: address };
}
