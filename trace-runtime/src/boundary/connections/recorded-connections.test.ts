/** Records of connections, handed out again by connection, event or write, each in its order. */
import { expect, test } from 'vitest';
import type { RecordedCall } from '../../model/recorded-world.ts';
import { RecordedConnections } from './recorded-connections.ts';

/** `KIND {detail}`, one each. */
function recorded(...lines: readonly string[]): RecordedConnections {
  const records = lines.map((line): RecordedCall => {
    const at = line.indexOf(' ');
    return { kind: line.slice(0, at), id: undefined, detail: JSON.parse(line.slice(at)) as RecordedCall['detail'] };
  });
  return new RecordedConnections(records);
}

test('each connection has its own records, in their order', () => {
  const { next } = bound(
    recorded(
      'socket.in {"socket":1,"content":"a"}',
      'socket.in {"socket":2,"content":"b"}',
      'socket.in {"socket":1,"content":"c"}',
    ),
  );
  const contents = [next('socket.in', 1), next('socket.in', 1), next('socket.in', 2), next('socket.in', 2)];
  expect(contents.map((each) => each?.['content'])).toEqual(['a', 'c', 'b', undefined]);
});

test('events are told apart, and servers from sockets of the same number', () => {
  const { next } = bound(
    recorded(
      'socket.event {"socket":1,"event":"close"}',
      'socket.event {"socket":1,"event":"connect","localPort":7}',
      'socket.accepted {"server":1,"socket":1000001,"event":"connection","remotePort":8}',
      'server.refused {"server":1,"attempt":2}',
    ),
  );
  expect(next('socket.event', '1 connect')).toMatchObject({ localPort: 7 });
  expect(next('socket.accepted', '1 connection')).toMatchObject({ remotePort: 8 });
  expect(next('socket.accepted', '1000001 connection')).toBeUndefined();
  expect(next('server.refused', 1)).toMatchObject({ attempt: 2 });
});

test('a write that was done at once has no record', () => {
  const { next } = bound(recorded('socket.waits {"socket":3,"write":2}'));
  expect([1, 2, 3].map((write) => next('socket.waits', `3.${write}`) !== undefined)).toEqual([false, true, false]);
});

function bound(connections: RecordedConnections): { readonly next: RecordedConnections['next'] } {
  return { next: (kind, of) => connections.next(kind, of) };
}
