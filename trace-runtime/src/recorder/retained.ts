/**
 * What the recorder keeps by strong references only to be faster. It is let go now and then, and whenever the program
 * asks for a garbage collection: so weak references and finalisers behave as in the plain program.
 */
export interface Retained {
  /** A list whose elements may go at any time between two records. */
  add(list: unknown[]): void;
  letGo(): void;
}

export function createRetained(): Retained {
  const lists: unknown[][] = [];
  return {
    add(list) {
      lists[lists.length] = list;
    },
    letGo() {
      for (let i = 0; i < lists.length; i++) {
        const list = lists[i]!;
        for (let at = 0; at < list.length; at++) list[at] = undefined;
      }
    },
  };
}
