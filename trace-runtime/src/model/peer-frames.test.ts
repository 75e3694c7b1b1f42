import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import { encodePeerFrame, PeerFrames, type PeerFrame } from './peer-frames.ts';

const time = { after: 12.34, lead: 0.5, follows: true };
const sent: readonly PeerFrame[] = [
  { kind: 'heard', bytes: 0 },
  { kind: 'bytes', bytes: Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), ...time },
  { kind: 'bytes', bytes: Buffer.alloc(70_000, 7), after: 0, lead: 0, follows: false },
  { kind: 'heard', bytes: 5_000_000_000 },
  { kind: 'close', unmatched: 'GET /ä, before whose answer the recording ends', ...time },
];

test('frames are read as they were written, in whatever portions they come', () => {
  const bytes = Buffer.concat(sent.map(encodePeerFrame));
  const draw = new Random(7);
  for (let round = 0; round < 20; round++) {
    const frames = new PeerFrames();
    const read: PeerFrame[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = draw.between(1, round % 2 === 0 ? 40 : 30_000);
      read.push(...frames.add(bytes.subarray(at, at + size)));
      at += size;
    }
    expect(read).toEqual(sent);
  }
});
