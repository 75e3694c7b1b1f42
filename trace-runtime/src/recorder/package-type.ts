import { natives } from './natives.ts';
import { OwnMap } from './primordials.ts';

/** What each package.json that was found says; by folder. Node, too, reads each once. */
const said = new OwnMap<string, string | undefined>();

/** What the nearest package.json above a file calls its `.js` files; undefined: nothing. */
export function packageType(file: string): string | undefined {
  for (let folder = natives.dirname(file); ; folder = natives.dirname(folder)) {
    if (said.has(folder)) return said.get(folder);
    const manifest = natives.join(folder, 'package.json');
    if (natives.exists(manifest)) {
      try {
        const { type } = JSON.parse(natives.readFile(manifest, 'utf8')) as { type?: string };
        said.set(folder, type);
        return type;
      } catch {
        // Node does not take it either: the next one above
      }
    }
    if (natives.dirname(folder) === folder) return undefined;
  }
}
