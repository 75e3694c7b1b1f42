/** Contents as a world holds them: the boundary log's, unpacked. */
import type { WorldJson } from '../../model/recorded-world.ts';

const { from } = Buffer;

/** Bytes of `{text}`, `{bytes}` or `{base64}`; undefined for anything else. */
export function bytesOf(content: WorldJson | undefined): Buffer | undefined {
  const { text, bytes, base64 } = (content ?? {}) as { text?: unknown; bytes?: unknown; base64?: unknown };
  if (typeof base64 === 'string') return from(base64, 'base64');
  if (typeof bytes === 'string') return from(bytes, 'latin1');
  return typeof text === 'string' ? from(text, 'utf8') : undefined;
}
