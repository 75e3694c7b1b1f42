/** Site tables as files: MessagePack, written by the instrumenter. */
import { Unpackr } from 'msgpackr';
import { SITE_TABLE_VERSION, type SiteTable } from '../model/sites.ts';

const unpackr = new Unpackr({ mapsAsObjects: true });

/** undefined where the bytes are no site table that this code reads */
export function decodeSiteTable(bytes: Uint8Array): SiteTable | undefined {
  try {
    const table: unknown = unpackr.unpack(bytes);
    return isTable(table) ? table : undefined;
  } catch {
    return undefined;
  }
}

function isTable(value: unknown): value is SiteTable {
  if (typeof value !== 'object' || value === null) return false;
  const table = value as Partial<SiteTable>;
  return table.version === SITE_TABLE_VERSION && Array.isArray(table.ops) && Array.isArray(table.functions);
}
