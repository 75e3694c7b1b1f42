import { stepOf, type Op } from '../model/sites.ts';

/** An op under construction; its index is known once every function's ops have been counted. */
export interface OpRef {
  index: number;
  flow: boolean;
  op: Op;
}

/** A piece of inserted text: literal text, an op's word, its bare index, or what the control-flow hash is rolled by. */
export type Piece = string | { readonly word: OpRef } | { readonly index: OpRef } | { readonly step: OpRef };

interface Insertion {
  readonly position: number;
  readonly order: number;
  readonly pieces: readonly Piece[];
}

export interface Rendered {
  readonly code: string;
  /** line (from 0), original column, inserted length; sorted */
  readonly edits: number[];
}

/** Stands before the nine hex digits of an op word; the loader puts `0x` and eight digits in their place. */
const MARK = '\u0001';

const NAME_START = /^[\w$]/;
const NAME_END = /[\w$]$/;

/** Text insertions into a source; nothing is ever removed, and no line is added. */
export class Edits {
  readonly #insertions: Insertion[] = [];
  #order = 0;

  /** Insertions at one position appear in the order of the calls. */
  insert(position: number, ...pieces: readonly Piece[]): void {
    this.#insertions.push({ position, order: this.#order++, pieces });
  }

  /** Room for text that is known later: pieces pushed to the result before `render` stand at the position. */
  reserve(position: number): Piece[] {
    const pieces: Piece[] = [];
    this.#insertions.push({ position, order: this.#order++, pieces });
    return pieces;
  }

  get empty(): boolean {
    return this.#insertions.length === 0;
  }

  /** `key`: what the index of an op is moved by for the hash. */
  render(source: string, lineStarts: readonly number[], key: number): Rendered {
    const sorted = this.#insertions.sort((a, b) => a.position - b.position || a.order - b.order);
    const out: string[] = [];
    const edits: number[] = [];
    let from = 0;
    let line = 0;
    for (const { position, pieces } of sorted) {
      if (position > from) out.push(source.slice(from, position));
      from = position;
      while (line + 1 < lineStarts.length && (lineStarts[line + 1] ?? 0) <= position) line += 1;
      let text = pieces.map((piece) => renderPiece(piece, key)).join('');
      // `return[1]` must not become `return__hcR(…`
      if (NAME_START.test(text) && NAME_END.test(out.at(-1) ?? '')) text = ` ${text}`;
      if (text === '') continue;
      out.push(text);
      edits.push(line, position - (lineStarts[line] ?? 0), text.length);
    }
    out.push(source.slice(from));
    return { code: out.join(''), edits };
  }
}

function renderPiece(piece: Piece, key: number): string {
  if (typeof piece === 'string') return piece;
  if ('index' in piece) return String(piece.index.index);
  if ('step' in piece) return String(stepOf(piece.step.index, key));
  const { index, flow } = piece.word;
  const word = index * 16 + (flow ? 8 : 0) + 7;
  return MARK + word.toString(16).padStart(9, '0');
}
