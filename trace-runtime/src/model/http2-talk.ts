/** What recorded peers said over HTTP/2, as the API of Node gives it: plain data, a part of the recorded world. */

/** Names and values in turn. */
export type Http2Headers = readonly string[];

export interface Http2Peer {
  /** of each connection that was made, in order */
  readonly sessions: readonly Http2SessionEnd[];
  readonly talks: readonly Http2Talk[];
}

/** How a connection was, besides its streams. */
export interface Http2SessionEnd {
  readonly settings: Readonly<Record<string, number | boolean>>;
  /** what the peer did to it at last */
  readonly ends?: {
    readonly how: 'goaway' | 'closed' | 'reset';
    readonly code: number;
    /** acts of the peer on streams that came before it */
    readonly behind: number;
    /** milliseconds after the last of them, or after the connection was made */
    readonly after: number;
  };
}

/** A stream: what was asked, and what was said after that. */
export interface Http2Talk {
  readonly method: string;
  readonly path: string;
  readonly acts: readonly Http2Act[];
  /** the recording ends before the stream does, and the peer has not said all */
  readonly isCutOff: boolean;
}

export type Http2Act =
  /** base64; empty: the request's headers */
  | { readonly from: 'program'; readonly bytes: string; readonly ends: boolean; readonly lead: number }
  | ({
      readonly from: 'peer';
      /** milliseconds after the act before it */ readonly after: number;
      /** among all that peers said */ readonly order: number;
    } & Http2Said);

export type Http2Said =
  | { readonly kind: 'headers'; readonly headers: Http2Headers; readonly ends: boolean }
  | { readonly kind: 'information' | 'trailers'; readonly headers: Http2Headers }
  | { readonly kind: 'data'; readonly bytes: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset'; readonly code: number }
  /** the whole connection broke off */
  | { readonly kind: 'lost' };
