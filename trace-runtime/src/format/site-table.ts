/** Site tables as files: MessagePack, written by the instrumenter. */
import { Unpackr } from 'msgpackr';
import type { SiteTable } from '../model/sites.ts';
import { isSiteTable } from './check-site-table.ts';

const unpackr = new Unpackr({ mapsAsObjects: true });

/** undefined where the bytes are no site table that this code reads */
export function decodeSiteTable(bytes: Uint8Array): SiteTable | undefined {
  try {
    const table: unknown = unpackr.unpack(bytes);
    return isSiteTable(table) ? table : undefined;
  } catch {
    return undefined;
  }
}
