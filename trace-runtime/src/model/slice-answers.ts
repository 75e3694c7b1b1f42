/** What the debug adapter answers about slices: the statements that what happens where the debugger stands depends on. */

export interface SliceArguments {
  readonly threadId: number;
  /** stepping is no longer kept to the slice */
  readonly leave?: boolean;
}

export interface SliceAnswer {
  /** by file: lines with statements of the slice, from 1, ascending */
  readonly files: readonly { readonly path: string; readonly lines: readonly number[] }[];
  /** runs of statements in the slice, and of all in the thread */
  readonly runs: number;
  readonly ran: number;
  /** nothing that it depends on lies further back than was looked */
  readonly complete: boolean;
}
