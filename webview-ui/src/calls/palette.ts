/** Colours of functions: a hue for each file, in the order in which files come up, and a shade of it for the function. */
import type { FunctionAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Theme } from '../base/theme.ts';

export class Palette {
  private readonly files = new Map<string, number>();
  private readonly shades = new Map<string, number>();

  private fills = new Map<FunctionAnswer, string>();
  private theme: Theme | undefined;

  /** Functions of packages, which are somebody else's, are fainter. */
  fillOf(of: FunctionAnswer | undefined, theme: Theme): string {
    if (of === undefined) return theme.nothing;
    if (this.theme !== theme) this.fills = new Map();
    this.theme = theme;
    let fill = this.fills.get(of);
    if (fill === undefined) this.fills.set(of, (fill = this.choose(of, theme)));
    return fill;
  }

  private choose(of: FunctionAnswer, { functions, packages, nothing }: Theme): string {
    const hues = /[\\/]node_modules[\\/]/.test(of.path) ? packages : functions;
    const hue = hues[this.fileOf(of.path) % hues.length];
    return hue?.[this.shadeOf(of.name) % hue.length] ?? nothing;
  }

  clear(): void {
    this.files.clear();
    this.fills.clear();
  }

  private fileOf(path: string): number {
    let file = this.files.get(path);
    if (file === undefined) this.files.set(path, (file = this.files.size));
    return file;
  }

  private shadeOf(name: string): number {
    let shade = this.shades.get(name);
    if (shade !== undefined) return shade;
    shade = 7;
    for (let i = 0; i < name.length; i++) shade = (Math.imul(shade, 31) + name.charCodeAt(i)) >>> 0;
    this.shades.set(name, shade);
    return shade;
  }
}
