/** Randomness of `crypto`. Records are `crypto.NAME`. Keys made by Node itself are in keys.ts, or declared in the ledger. */
import crypto from 'node:crypto';
import { callingBack, promising, returning, safely, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { replace } from './patch.ts';
import { recordedContent } from './recorded-calls.ts';

const KEY_MAKERS = [
  'generateKeyPair',
  'generateKeyPairSync',
  'generateKey',
  'generateKeySync',
  'generatePrime',
  'generatePrimeSync',
];

export function installRandom(log: BoundaryLog): void {
  const size: Crossing['args'] = (args) => ({ size: typeof args[0] === 'number' ? args[0] : null });
  const bytes: Crossing = { args: size, result: ([value]) => ({ bytes: log.content(value) }), replay: drawnBytes };
  const range: Crossing['args'] = (args) => ({ range: args.filter((value) => typeof value === 'number') });
  const int: Crossing = {
    args: range,
    result: ([value]) => ({ value: typeof value === 'number' ? value : null }),
    replay: ({ value }) => [value],
  };
  const fill: Crossing = { args: () => ({}), result: ([view]) => filled(log, view), replay: fillAgain };
  const none: Crossing['args'] = () => ({});

  for (const name of ['randomBytes', 'randomInt'] as const) {
    const crossing = name === 'randomBytes' ? bytes : int;
    const calledBack = (args: readonly unknown[]): boolean => typeof args.at(-1) === 'function';
    returning(log, crypto, name, `crypto.${name}`, { ...crossing, ignore: calledBack });
    callingBack(log, crypto, name, `crypto.${name}`, crossing);
  }
  returning(log, crypto, 'pseudoRandomBytes', 'crypto.randomBytes', bytes);
  returning(log, crypto, 'randomUUID', 'crypto.randomUUID', {
    args: none,
    result: ([id]) => ({ id: String(id) }),
    replay: ({ id }) => [id],
  });
  returning(log, crypto, 'randomFillSync', 'crypto.randomFill', fill);
  callingBack(log, crypto, 'randomFill', 'crypto.randomFill', fill);
  returning(log, crypto, 'getRandomValues', 'crypto.getRandomValues', fill);
  installWeb(log, fill);
  if (!log.hasTurns) for (const name of KEY_MAKERS) declareKeys(log, name);
}

const drawnBytes: Crossing['replay'] = ({ bytes }) => {
  const value = recordedContent(bytes);
  return value === undefined ? undefined : [typeof value === 'string' ? Buffer.from(value) : value];
};

const fillAgain: Crossing['replay'] = ({ bytes }, [view]) => {
  const value = recordedContent(bytes);
  if (typeof value !== 'object' || typeof view !== 'object' || view === null) return undefined;
  const [buffer, offset] = ArrayBuffer.isView(view) ? [view.buffer, view.byteOffset] : [view as ArrayBuffer, 0];
  new Uint8Array(buffer, offset, value.length).set(value);
  return [view];
};

function filled(log: BoundaryLog, view: unknown): ReturnType<Crossing['result']> {
  if (view instanceof ArrayBuffer) return filled(log, new Uint8Array(view));
  if (!ArrayBuffer.isView(view)) return {};
  log.sink.touchBytes(view);
  return { bytes: log.content(view) };
}

/** `globalThis.crypto` and `crypto.webcrypto` are one object; its methods stand on its class. */
function installWeb(log: BoundaryLog, fill: Crossing): void {
  const { webcrypto } = crypto;
  if (!webcrypto) return;
  const prototype: object = Object.getPrototypeOf(webcrypto);
  returning(log, prototype, 'getRandomValues', 'crypto.getRandomValues', fill);
  returning(log, prototype, 'randomUUID', 'crypto.randomUUID', {
    args: () => ({}),
    result: ([id]) => ({ id: String(id) }),
    replay: ({ id }) => [id],
  });
  if (log.hasTurns) return;
  const subtle: object = Object.getPrototypeOf(webcrypto.subtle);
  promising(log, subtle, 'generateKey', 'crypto.generateKey', {
    args: () => ({}),
    result: () => (declare(log, 'crypto.subtle.generateKey'), {}),
  });
}

function declareKeys(log: BoundaryLog, name: string): void {
  let declared = false;
  replace(
    crypto,
    name,
    log.hide,
    (original) =>
      function (...args) {
        if (!declared && log.depth === 0) {
          declared = true;
          safely(log, () => declare(log, `crypto.${name}`));
        }
        return Reflect.apply(original, this, args);
      },
  );
}

function declare(log: BoundaryLog, subject: string): void {
  log.sink.emitLedger({ kind: 'opaque', subject, reason: 'keys are made inside Node and are not kept' });
}
