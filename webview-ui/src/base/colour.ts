/** Colours as the editor writes them: `#rgb`, `#rrggbb`, with alpha, `rgb(…)`, `rgba(…)`. */

export type Rgb = readonly [number, number, number];

/** With alpha from 0 to 1; undefined where it is no such colour. */
export function parseColour(text: string): readonly [number, number, number, number] | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const digits = hex.length <= 4 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    const [red, green, blue, alpha = 255] = digits.map((pair) => Number.parseInt(pair, 16));
    return blue === undefined ? undefined : [red!, green!, blue, alpha / 255];
  }
  const numbers = /^rgba?\(([^)]*)\)$/i
    .exec(text.trim())?.[1]
    ?.split(/[\s,/]+/)
    .filter(Boolean);
  if (numbers === undefined) return undefined;
  const [red, green, blue, alpha = 1] = numbers.map((each, i) =>
    each.endsWith('%') ? (Number.parseFloat(each) / 100) * (i < 3 ? 255 : 1) : Number.parseFloat(each),
  );
  return blue === undefined || [red, green, blue, alpha].some(Number.isNaN) ? undefined : [red!, green!, blue, alpha];
}

/** `share` of the first, the rest of the second. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2): number => a[i] * share + b[i] * (1 - share);
  return [at(0), at(1), at(2)];
}

export function toCss(colour: Rgb): string {
  return `#${colour.map((each) => Math.round(each).toString(16).padStart(2, '0')).join('')}`;
}
