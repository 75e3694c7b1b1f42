/** What becomes of each call on a path: who answers it, and where it goes. */
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../base/whole-files.ts';
import type { FileAnswer } from '../../model/recorded-world.ts';
import { ownData } from '../patch.ts';
import { directoryOf } from './directories.ts';
import { entriesFrom, empties, mayWrite, mustMake, statsFrom, volumeFrom } from './file-results.ts';
import type { FileWorld } from './file-world.ts';
import type { Overlay } from './overlay.ts';
import { errorFrom, type Serving } from './serving.ts';

export type Decision =
  /** the call as it is */
  | { readonly go: 'real' }
  /** the call on other paths */
  | { readonly go: 'there'; readonly paths: readonly string[]; readonly after?: () => void }
  | { readonly go: 'value'; readonly value: unknown }
  | { readonly go: 'error'; readonly error: Error };

const { readdirSync } = fs;
const readFolder = (folder: string): fs.Dirent[] => readdirSync(folder, { withFileTypes: true });
const REAL: Decision = { go: 'real' };
const MODULES = /[\\/]node_modules[\\/]/;
const SYSCALLS: Readonly<Record<string, string>> = {
  readFile: 'open',
  readdir: 'scandir',
  realpath: 'lstat',
  opendir: 'opendir',
};
const ERRORS: Readonly<Record<string, readonly [number, string]>> = {
  ENOENT: [-2, 'no such file or directory'],
  EEXIST: [-17, 'file already exists'],
};

export class FileDecisions {
  constructor(
    private readonly serving: Serving,
    private readonly files: FileWorld,
    private readonly overlay: Overlay,
  ) {}

  /** Calls that look: `readFile`, `stat` and their like. */
  read(call: string, args: readonly unknown[]): Decision {
    const { files, overlay, serving } = this;
    const file = files.pathOf(args[0]);
    if (file === undefined) return REAL;
    const seen = overlay.look(file);
    if (seen === 'gone') return this.absent(call, file, args);
    if (seen === 'file') return there(overlay.at(file));
    // the program made it: nothing else is in it
    if (seen === 'folder' && files.wasThere(file) === false)
      return call === 'opendir' ? this.merged(call, file, args) : there(overlay.at(file));
    // to find out who calls takes longer than the call
    const matters = !files.isSource(file) && (files.isKnown(file) || !MODULES.test(file));
    const caller = matters ? serving.caller() : undefined;
    if (caller && caller.by !== 'tool' && caller.by !== 'loader') {
      const found = files.answer(call, file);
      if (found) return this.given(call, file, args, found);
      const derived = this.derived(call, file, args);
      if (derived) return derived;
      if (this.isNoted(call, file, caller.by)) serving.unmatched('files', `fs.${call} ${file}`, caller);
    }
    if (seen !== 'folder') return REAL;
    if (call === 'readdir' || call === 'opendir') return this.merged(call, file, args);
    return existsReally(files, file) ? REAL : there(overlay.at(file));
  }

  /** Calls that change one path. */
  write(call: string, args: readonly unknown[]): Decision {
    const { files, overlay } = this;
    const file = files.pathOf(args[0]);
    if (file === undefined) return REAL;
    switch (call) {
      case 'open':
        return this.open(file, args);
      case 'writeFile': {
        const flag = ownData(args[2], 'flag') ?? 'w';
        if (mustMake(flag) && files.isThere(file)) return fault('EEXIST', 'open', file);
        return this.changed(file, empties(flag));
      }
      case 'mkdir':
        return this.makeFolder(file, args[1]);
      case 'mkdtemp': {
        const name = files.answer(call, file)?.name;
        if (name === undefined) return there(overlay.toWrite(file));
        overlay.makeFolder(name);
        return { go: 'value', value: name };
      }
      case 'rm':
      case 'rmdir':
      case 'unlink':
        if (!files.isThere(file))
          return call === 'rm' && ownData(args[1], 'force') === true
            ? { go: 'value', value: undefined }
            : fault('ENOENT', call, file);
        overlay.remove(file);
        return { go: 'value', value: undefined };
      case 'appendFile':
        return this.changed(file, false);
      default:
        if (!files.isThere(file)) return fault('ENOENT', call, file);
        return this.changed(file, false);
    }
  }

  /** Calls from one path to another. */
  between(call: string, args: readonly unknown[]): Decision {
    const { files, overlay } = this;
    const to = files.pathOf(args[1]);
    if (to === undefined) return REAL;
    if (call === 'symlink') return { go: 'there', paths: [String(args[0]), overlay.toWrite(to)] };
    const from = files.pathOf(args[0]);
    const content = from === undefined ? String(args[0]) : files.content(from);
    if (content === undefined || (from !== undefined && !files.isThere(from)))
      return fault('ENOENT', call, from ?? '', to);
    if (!this.hasFolder(to)) return fault('ENOENT', call, from ?? '', to);
    if (call !== 'rename' || from === undefined) return { go: 'there', paths: [content, overlay.toWrite(to)] };
    const moved = overlay.toChange(from, content);
    // nobody has read it, so its content is not known
    if (overlay.look(from) === undefined) writeWhole(moved, '');
    const after = (): void => overlay.remove(from);
    return { go: 'there', paths: [moved, overlay.toWrite(to)], after };
  }

  private open(file: string, args: readonly unknown[]): Decision {
    const flags = args[1] ?? 'r';
    if (!mayWrite(flags)) return this.read('open', args);
    if (mustMake(flags) && this.files.isThere(file)) return fault('EEXIST', 'open', file);
    const mustBe = typeof flags === 'string' && flags.startsWith('r');
    if (mustBe && !this.files.isThere(file)) return fault('ENOENT', 'open', file);
    return this.changed(file, empties(flags));
  }

  private changed(file: string, isEmptied: boolean): Decision {
    if (!this.hasFolder(file)) return fault('ENOENT', 'open', file);
    const { overlay, files } = this;
    return there(isEmptied ? overlay.toWrite(file) : overlay.toChange(file, files.content(file)));
  }

  private makeFolder(file: string, options: unknown): Decision {
    const { overlay, files } = this;
    const isRecursive = ownData(options, 'recursive') === true;
    if (files.isThere(file)) return isRecursive ? { go: 'value', value: undefined } : fault('EEXIST', 'mkdir', file);
    if (!isRecursive && !this.hasFolder(file)) return fault('ENOENT', 'mkdir', file);
    return there(overlay.toWrite(file));
  }

  /** Whether there is a folder for it. What was written to or read from it tells, too. */
  private hasFolder(file: string): boolean {
    const folder = path.dirname(file);
    return this.files.isThere(folder) || this.serving.world.files[file] !== undefined;
  }

  private given(call: string, file: string, args: readonly unknown[], answer: FileAnswer): Decision {
    const { error, content, stat, statfs, entries, exists, name } = answer;
    if (error) {
      if (error.code === 'ENOENT' && this.overlay.look(file) === 'folder') return there(this.overlay.at(file));
      if (call === 'exists') return { go: 'value', value: false };
      return { go: 'error', error: errorFrom(error, { path: args[0] }) };
    }
    if (content !== undefined) return there(content);
    if (stat === null) return { go: 'value', value: undefined };
    if (stat !== undefined) return { go: 'value', value: statsFrom(stat, args[1]) };
    if (Array.isArray(statfs)) return { go: 'value', value: volumeFrom(statfs, args[1]) };
    if (call === 'opendir') return this.directory(answer, file, args);
    if (entries !== undefined) return { go: 'value', value: this.entries(entries, file, args[1]) };
    if (exists !== undefined) return { go: 'value', value: exists || this.overlay.look(file) === 'folder' };
    if (name !== undefined) return { go: 'value', value: name };
    return call === 'access' ? { go: 'value', value: undefined } : REAL;
  }

  /** What other calls on the path have told. */
  private derived(call: string, file: string, args: readonly unknown[]): Decision | undefined {
    const was = this.files.wasThere(file);
    if (was === undefined) return undefined;
    if (call === 'exists') return { go: 'value', value: was };
    if (!was) return this.absent(call, file, args);
    if (call === 'access') return { go: 'value', value: undefined };
    if (call === 'realpath') return { go: 'value', value: file };
    const content = this.files.content(file);
    return content !== undefined && content !== file && call !== 'readdir' ? there(content) : undefined;
  }

  private absent(call: string, file: string, args: readonly unknown[]): Decision {
    if (call === 'exists') return { go: 'value', value: false };
    if (ownData(args[1], 'throwIfNoEntry') === false) return { go: 'value', value: undefined };
    return fault('ENOENT', SYSCALLS[call] ?? call, file);
  }

  private entries(recorded: FileAnswer['entries'], folder: string, options: unknown): unknown[] {
    const isFolder = (name: string): boolean => this.overlay.look(path.join(folder, name)) === 'folder';
    return entriesFrom(recorded ?? [], folder, options, this.overlay.changes(folder), isFolder);
  }

  private directory(
    { entries, isCut = true }: FileAnswer,
    file: string,
    [name, options]: readonly unknown[],
  ): Decision {
    const all = this.entries(entries, file, { withFileTypes: true }) as fs.Dirent[];
    const ended = (): void => {
      const what = `further entries of ${file}`;
      if (isCut) this.serving.unmatched('files', what, this.serving.caller());
    };
    return { go: 'value', value: directoryOf(name, options, all.map(typed), ended) };
  }

  /** A folder that the recording does not know, with what the program made in it. */
  private merged(call: string, folder: string, args: readonly unknown[]): Decision {
    const isReal = existsReally(this.files, folder);
    if (!isReal && call === 'readdir') return there(this.overlay.at(folder));
    const entries = isReal ? realEntries(folder) : [];
    if (call === 'opendir') return this.directory({ entries: entries ?? [], isCut: false }, folder, args);
    return { go: 'value', value: this.entries(entries, folder, args[1]) };
  }

  /** Whether a look at the real file makes the verdict doubtful. */
  private isNoted(call: string, file: string, by: string): boolean {
    if (MODULES.test(file)) return false;
    if (by === 'program') return true;
    const isCode = /\.(?:[cm]?[jt]sx?|json|node)$/.test(file);
    const isContent = call === 'readFile' || call === 'open';
    return isContent && !isCode && (by === 'package' || this.serving.fromRecordedCode);
  }
}

function there(file: string): Decision {
  return { go: 'there', paths: [file] };
}

function fault(code: 'ENOENT' | 'EEXIST', syscall: string, file: string, dest?: string): Decision {
  const [errno, text] = ERRORS[code]!;
  const places = dest === undefined ? `'${file}'` : `'${file}' -> '${dest}'`;
  const message = `${code}: ${text}, ${syscall} ${places}`;
  return { go: 'error', error: errorFrom({ message, errno, code, syscall }, { path: file, dest }) };
}

function typed(entry: fs.Dirent): readonly [name: string, type: number] {
  const [kind] = Object.getOwnPropertySymbols(entry);
  const type = kind && ownData(entry, kind);
  return [entry.name, typeof type === 'number' ? type : 1];
}

function existsReally(files: FileWorld, file: string): boolean {
  return files.wasThere(file) ?? realEntries(file) !== undefined;
}

function realEntries(folder: string): readonly [string, number, string][] | undefined {
  try {
    return readFolder(folder).map((entry) => [
      entry.name,
      entry.isDirectory() ? 2 : entry.isSymbolicLink() ? 3 : 1,
      folder,
    ]);
  } catch {
    return undefined;
  }
}
