import { natives } from './natives.ts';

/** What the nearest package.json above a file calls its `.js` files; undefined: nothing. */
export function packageType(file: string): string | undefined {
  for (let folder = natives.dirname(file); ; folder = natives.dirname(folder)) {
    try {
      const { type } = JSON.parse(natives.readFile(natives.join(folder, 'package.json'), 'utf8')) as { type?: string };
      return type;
    } catch {
      if (natives.dirname(folder) === folder) return undefined;
    }
  }
}
