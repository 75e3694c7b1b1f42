/** A connection of a run that is executed again: nobody is at its other end, its bytes and events come from the records. */
import { AsyncResource } from 'node:async_hooks';
import type { Ends } from './ends.ts';

/** Of Node's requests to the system. */
export interface Request {
  oncomplete(status: number, handle?: object, request?: object, readable?: boolean, writable?: boolean): void;
}

export type Callback = (...results: readonly unknown[]) => void;

export interface Lookup {
  readonly callback: Callback;
  /** a list of addresses is wanted */
  readonly all: boolean;
}

export class Life {
  readonly resource = new AsyncResource('HINDCAST');
  ends: Ends = {};
  bytesRead = 0;
  /** what comes just now was read by HTTP's parser itself */
  isByParser = false;
  bytesWritten = 0;
  lookup: Lookup | undefined;
  connecting: { readonly request: Request; readonly handle: object } | undefined;
  shutting: { readonly request: Request; readonly resource: AsyncResource } | undefined;
  writing: { readonly callback: Callback; readonly resource: AsyncResource } | undefined;
  /** where its time limit was set */
  timing: AsyncResource | undefined;
}
