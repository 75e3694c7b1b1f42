/** `node sidecar.cjs RECORDING`: runs the collector's bundle, collect.ts. */
import '../base/own-process.ts';
import os from 'node:os';
import path from 'node:path';
import { runBundle } from '../base/run-bundle.ts';

runBundle(path.join(__dirname, 'collector.cjs'), path.join(os.homedir(), '.cache', 'hindcast'), require, __filename);
