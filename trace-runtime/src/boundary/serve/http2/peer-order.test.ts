import { expect, test } from 'vitest';
import { PeerOrder } from './peer-order.ts';

test('what is due before something earlier waits for it, unless that will not come', () => {
  const order = new PeerOrder();
  const ran: number[] = [];
  const comes = (at: number): void => order.inTurn(at, () => void ran.push(at));
  for (const at of [1, 2, 3, 5]) order.add(at);
  comes(3);
  comes(2);
  expect(ran).toEqual([]);
  comes(1);
  expect(ran).toEqual([1, 2, 3]);
  order.add(4);
  comes(5);
  expect(ran).toEqual([1, 2, 3]);
  order.remove(4);
  expect(ran).toEqual([1, 2, 3, 5]);
});

test('an act that makes an earlier one due is followed by that', () => {
  const order = new PeerOrder();
  const ran: string[] = [];
  order.add(1);
  order.add(3);
  order.inTurn(3, () => void ran.push('3'));
  order.inTurn(1, () => {
    ran.push('1');
    order.add(2);
  });
  expect(ran).toEqual(['1']);
  order.inTurn(2, () => void ran.push('2'));
  expect(ran).toEqual(['1', '2', '3']);
});
