/** The functions of a thread's files as panels name them. */
import path from 'node:path';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import type { FunctionAnswer } from '../../trace-runtime/src/model/panel-answers.ts';
import type { Places, SourcePlace } from '../../trace-runtime/src/query/source-places.ts';
import type { RecordedThread } from './recorded-thread.ts';

export class Functions {
  private readonly known = new Map<number, FunctionAnswer>();

  constructor(
    private readonly places: Places,
    private readonly thread: RecordedThread,
  ) {}

  /** By the site of its first op, which is its number. */
  of(site: number): FunctionAnswer {
    let found = this.known.get(site);
    if (found === undefined) this.known.set(site, (found = this.describe(site)));
    return found;
  }

  /** Sites of the functions whose name, or whose file's, has the text in it. */
  matching(text: string): Set<number> {
    const wanted = text.toLowerCase();
    const found = new Set<number>();
    if (wanted === '') return found;
    for (const file of this.thread.files) {
      for (const site of file.table.functions) {
        const { id, name, path: at } = this.of(file.base + site.firstOp);
        if (name.toLowerCase().includes(wanted) || path.basename(at).toLowerCase().includes(wanted)) found.add(id);
      }
    }
    return found;
  }

  private describe(site: number): FunctionAnswer {
    const file = this.fileOf(site);
    const index = file?.code.owner[site - file.base] ?? -1;
    const own = file?.table.functions[index];
    if (file === undefined || own === undefined) return { id: site, name: '(unknown)', path: '', line: 0 };
    const place = this.places.of(this.thread.reader, file, own.start);
    const name = own.name || this.nameless(file, index, place);
    return { id: site, name, path: place.path, line: place.line ?? 0 };
  }

  /** A file's body has the file's name; other functions without one that of the function around them, with their line. */
  private nameless({ table }: LoadedFile, index: number, { path: at, line }: SourcePlace): string {
    if (index === 0) return path.basename(at);
    let around = table.functions[index]?.parent ?? -1;
    while (around > 0 && table.functions[around]?.name === '') around = table.functions[around]!.parent;
    const name = (around > 0 && table.functions[around]?.name) || path.basename(at);
    return line === undefined ? name : `${name}:${line}`;
  }

  private fileOf(site: number): LoadedFile | undefined {
    return this.thread.files.findLast(({ base, code }) => site >= base && site < base + code.count);
  }
}
