/** Headers of HTTP/2 as Node's API takes them, out of names and values in turn. */
import type { Http2Headers } from './http2-talk.ts';

/** A name that comes several times has a list. */
export function http2HeadersOf(list: Http2Headers): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (let i = 0; i + 1 < list.length; i += 2) {
    const [name, value] = [list[i]!, list[i + 1]!];
    const before = found[name];
    found[name] = before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value];
  }
  return found;
}
