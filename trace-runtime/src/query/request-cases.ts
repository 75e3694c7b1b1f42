/**
 * The requests that a program answered, as cases: each from the moment it came in (`http.request` of the boundary log) to
 * the end of its answer (`http.send`). One that was answered with a status of 500 or more failed, for the error that the
 * code that answered holds, or else for the last that was thrown in answering it; where a framework caught it, which is not
 * recorded, what the error was is not known, and where it left recorded code is.
 */
import { Outcome } from '../wire/words.ts';
import { heldError } from './failures.ts';
import { RequestOwners } from './request-owners.ts';
import type { CaseFacts, StreamState } from './stream-state.ts';
import type { ObjectValue } from './values.ts';

interface OpenRequest {
  readonly facts: CaseFacts;
  readonly milliseconds: number;
  /** no other request was being answered, so far */
  isAlone: boolean;
  status: number;
  error: ObjectValue | undefined;
}

const FAILED = 500;

export class RequestCases {
  /** by the exchange's id in the boundary log */
  readonly #open = new Map<number, OpenRequest>();
  readonly #named = new Map<string, number>();
  readonly #owners = new RequestOwners();

  /** A record of the boundary log. A program that runs tests has those for cases: then requests are none. */
  saw(state: StreamState, kind: string, detail: string): void {
    if (state.settled) return;
    if (kind === 'http.request') this.#begin(state, detail);
    if (this.#open.size === 0) return;
    this.#owners.saw(state, kind, detail);
    if (kind === 'http.send') this.#sent(state, detail);
  }

  turn(state: StreamState): void {
    if (!state.settled) this.#owners.turn(state);
  }

  /** The request that the running code answers, where that is known. */
  owner(state: StreamState): CaseFacts | undefined {
    return this.#owners.now(state);
  }

  #begin(state: StreamState, detail: string): void {
    if (state.cases.some((each) => each.kind === 'test')) return;
    const request = parsed(detail);
    const { id, method, url } = request;
    if (typeof id !== 'number' || typeof method !== 'string' || typeof url !== 'string') return;
    const facts: CaseFacts = {
      kind: 'request',
      id: state.cases.length + 1,
      parent: 0,
      name: this.#nameOf(`${method} ${url}`),
      file: '',
      line: 0,
      first: state.moment,
      last: undefined,
      outcome: undefined,
      error: undefined,
      milliseconds: undefined,
    };
    state.cases.push(facts);
    for (const other of this.#open.values()) other.isAlone = false;
    const isAlone = this.#open.size === 0;
    this.#owners.begin(state, facts);
    this.#open.set(id, { facts, milliseconds: millisecondsOf(state), isAlone, status: 0, error: undefined });
  }

  #sent(state: StreamState, detail: string): void {
    const id = Number(/^\{"id":(\d+)/.exec(detail)?.[1]);
    const request = this.#open.get(id);
    if (!request) return;
    const { head, last } = parsed(detail);
    if (typeof head === 'string') request.status = Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? 0);
    if (request.status >= FAILED) request.error ??= heldError(state);
    if (last !== true || isProvisional(request.status)) return;
    this.#open.delete(id);
    if (this.#open.size === 0) this.#owners.clear();
    const { facts } = request;
    facts.last = state.moment;
    facts.milliseconds = Math.max(0, millisecondsOf(state) - request.milliseconds);
    facts.outcome = request.status >= FAILED ? Outcome.failed : Outcome.passed;
    if (facts.outcome === Outcome.passed) return;
    const of = request.isAlone ? undefined : facts;
    facts.error = request.error ?? state.failures.lastErrorSince(facts.first, of);
    if (facts.error !== undefined) state.failures.caseEnded(state, facts);
    // a framework that is not recorded caught it
    else state.failures.answered(state, facts, request.status, of);
  }

  /** Requests for the same thing are told apart by their order. */
  #nameOf(request: string): string {
    const count = (this.#named.get(request) ?? 0) + 1;
    this.#named.set(request, count);
    return count === 1 ? request : `${request} (${count})`;
  }
}

function isProvisional(status: number): boolean {
  return status > 0 && status < 200;
}

function parsed(detail: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(detail) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** As of the beginning of the turn. */
function millisecondsOf(state: StreamState): number {
  return state.tick?.milliseconds ?? 0;
}
