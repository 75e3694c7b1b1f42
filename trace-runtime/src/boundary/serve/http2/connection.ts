/** A connection to a recorded peer that speaks HTTP/2: Node's own server answers it, in the same thread, as was recorded. */
import type http2 from 'node:http2';
import type net from 'node:net';
import type { Http2SessionEnd, Http2Talk } from '../../../model/http2-talk.ts';
import { errorFrom } from '../serving.ts';
import { deliverAt } from '../time/held.ts';
import { later, startTimer, stopTimer } from '../time/real-time.ts';
import type { Due, Timeline } from '../time/timeline.ts';
import { Http2Answer } from './answer.ts';
import { PeerOrder } from './peer-order.ts';
import { PeerSide } from './peer-side.ts';

export interface Http2Options {
  readonly timeline: Timeline;
  /** of the peer, those that were not asked for yet */
  readonly left: Http2Talk[];
  readonly session: Http2SessionEnd | undefined;
  /** hears of what the recording has no answer to */
  readonly unmatched: (what: string) => void;
}

/** Frames that Node has queued are on their way after so many turns of the event loop. */
const ROUNDS = 5;
const PATIENCE_MS = 20_000;
/** An open connection keeps its process. */
const LONG_MS = 2 ** 30;

export class Http2Connection {
  readonly order = new PeerOrder();
  readonly #peer: http2.ServerHttp2Session;
  readonly #side: PeerSide;
  #moving: Due | undefined;
  #rounds = 0;
  #said = 0;
  #isOver = false;
  #keeps: NodeJS.Timeout | undefined = startTimer(() => undefined, LONG_MS);
  /** virtual time at which the program last said something, and the begin of its turn of the event loop */
  #asked: { readonly at: number; readonly begun: number };

  constructor(
    socket: net.Socket,
    { performServerHandshake }: typeof http2,
    readonly options: Http2Options,
  ) {
    const { timeline, session } = options;
    this.#asked = { at: timeline.now(), begun: timeline.begun };
    const closed = (): void => this.#close();
    this.#side = new PeerSide(socket, () => this.moves(), closed);
    this.#peer = performServerHandshake(this.#side, { settings: { ...session?.settings } });
    this.#peer.on('error', (error) => this.#failed(error));
    this.#peer.on('stream', (stream, headers, flags) => {
      this.moves();
      void new Http2Answer(this, stream, headers, flags);
    });
    this.#endsAt(timeline.now());
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The program says something. */
  asks(): void {
    const { timeline } = this.options;
    this.#asked = { at: timeline.now(), begun: timeline.begun };
    this.moves();
  }

  /** When it was asked, in virtual time; `lead` as recorded. */
  askedAt(lead: number): number {
    return lead > 0 ? this.#asked.begun + lead : this.#asked.at;
  }

  /** Nothing that is due later comes before what is on its way. */
  moves(): void {
    if (this.#isOver) return;
    this.#rounds = ROUNDS;
    if (this.#moving) return;
    const { timeline } = this.options;
    this.#moving = timeline.expect(timeline.now(), PATIENCE_MS);
    this.#turns();
  }

  #turns(): void {
    later(() => {
      if (--this.#rounds > 0) return this.#turns();
      if (this.#moving) this.options.timeline.forget(this.#moving);
      this.#moving = undefined;
    });
  }

  /** The peer has said something on a stream. */
  says(): void {
    this.#said++;
    this.moves();
    this.#endsAt(this.options.timeline.now());
  }

  /** After all that it said before. */
  #endsAt(now: number): void {
    const { timeline, session } = this.options;
    const ends = session?.ends;
    if (!ends || ends.behind !== this.#said) return;
    deliverAt(timeline, now + ends.after, () => {
      if (this.#isOver) return;
      this.moves();
      if (ends.how === 'goaway') this.#peer.goaway(ends.code);
      else this.breaksOff();
    });
  }

  /** As it did. */
  breaksOff(): void {
    const reset = { message: 'read ECONNRESET', code: 'ECONNRESET', errno: -104, syscall: 'read' };
    this.#side.breaksOff(this.options.session?.ends?.how === 'closed' ? undefined : errorFrom(reset));
  }

  keeps(isKept: boolean): void {
    if (isKept) this.#keeps?.ref();
    else this.#keeps?.unref();
  }

  #failed(error: Error): void {
    if (!this.#isOver) this.options.unmatched(`over HTTP/2: ${error.message}`);
  }

  #close(): void {
    this.#isOver = true;
    if (this.#keeps) stopTimer(this.#keeps);
    this.#keeps = undefined;
    if (this.#moving) this.options.timeline.forget(this.#moving);
    this.#moving = undefined;
    this.#peer.destroy();
  }
}
