/** The program of the workspace service. */
import '../../../../trace-runtime/src/base/own-process.ts';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { ToService } from './protocol.ts';
import { Service } from './service.ts';

const { enableCompileCache } = module as unknown as { enableCompileCache?: (folder: string) => unknown };
enableCompileCache?.(path.join(os.homedir(), '.cache', 'hindcast', 'code'));

const service = new Service((message) => process.send?.(message));
process.on('message', (message: ToService) => void service.take(message));
process.on('disconnect', () => process.exit(0));
