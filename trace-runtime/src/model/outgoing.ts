/**
 * What a program tells others: the same in each run of the same program on the same inputs. Node's loader asks for real
 * paths in whatever order its threads have it.
 */
const OUTGOING =
  /^(?:output|socket\.out|datagram\.out|http\.send|child\.(?:start|input|spawnSync|execSync|execFileSync)|message\.out|fs\.(?!realpath)\w+)$/;
/** Numbers that the machine gives, and times. */
const OF_MACHINE = /,?"(?:id|socket|child|port|directory|time|pid|fd)":(?:-?[\d.e-]+|null)/g;
/** Node dates its answers itself. */
const DATE = /\\r\\nDate: [^\\]*/g;
/** Frames at the foot of a stack: how Node's event loop came to what ran, which is no doing of the program. */
const OF_EVENT_LOOP =
  /(?:\n|\\n)[ ]*(?:at )?[\w. ]*\(?node:(?:internal\/(?:process\/task_queues|timers|async_hooks)|async_hooks):\d+:\d+\)?/g;
/** What a call brought is no part of what was said. */
const BROUGHT =
  /,"(?:content|contents|stat|statfs|entries|entry|exists|name|bytes|bytesRead|stdout|stderr|status|signal|error|ofDependency)":.*$/;

/**
 * A number that stands for what a record of the boundary log or of output says to others; undefined where it says nothing.
 * `detail`: its JSON text, of output the descriptor and the text.
 */
export function outgoingMark(kind: string, detail: string): number | undefined {
  if (!OUTGOING.test(kind)) return undefined;
  if (kind === 'output') return hashOf(detail.replace(OF_EVENT_LOOP, ''));
  if (kind === 'message.out' && detail.includes('"type":"object"')) return undefined;
  const said = kind.startsWith('fs.') || kind.endsWith('Sync') ? detail.replace(BROUGHT, '') : detail;
  return hashOf(`${kind} ${said.replace(OF_MACHINE, '').replace(DATE, '').replace(OF_EVENT_LOOP, '')}`);
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
