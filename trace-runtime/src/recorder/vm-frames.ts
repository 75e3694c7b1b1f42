/** Frames of `vm.Script`'s methods. V8 calls a script by its native class's name, since `vm.Script` is a stand-in (vm-hooks.ts). */
import { overlaid } from './method-names.ts';

const NATIVE = 'ContextifyScript';

export function isScriptOfVm(name: string, site: NodeJS.CallSite): boolean {
  return name === 'node:vm' && site.getTypeName() === NATIVE;
}

export function asScriptOfVm(site: NodeJS.CallSite): NodeJS.CallSite {
  return overlaid(
    site,
    new Map<string | symbol, unknown>([
      ['getTypeName', () => 'Script'],
      ['toString', () => site.toString().replace(NATIVE, 'Script')],
    ]),
  );
}
