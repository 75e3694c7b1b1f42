/** A stream of HTTP/2 from the peer's side: what was said before is heard, then comes what was answered, when it is due. */
import type http2 from 'node:http2';
import { http2HeadersOf } from '../../../model/http2-headers.ts';
import type { Http2Act, Http2Headers, Http2Talk } from '../../../model/http2-talk.ts';
import { deliverAt } from '../time/held.ts';
import type { Due } from '../time/timeline.ts';
import type { Http2Connection } from './connection.ts';

const { from, concat, alloc } = Buffer;
const END_STREAM = 1;
/** A program that waits so long for what it never got goes another way than it did. */
const UNANSWERED_MS = 3000;

type PeerAct = Extract<Http2Act, { readonly from: 'peer' }>;

export class Http2Answer {
  #fitting: readonly Http2Talk[];
  #talk: Http2Talk | undefined;
  #at = 0;
  #heard = alloc(0);
  /** of what was heard, what acts of the talk have used */
  #used = 0;
  #isEnded: boolean;
  #isOver = false;
  /** of the act before, in virtual time */
  #last = 0;
  #held: Due | undefined;
  /** place in the recording of what is held */
  #next: number | undefined;
  #trailers: Http2Headers | undefined;

  constructor(
    private readonly connection: Http2Connection,
    private readonly stream: http2.ServerHttp2Stream,
    private readonly headers: http2.IncomingHttpHeaders,
    flags: number,
  ) {
    const { ':method': method, ':path': path } = headers;
    this.#isEnded = (flags & END_STREAM) !== 0;
    this.#last = connection.askedAt(0);
    this.#fitting = connection.options.left.filter((talk) => talk.method === method && talk.path === (path ?? ''));
    stream.on('error', () => undefined);
    stream.on('close', () => this.#close());
    stream.on('wantTrailers', () => stream.sendTrailers(http2HeadersOf(this.#trailers ?? [])));
    stream.on('data', (bytes: Buffer) => {
      this.#heard = concat([this.#heard, bytes]);
      this.#goOn();
    });
    stream.on('end', () => {
      if (this.#isEnded) return;
      this.#isEnded = true;
      this.#goOn();
    });
    if (this.#fitting.length === 0) this.#differs('');
    else this.#goOn();
  }

  #close(): void {
    this.#isOver = true;
    if (this.#held) this.connection.options.timeline.forget(this.#held);
    this.#held = undefined;
    if (this.#next !== undefined) this.connection.order.remove(this.#next);
    this.#next = undefined;
  }

  #differs(how: string): void {
    this.#close();
    this.connection.options.unmatched(`${this.headers[':method']} ${this.headers[':path']}${how} over HTTP/2`);
    this.connection.breaksOff();
  }

  #goOn(): void {
    if (this.#isOver || this.#held) return;
    this.#talk ??= this.#choose();
    const talk = this.#talk;
    if (!talk) return;
    for (let act = talk.acts[this.#at]; act?.from === 'program'; act = talk.acts[this.#at]) {
      if (!this.#hears(act)) return;
      this.#at++;
    }
    const act = talk.acts[this.#at];
    if (act?.from === 'peer') return this.#says(act, talk);
    const isWhole = talk.acts.some(
      (each) => each.from === 'peer' && (each.kind === 'end' || ends(each) || breaks(each)),
    );
    if (!isWhole) this.#waits();
  }

  /** The first that says the same, as far as it is heard. */
  #choose(): Http2Talk | undefined {
    const { left } = this.connection.options;
    const heard = this.#heard;
    this.#fitting = this.#fitting.filter((talk) => {
      const said = saidIn(talk.acts);
      const length = Math.min(said.length, heard.length);
      const isSame = said.subarray(0, length).equals(heard.subarray(0, length)) && heard.length <= said.length;
      return left.includes(talk) && isSame && (!this.#isEnded || said.length === heard.length);
    });
    const first = this.#fitting.find((talk) => this.#isEnded || needs(talk) <= heard.length);
    if (this.#fitting.length === 0) this.#differs(' with another body');
    if (first) left.splice(left.indexOf(first), 1);
    return first;
  }

  /** Whether it was said. */
  #hears({ bytes, ends: isEnd, lead }: Extract<Http2Act, { readonly from: 'program' }>): boolean {
    const said = from(bytes, 'base64');
    const heard = this.#heard.subarray(this.#used, this.#used + said.length);
    if (!said.subarray(0, heard.length).equals(heard)) {
      this.#differs(' with another body');
      return false;
    }
    if (heard.length < said.length || (isEnd && !this.#isEnded)) return false;
    this.#used += said.length;
    this.#last = Math.max(this.#last, this.connection.askedAt(lead));
    return true;
  }

  #says(act: PeerAct, talk: Http2Talk): void {
    const { timeline } = this.connection.options;
    const { order } = this.connection;
    this.#last += act.after;
    this.#next = act.order;
    order.add(act.order);
    this.#held = deliverAt(timeline, this.#last, () =>
      order.inTurn(act.order, () => {
        this.#held = this.#next = undefined;
        this.#last = Math.max(this.#last, timeline.now());
        this.#at++;
        this.#perform(act, talk);
        this.connection.says();
        this.#goOn();
      }),
    );
  }

  #perform(act: PeerAct, { acts }: Http2Talk): void {
    const { stream } = this;
    switch (act.kind) {
      case 'headers': {
        const waitForTrailers = acts.some((each) => each.from === 'peer' && each.kind === 'trailers');
        return stream.respond(http2HeadersOf(act.headers), {
          endStream: act.ends,
          waitForTrailers,
          sendDate: false,
        } as object);
      }
      case 'information':
        return stream.additionalHeaders(http2HeadersOf(act.headers));
      case 'trailers':
        this.#trailers = act.headers;
        return;
      case 'data':
        return void stream.write(from(act.bytes, 'base64'));
      case 'end':
        return void stream.end();
      case 'reset':
        return stream.close(act.code);
      case 'lost':
        return this.connection.breaksOff();
    }
  }

  /** The recording has no more of it. */
  #waits(): void {
    const { timeline } = this.connection.options;
    this.#held = deliverAt(timeline, timeline.now() + UNANSWERED_MS, () => {
      this.#held = undefined;
      if (!this.#isOver) this.#differs(', before whose end the recording ends,');
    });
  }
}

const ends = (act: PeerAct): boolean => act.kind === 'headers' && act.ends;
const breaks = (act: PeerAct): boolean => act.kind === 'reset' || act.kind === 'lost';

function saidIn(acts: readonly Http2Act[]): Buffer {
  return concat(acts.flatMap((act) => (act.from === 'program' ? [from(act.bytes, 'base64')] : [])));
}

/** So many bytes the program says before the peer does; more than there are, where it has to end. */
function needs({ acts }: Http2Talk): number {
  const at = acts.findIndex((act) => act.from === 'peer');
  const before = at < 0 ? acts : acts.slice(0, at);
  return before.some((act) => act.from === 'program' && act.ends) ? Infinity : saidIn(before).length;
}
