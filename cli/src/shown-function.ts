/** How a function without a name is called in a terminal. */
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';

/** `offset`: of what runs in it, in the source as it was written */
export function shownFunction(name: string, file: LoadedFile | undefined, offset: number): string {
  return name || (file && offset >= 0 && isOutside(file, offset) ? '‹file›' : '‹anonymous›');
}

/** In no function of the file, but its body. */
function isOutside({ table }: LoadedFile, offset: number): boolean {
  return !table.functions.some(({ kind, start, end }) => kind !== 'module' && start <= offset && offset < end);
}
