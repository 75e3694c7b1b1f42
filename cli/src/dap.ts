/** `hindcast dap`: the debug adapter on stdin and stdout, for any client of the Debug Adapter Protocol. */
import { ReplaySession } from '../../debug-adapter/src/session.ts';
import { findInstallation } from './installation.ts';
import { parse } from './options.ts';
import { openSession } from './session.ts';

export function dap(args: readonly string[]): Promise<never> {
  parse(args, {}, 0);
  const session = new ReplaySession({
    open: async (name) => (await openSession(name)).recording,
    sandbox: findInstallation().runtime,
  });
  session.start(process.stdin, process.stdout);
  // the adapter ends the process when its client disconnects
  return new Promise(() => undefined);
}
