/**
 * What lay on disk where code was loaded from, besides the loaded texts: what a compiler made one of, manifests of packages,
 * configuration of compilers, links among packages. With it a light recording is executed again where all of that is gone.
 */
export type CodeFile = { readonly path: string } & (
  | { readonly text: string }
  /** of a folder that holds nothing else that is kept: what is a link in it, or in a folder of it, and its target as it says itself */
  | { readonly links: Readonly<Record<string, string>> }
);

/** Ends the name of its file in the recording's folder of sources, which holds it as JSON. */
export const CODE_FILE = '.file';
