/**
 * ES modules where Node has no synchronous load hooks (before 22.15) and the program has no hooks of its own: Node loads
 * them on the program's thread, and reads each through `fs.promises.readFile` as it is at that time.
 */
import fs from 'node:fs';
import type { Disguises } from './disguise.ts';
import type { LateBuiltins } from './late-builtins.ts';
import type { Loader } from './loader.ts';
import { natives } from './natives.ts';
import { packageType } from './package-type.ts';
import type { StackTraces } from './stack-traces.ts';
import type { ReadInTurn } from '../boundary/install.ts';
import { hasModuleSyntax } from '../model/module-syntax.ts';

export interface ModuleReadsPorts {
  readonly loader: Loader;
  readonly disguises: Disguises;
  readonly builtins: LateBuiltins;
  readonly stacks: StackTraces;
  /** told of each text that Node is about to compile */
  compiling(source: string): void;
  readonly readInTurn: ReadInTurn;
}

type ReadFile = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** What such a read brings is handed to Node instrumented. */
export function hookModuleReads(ports: ModuleReadsPorts): void {
  const { loader, disguises, builtins, stacks, compiling, readInTurn } = ports;
  const { promises } = fs as unknown as { readonly promises: { readFile: ReadFile } };
  const { readFile } = promises;
  const { apply } = natives;
  const { wrapper } = {
    wrapper(this: unknown, ...args: unknown[]): Promise<unknown> {
      const href = moduleAddress(args);
      if (href === undefined || !isModuleLoader(stacks.framesAbove(disguised, 1)[0]))
        return apply(readFile, this, args as never);
      if (!loader.wants(href)) return readInTurn(href, apply(readFile, this, args as never));
      const read = new OwnPromise<unknown>((resolve) => {
        natives.readFileLater(args[0] as URL, (error, bytes) =>
          resolve(error ? otherwise(href, apply(readFile, this, args as never)) : instrumented(href, bytes)),
        );
      });
      return readInTurn(href, read);
    },
  };
  const disguised = disguises.disguise(wrapper, readFile);
  promises.readFile = disguised;

  /** Where the file is gone, a run that is executed again is given its recorded text. */
  async function otherwise(url: string, read: Promise<unknown>): Promise<unknown> {
    const found = await read;
    return Buffer.isBuffer(found) ? instrumented(url, found) : found;
  }

  function instrumented(url: string, bytes: Buffer): Buffer {
    const source = bytes.toString();
    compiling(source);
    builtins.named(source);
    return instrumentedModule(loader, url, bytes);
  }
}

/** What Node is to run of what it has read for its loader of ES modules. */
export function instrumentedModule(loader: Loader, url: string, bytes: Buffer): Buffer {
  const source = bytes.toString();
  if (!isModule(natives.fileURLToPath(url), source)) return bytes;
  const code = loader.transform(source, url, 'module');
  return code === source ? bytes : Buffer.from(code);
}

/** The address of code that Node reads for an ES module; undefined where something else is read. */
export function moduleAddress(args: readonly unknown[]): string | undefined {
  const [url] = args;
  return args.length === 1 && url instanceof OwnUrl && isCode(url.href) ? url.href : undefined;
}

const OwnPromise = Promise;
const OwnUrl = URL;
/** What Node may run as an ES module without hooks; the rest is JSON, WebAssembly, addons. */
const CODE = /(?:^|[\\/])[^.\\/]*$|\.m?[jt]s$/;

function isCode(url: string): boolean {
  return CODE.test(url.replace(/[?#].*$/, ''));
}

/** Whether Node will run what it has read as an ES module. */
export function isModule(path: string, source: string): boolean {
  const [, kind] = /\.([mc])[jt]s$/.exec(path) ?? [];
  if (kind !== undefined) return kind === 'm';
  const type = packageType(path);
  return type === 'module' || (type !== 'commonjs' && hasModuleSyntax(source));
}

export function isModuleLoader(caller: NodeJS.CallSite | undefined): boolean {
  return caller?.getFileName() === 'node:internal/modules/esm/load';
}
