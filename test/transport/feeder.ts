/**
 * A program that writes the words 0, 2, 4, … through a transport: `node feeder.cjs ORDER`, with the order as JSON. It says
 * on stdout how far it was, unbuffered, so that a test can compare that with what the recording holds.
 */
import { writeSync } from 'node:fs';
import { openTransport } from '../../trace-runtime/src/recorder/transport.ts';
import { Slot } from '../../trace-runtime/src/wire/words.ts';

interface Order {
  readonly recording: string;
  readonly words: number;
  readonly helper?: string;
  readonly sidecar?: { readonly node: string; readonly script: string };
  /** words between two lines on stdout */
  readonly say?: number;
  /** flush before each line */
  readonly flush?: boolean;
  readonly end: 'close' | 'exit' | 'kill' | 'abort' | 'stay';
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const transport = openTransport(order.recording, { helper: order.helper, sidecar: order.sidecar });
const { words } = transport;
const say = order.say ?? Infinity;
let saidAt = 0;
for (let word = 0; word < order.words;) {
  if (words[Slot.position]! > words[Slot.limit]!) transport.drain();
  const stretch = Math.min(200, order.words - word);
  let position = words[Slot.position]!;
  for (let index = 0; index < stretch; index++, word++) words[position++] = (word << 1) & 0x7ffffffe;
  words[Slot.position] = position;
  if (word - saidAt >= say) {
    saidAt = word;
    if (order.flush) transport.flush();
    writeSync(1, `${word}\n`);
  }
}
if (order.end === 'close') transport.close();
else if (order.end === 'kill') process.kill(process.pid, 'SIGKILL');
else if (order.end === 'abort') process.abort();
else if (order.end === 'stay') {
  transport.flush();
  writeSync(1, 'written\n');
  setInterval(() => undefined, 1000);
}
