/** Where the program's servers really listen in a rerun, as its side notes it in the scratch folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { heardFile, LISTENING_FOLDER, serverFile } from '../model/recorded-world.ts';
import type { ServerName } from './accepted.ts';

export type ServerPlace = { readonly port: number } | { readonly path: string };

/** By the port that it asked for, else by its number, else the first one. undefined: none listens yet. */
export function placeOf(name: ServerName, scratch: string): ServerPlace | undefined {
  const folder = path.join(scratch, LISTENING_FOLDER);
  const read = (file: string): string | undefined => {
    try {
      return readFileSync(path.join(folder, file), 'utf8') || undefined;
    } catch {
      return undefined;
    }
  };
  const byPort = name.port === undefined ? undefined : read(String(name.port));
  const text = byPort ?? (name.number === undefined ? undefined : read(serverFile(name.stream, name.number)));
  return placeFrom(text ?? firstOf(folder, read));
}

/** Whether all datagrams of that talk have come. */
export function isHeard(stream: number, talk: number, scratch: string): boolean {
  return existsSync(path.join(scratch, LISTENING_FOLDER, heardFile(stream, talk)));
}

function firstOf(folder: string, read: (file: string) => string | undefined): string | undefined {
  try {
    const names = readdirSync(folder);
    const name = names.find((each) => /^\d+$/.test(each)) ?? names.find((each) => each.startsWith('server-'));
    return name === undefined ? undefined : read(name);
  } catch {
    return undefined;
  }
}

function placeFrom(text: string | undefined): ServerPlace | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? { port: Number(text) } : { path: text };
}
