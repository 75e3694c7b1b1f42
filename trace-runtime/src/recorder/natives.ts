/**
 * What the recorder needs from Node, taken when this module loads, before the program or the boundary patches anything.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { appendWhole, readWhole, writeWhole } from '../base/whole-files.ts';
import Module from 'node:module';
import path from 'node:path';
import url from 'node:url';
import util from 'node:util';
import vm from 'node:vm';
import workerThreads from 'node:worker_threads';

export const natives = {
  readFile: readWhole,
  readFileLater: fs.readFile as (url: URL, done: (error: NodeJS.ErrnoException | null, bytes: Buffer) => void) => void,
  writeFile: writeWhole,
  writeTo: fs.writeSync,
  appendFile: appendWhole,
  rename: fs.renameSync,
  mkdir: fs.mkdirSync,
  exists: fs.existsSync,
  stat: fs.statSync,
  realpath: fs.realpathSync,
  unlink: fs.unlinkSync,
  createHash: crypto.createHash,
  spawn: childProcess.spawn,
  spawnSync: childProcess.spawnSync,
  kill: process.kill.bind(process),
  reallyExit: (process as unknown as { reallyExit(code: number): never }).reallyExit,
  now: Date.now,
  hrtime: process.hrtime.bigint,
  wait: Atomics.wait,
  apply: Reflect.apply,
  construct: Reflect.construct,
  fileURLToPath: url.fileURLToPath,
  pathToFileURL: url.pathToFileURL,
  dirname: path.dirname,
  join: path.join,
  Script: vm.Script,
  runInThisContext: vm.runInThisContext,
  createContext: vm.createContext,
  isContext: vm.isContext,
  inspect: util.inspect,
  isNativeError: util.types.isNativeError,
  syncBuiltinESMExports: Module.syncBuiltinESMExports,
  functionToString: Function.prototype.toString,
  getEnvironmentData: workerThreads.getEnvironmentData,
  setEnvironmentData: workerThreads.setEnvironmentData,
} as const;

/** Reads what may be absent; undefined on any error. */
export function tryRead(file: string): Buffer | undefined {
  try {
    return natives.readFile(file);
  } catch {
    return undefined;
  }
}
