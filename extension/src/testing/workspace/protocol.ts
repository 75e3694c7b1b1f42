/** What the extension asks the workspace service, and what it answers: messages of JSON between two processes. */
import type { Listing, ParsedTest, Project, Selection, TestCommand } from './test-model.ts';

/** What a file offers to record. */
export interface Outline {
  /** the project whose tests the file has; undefined where it has none */
  readonly project: Project | undefined;
  readonly tests: readonly ParsedTest[];
  /** it is started as a program: by package.json, a script, or its first line */
  readonly isEntry: boolean;
  /** of a package.json: where its scripts stand */
  readonly scripts: readonly ScriptPlace[];
}

export interface ScriptPlace {
  readonly name: string;
  /** from 0 */
  readonly line: number;
}

/** By request: what is asked and what is answered. */
export interface Requests {
  /** `text`: what the editor shows, where that is not what is saved */
  readonly outline: { readonly ask: { readonly file: string; readonly text?: string }; readonly answer: Outline };
  readonly projects: { readonly ask: { readonly folder: string }; readonly answer: readonly Project[] };
  /** `trusted`: the project's own programs may run; else names alone tell what is a test */
  readonly list: { readonly ask: { readonly project: Project; readonly trusted: boolean }; readonly answer: Listing };
  readonly commands: {
    readonly ask: { readonly selection: Selection; readonly siblings: readonly string[] };
    readonly answer: readonly TestCommand[];
  };
}

export type RequestName = keyof Requests;

export type Question = {
  readonly [K in RequestName]: { readonly id: number; readonly name: K; readonly ask: Requests[K]['ask'] };
}[RequestName];

export type ToService = Question | { readonly cancel: number };

export type FromService =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
