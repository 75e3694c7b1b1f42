/**
 * What the recorder keeps by strong references only to be faster. It is let go now and then, and whenever the program
 * asks for a garbage collection: so weak references and finalisers behave as in the plain program.
 */
export interface Retained {
  /** `letGo` drops what its owner keeps. */
  add(letGo: () => void): void;
  letGo(): void;
}

export function createRetained(): Retained {
  const owners: (() => void)[] = [];
  return {
    add(letGo) {
      owners[owners.length] = letGo;
    },
    letGo() {
      for (let i = 0; i < owners.length; i++) owners[i]!();
    },
  };
}
