/** The program of the workspace service. */
import '../../../../trace-runtime/src/base/own-process.ts';
import { keepCompiledCode } from '../../../../trace-runtime/src/base/compiled-code.ts';
import type { ToService } from './protocol.ts';
import { Service } from './service.ts';

keepCompiledCode();

const service = new Service((message) => process.send?.(message));
process.on('message', (message: ToService) => void service.take(message));
process.on('disconnect', () => process.exit(0));
