/**
 * For which request code runs, where several are answered at a time. A turn belongs to the request that came before it, that
 * had set the timer or made the call which it answers, in whose turns the call began that goes on in it, or whose turn it
 * follows as a microtask.
 */
import { Cause } from '../wire/words.ts';
import type { CaseFacts, StreamState } from './stream-state.ts';

/** Calls that began from here on, up to the next one, are the owner's. */
interface Stretch {
  /** how many calls had begun before */
  readonly from: number;
  owner: CaseFacts | undefined;
}

/** Of both stretches and things asked for; beyond it the older half is forgotten. */
const MOST = 100_000;
/** What comes by itself, with the id that it got when it was asked for. */
const COMES = /\.(?:done|response|head|body|failed)$|^(?:timer|immediate)$/;

export class RequestOwners {
  #isRunning = false;
  #stretches: Stretch[] = [];
  /** whose turn begins next, where something came before it */
  #next: { readonly owner: CaseFacts | undefined } | undefined;
  /** by the family of the boundary record and its id */
  #asked = new Map<string, CaseFacts>();

  /** The request has come: for the turn that begins next, or that runs. */
  begin(state: StreamState, request: CaseFacts): void {
    this.#isRunning = true;
    this.#came(state, request);
  }

  /** A turn of the event loop, or a microtask, begins. */
  turn(state: StreamState): void {
    if (!this.#isRunning) return;
    const cause = state.tick?.cause;
    const goesOn = cause === Cause.microtask || cause === Cause.nextTick;
    const owner = this.#next ? this.#next.owner : goesOn ? this.#stretches.at(-1)?.owner : undefined;
    this.#next = undefined;
    this.#add(state, owner);
  }

  /** A record of the boundary log. */
  saw(state: StreamState, kind: string, detail: string): void {
    const id = /^\{"id":(\d+)/.exec(detail)?.[1];
    if (id === undefined) return;
    const key = `${kind.split('.', 1)[0]} ${id}`;
    if (COMES.test(kind)) {
      this.#came(state, this.#asked.get(key));
      return;
    }
    const owner = this.now(state);
    if (owner === undefined || this.#asked.has(key)) return;
    if (this.#asked.size >= MOST) this.#asked = new Map([...this.#asked].slice(MOST / 2));
    this.#asked.set(key, owner);
  }

  /** Whose request the running code answers; undefined: not known. */
  now({ stack: [outermost] }: StreamState): CaseFacts | undefined {
    const here = this.#stretches.at(-1);
    if (here === undefined || outermost === undefined) return undefined;
    // a call that goes on may have waited for what another request brought about
    const goesOn = outermost.serial <= here.from ? this.#ownerOf(outermost.serial) : undefined;
    return (here.owner = goesOn ?? here.owner);
  }

  /** No request is being answered any more. */
  clear(): void {
    this.#isRunning = false;
    this.#next = undefined;
    this.#stretches = [];
    this.#asked.clear();
  }

  /** What comes while no recorded code runs is logged before the turn that it begins. */
  #came(state: StreamState, owner: CaseFacts | undefined): void {
    const here = this.#stretches.at(-1);
    if (state.stack.length === 0 || here === undefined) this.#next = { owner };
    else here.owner ??= owner;
  }

  #add(state: StreamState, owner: CaseFacts | undefined): void {
    if (this.#stretches.length >= MOST) this.#stretches = this.#stretches.slice(MOST / 2);
    this.#stretches.push({ from: state.activations, owner });
  }

  /** `call`: its number among all that began, from 1. */
  #ownerOf(call: number): CaseFacts | undefined {
    let [low, high] = [0, this.#stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#stretches[middle]!.from < call) low = middle + 1;
      else high = middle;
    }
    return this.#stretches[low - 1]?.owner;
  }
}
