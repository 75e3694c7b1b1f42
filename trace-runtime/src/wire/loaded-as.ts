import { Loaded } from './words.ts';

const CODES = 8;
const MOST = 0xff_ff_ff;

/**
 * What a `file` record says of how a file was loaded: a Loaded code in the lowest three bits, and above them 24 bits that
 * tell apart ES modules of one path: of the query and fragment of the module's URL, 0 where it has none.
 */
export function loadedAs(code: number, name: string): number {
  const query = name.startsWith('file:') ? name.search(/[?#]/) : -1;
  return code !== Loaded.module || query < 0 ? code : code + CODES * mark(name, query);
}

/** Whether what a `file` record says is of a module of that URL, whose path it is. */
export function isLoadedAs(how: number, url: URL): boolean {
  return Math.floor(how / CODES) === Math.floor(loadedAs(Loaded.module, url.href) / CODES);
}

/** The path by which a module in a `data:` URL is known; undefined for any other URL, and for what is no JavaScript. */
export function dataModulePath(url: string): string | undefined {
  if (!DATA_MODULE.test(url)) return undefined;
  return `data:${(hashOf(url, 0) >>> 0).toString(16).padStart(8, '0')}.mjs`;
}

const DATA_MODULE = /^data:(?:text|application)\/javascript[;,]/;

/** Whether it is such a path. */
export function isDataModule(path: string): boolean {
  return path.startsWith('data:');
}

/** The path by which code made of text is known; `key`: what tells it apart. */
export function textPath(key: string): string {
  return `text:${key}.js`;
}

/** Whether there is no file of what was loaded by that path. */
export function isOfNoFile(path: string): boolean {
  return isDataModule(path) || path.startsWith('text:');
}

/** Never 0. */
function mark(text: string, start: number): number {
  return hashOf(text, start) & MOST || 1;
}

/** FNV-1a */
function hashOf(text: string, start: number): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = start; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01_00_01_93);
  return hash;
}
