/**
 * Site words in a cached file are the marker U+0001 and nine hex digits, a word of base 0. They become `0x` and eight
 * digits of the word at the base that this load was given: the same length, so the text is patched in place.
 */
const MARKER = 1;
const DIGITS = 9;
const ZERO = 48;
const LETTER = 87;
const X = 120;

/** Patches `bytes` from `start` on. A base is allotted once a load, and moves every word by base * 16. */
export function placeSiteWords(bytes: Buffer, start: number, base: number): void {
  const shift = base * 16;
  for (let at = bytes.indexOf(MARKER, start); at >= 0; at = bytes.indexOf(MARKER, at + 1 + DIGITS)) {
    let word = 0;
    for (let i = at + 1; i <= at + DIGITS; i++) {
      const digit = bytes[i]!;
      word = word * 16 + (digit < LETTER ? digit - ZERO : digit - LETTER);
    }
    word += shift;
    for (let i = at + DIGITS; i > at + 1; i--) {
      const rest = word % 16;
      bytes[i] = rest < 10 ? rest + ZERO : rest + LETTER;
      word = (word - rest) / 16;
    }
    bytes[at] = ZERO;
    bytes[at + 1] = X;
  }
}
