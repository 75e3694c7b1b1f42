/** How a function without a name is called where there is only text. */
import type { LoadedFile } from './activation.ts';

export function shownFunction(name: string, isModule: boolean): string {
  return name || (isModule ? '‹file›' : '‹anonymous›');
}

/** What runs there, in the source as it was written, stands in no function of the file, but in its body. */
export function isModuleBody(file: LoadedFile | undefined, offset: number): boolean {
  if (!file || offset < 0) return false;
  return !file.table.functions.some(({ kind, start, end }) => kind !== 'module' && start <= offset && offset < end);
}
