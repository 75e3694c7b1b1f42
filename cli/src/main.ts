/**
 * `hindcast`: hands a command that reads recordings over to a Node that can, and else runs the bundle of all commands
 * with what V8 made of it the last time: compiling it takes longer than many a command. `record` has a bundle of its own:
 * what stands here delays the program that is recorded.
 */
import '../../trace-runtime/src/base/own-process.ts';
import path from 'node:path';
import { keepCompiledCode } from '../../trace-runtime/src/base/compiled-code.ts';
import { rerunOnCapableNode } from './capable-node.ts';
import { runMain } from './run-main.ts';

/** What these read is compressed with zstd. */
const READING =
  /^(?:info|state|events|search|diff|why|slice|suspects|validate|what-if|materialise|keep|minimize|generate-test|export|dap)$/;
const OTHERS = /^(?:list|cut|import|warm|ops)$/;
/** What a reader holds stays: a small nursery costs no time, and garbage that goes early saves a third of the memory. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  dap: ['--max-semi-space-size=2', '--heap-growing-percent=40'],
};

const [, , command = '', first] = process.argv;
if (command === 'record' && first !== '--help' && first !== '-h') require(path.join(__dirname, 'record.cjs'));
else {
  const isReading = READING.test(command);
  const handedOver = isReading ? rerunOnCapableNode(FLAGS[command]) : undefined;
  if (handedOver) runMain(() => handedOver);
  else {
    if (isReading || OTHERS.test(command)) keepCompiledCode(command);
    require(path.join(__dirname, 'commands.cjs'));
  }
}
