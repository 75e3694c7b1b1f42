/** The calls of a stream that is looked at from some place on: those that were seen to begin, or to be at something. */
import type { LoadedFile } from './activation.ts';
import { K } from './code.ts';

interface Call {
  readonly file: LoadedFile;
  readonly functionIndex: number;
}

/** A call that was left by an error. */
export interface LeftCall extends Call {
  /** where it was */
  readonly op: number;
}

export class LooseStack {
  /** innermost last; below them are others */
  private readonly calls: Call[] = [];
  /** calls that were left since a record of a site came, innermost first, as far as they are known */
  left: readonly LeftCall[] = [];
  private isKnown = true;

  constructor(private readonly files: { fileOf(id: number): LoadedFile | undefined }) {}

  /** A record of that site. */
  site(id: number): void {
    this.left = [];
    this.isKnown = true;
    const file = this.files.fileOf(id);
    if (!file) return;
    const op = id - file.base;
    const kind = file.code.kind[op];
    const call = { file, functionIndex: file.code.owner[op] ?? 0 };
    const { calls } = this;
    if (kind === K.enter || kind === K.early) {
      calls.push(call);
      return;
    }
    const at = calls.findLastIndex((each) => each.file === file && each.functionIndex === call.functionIndex);
    calls.length = at + 1;
    if (at < 0) calls.push(call);
    if (kind === K.return || kind === K.exit || kind === K.suspend) calls.pop();
  }

  /** The innermost call is left by an error, at that op. */
  leave(op: number): void {
    const call = this.calls.pop();
    if (!call) this.isKnown = false;
    else if (this.isKnown) this.left = [...this.left, { ...call, op }];
  }
}
