/** Values that Node's machinery hands over come back as they were. */
import { expect, test } from 'vitest';
import { packed, unpacked } from './packed.ts';

const again = (value: unknown): unknown => unpacked(JSON.parse(JSON.stringify(packed(value))));

test('certificates: buffers, absent values, and one that issued itself', () => {
  const certificate: Record<string, unknown> = { raw: Buffer.from([1, 2, 3]), subject: { CN: 'a' }, none: undefined };
  certificate['issuerCertificate'] = certificate;
  const back = again(certificate) as typeof certificate;
  expect(back['issuerCertificate']).toBe(back);
  expect(Buffer.isBuffer(back['raw'])).toBe(true);
  expect(back['raw']).toEqual(Buffer.from([1, 2, 3]));
  expect(back['subject']).toEqual({ CN: 'a' });
});

test('what has no prototype has none again', () => {
  const bare = (members: object): object => Object.assign(Object.create(null) as object, members);
  const back = again({ subject: bare({ CN: 'a' }), raw: Buffer.of(1), issuer: { of: bare({}) } }) as Record<
    string,
    object
  >;
  const shown = (value: unknown): boolean => Object.getPrototypeOf(value) === null;
  expect([back['subject'], back['issuer'], Reflect.get(back['issuer']!, 'of')].map(shown)).toEqual([true, false, true]);
});

test('plain values', () => {
  for (const value of [undefined, null, true, 7, 'TLSv1.3']) expect(again(value)).toBe(value);
});

test('errors keep what tells them', () => {
  const error = Object.assign(new Error('bad certificate'), { code: 'ERR_SSL', library: 'SSL routines' });
  const back = again(error) as typeof error;
  expect(back).toBeInstanceOf(Error);
  expect({ ...back }).toEqual({ code: 'ERR_SSL', library: 'SSL routines' });
  expect(back.message).toBe('bad certificate');
});
