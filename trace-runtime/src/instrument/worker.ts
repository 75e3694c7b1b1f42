/** One thread of the instrumenter: takes a request, writes the cache entry, answers with what the text imports. */
import vm from 'node:vm';
import type { MessagePort } from 'node:worker_threads';
import type { CacheWriter } from './cache-writer.ts';
import { instrument } from './instrument.ts';
import { importsOf, type Import } from './prefetch.ts';
import type { Goal, InstrumentRequest } from '../model/instrument-cache.ts';

export interface Done {
  readonly key: string;
  readonly imports: readonly Import[];
}

export function serve(port: MessagePort, writer: CacheWriter): void {
  port.on('message', (request: InstrumentRequest) => {
    answer(request, writer);
    port.postMessage({ key: request.key, imports: importsOf(request) } satisfies Done);
  });
}

export function answer(request: InstrumentRequest, writer: CacheWriter): void {
  const { key, source, fileName, level, goal } = request;
  try {
    const result = instrument(source, { fileName, level, goal, hash: key });
    checkSyntax(result.code, fileName, goal);
    checkSyntax(result.light.code, fileName, goal);
    writer.write(request, result);
  } catch (error) {
    writer.fail(key, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

const WRAPPER = ['exports', 'require', 'module', '__filename', '__dirname'];

/** A text that V8 would refuse must not reach a program. Throws as V8 does. */
function checkSyntax(code: string, fileName: string, goal: Goal): void {
  if (/\.[cm]?tsx?$/.test(fileName) && goal !== 'function' && goal !== 'script') return;
  const text = code.replaceAll(/\u0001./g, '0x');
  if (goal === 'module') checkModule(text);
  else if (goal === 'script' || goal === 'text') void new vm.Script(text);
  else vm.compileFunction(text.startsWith('#!') ? `//${text}` : text, WRAPPER);
}

function checkModule(text: string): void {
  const { SourceTextModule } = vm as unknown as { SourceTextModule?: new (code: string) => unknown };
  if (SourceTextModule) void new SourceTextModule(text);
}
