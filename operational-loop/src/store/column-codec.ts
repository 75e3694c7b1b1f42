/**
 * Columns of numbers in few bits. Times and numbers that are whole, or decimals of few places, are kept as differences of
 * differences; others as the bits that changed from one to the next. Both after Pelkonen et al., Gorilla: a fast, scalable,
 * in-memory time series database (VLDB 2015).
 */
import type { BitReader, BitWriter } from './bits.ts';

/** Codecs by number: 0 to 6 are whole numbers after multiplying by that power of ten, these two are the others. */
const CHANGED_BITS = 14;
const AS_BEFORE = 15;
const MOST_PLACES = 6;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** `before`: a column of as many values; where this one is equal to it nothing more is written. */
export function writeColumn(bits: BitWriter, values: Float64Array, before?: Float64Array): void {
  if (before !== undefined && sameBits(values, before)) return bits.write(AS_BEFORE, 4);
  const places = decimalPlaces(values);
  bits.write(places ?? CHANGED_BITS, 4);
  if (places === undefined) writeChangedBits(bits, values);
  else writeDifferences(bits, values, 10 ** places);
}

/** Throws where the bits are none of `writeColumn`'s. */
export function readColumn(bits: BitReader, count: number, before?: Float64Array): Float64Array {
  const codec = bits.read(4);
  if (codec === AS_BEFORE) {
    if (before === undefined) throw new Error('the first column repeats one before it');
    return before;
  }
  if (codec === CHANGED_BITS) return readChangedBits(bits, count);
  if (codec > MOST_PLACES) throw new Error(`codec ${codec} is unknown`);
  return readDifferences(bits, count, 10 ** codec);
}

function sameBits(one: Float64Array, other: Float64Array): boolean {
  for (let at = 0; at < one.length; at++) if (!Object.is(one[at], other[at])) return false;
  return true;
}

/** The fewest decimal places with which all values, and differences of their differences, are exact; else undefined. */
function decimalPlaces(values: Float64Array): number | undefined {
  let places = 0;
  for (const value of values) {
    while (!isExact(value, 10 ** places)) if (++places > MOST_PLACES) return undefined;
  }
  return places === 0 || values.every((value) => isExact(value, 10 ** places)) ? places : undefined;
}

function isExact(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return Math.abs(whole) < 2 ** 50 && Object.is(whole / scale, value);
}

function writeDifferences(bits: BitWriter, values: Float64Array, scale: number): void {
  let last = 0;
  let lastDifference = 0;
  for (const value of values) {
    const whole = Math.round(value * scale);
    const difference = whole - last;
    writeWhole(bits, difference - lastDifference);
    last = whole;
    lastDifference = difference;
  }
}

function readDifferences(bits: BitReader, count: number, scale: number): Float64Array {
  const values = new Float64Array(count);
  let whole = 0;
  let difference = 0;
  for (let at = 0; at < count; at++) {
    difference += readWhole(bits);
    whole += difference;
    values[at] = whole / scale;
  }
  return values;
}

/** A prefix of ones says how many bits follow; the value is moved up by half of what they can say. */
const widths = [0, 4, 8, 13, 20, 32] as const;

function writeWhole(bits: BitWriter, value: number): void {
  for (const [ones, width] of widths.entries()) {
    const half = width === 0 ? 0 : 2 ** (width - 1);
    if (value < -half || value > Math.max(0, half - 1)) continue;
    bits.write((1 << (ones + 1)) - 2, ones + 1);
    return bits.write(value + half, width);
  }
  bits.write(0b111111, 6);
  float[0] = value;
  bits.write(words[1] as number, 32);
  bits.write(words[0] as number, 32);
}

function readWhole(bits: BitReader): number {
  let ones = 0;
  while (ones < 6 && bits.read(1) === 1) ones++;
  const width = widths[ones];
  if (width !== undefined) return width === 0 ? 0 : bits.read(width) - 2 ** (width - 1);
  words[1] = bits.read(32);
  words[0] = bits.read(32);
  return float[0] as number;
}

function writeChangedBits(bits: BitWriter, values: Float64Array): void {
  let lastHigh = 0;
  let lastLow = 0;
  let leading = 65;
  let trailing = 0;
  for (const value of values) {
    float[0] = value;
    const [low = 0, high = 0] = words;
    const changedHigh = (high ^ lastHigh) >>> 0;
    const changedLow = (low ^ lastLow) >>> 0;
    lastHigh = high;
    lastLow = low;
    if (changedHigh === 0 && changedLow === 0) {
      bits.write(0, 1);
      continue;
    }
    const zerosBefore = Math.min(31, changedHigh === 0 ? 32 : Math.clz32(changedHigh));
    const zerosAfter = changedLow === 0 ? 32 + trailingZeros(changedHigh) : trailingZeros(changedLow);
    if (zerosBefore >= leading && zerosAfter >= trailing) {
      bits.write(0b10, 2);
    } else {
      leading = zerosBefore;
      trailing = zerosAfter;
      bits.write(0b11, 2);
      bits.write(leading, 5);
      bits.write(64 - leading - trailing - 1, 6);
    }
    writeShifted(bits, changedHigh, changedLow, trailing, 64 - leading - trailing);
  }
}

function readChangedBits(bits: BitReader, count: number): Float64Array {
  const values = new Float64Array(count);
  let high = 0;
  let low = 0;
  let length = 0;
  let trailing = 0;
  for (let at = 0; at < count; at++) {
    if (bits.read(1) === 1) {
      if (bits.read(1) === 1) {
        const leading = bits.read(5);
        length = bits.read(6) + 1;
        trailing = 64 - leading - length;
        if (trailing < 0) throw new Error('a changed number has more than 64 bits');
      }
      const [changedHigh, changedLow] = readShifted(bits, trailing, length);
      high = (high ^ changedHigh) >>> 0;
      low = (low ^ changedLow) >>> 0;
    }
    words[1] = high;
    words[0] = low;
    values[at] = float[0] as number;
  }
  return values;
}

/** `length` bits of the 64 after dropping `shift` at the end. */
function writeShifted(bits: BitWriter, high: number, low: number, shift: number, length: number): void {
  const shiftedLow = shift >= 32 ? high >>> (shift - 32) : shift === 0 ? low : (low >>> shift) | (high << (32 - shift));
  const shiftedHigh = shift >= 32 ? 0 : high >>> shift;
  if (length > 32) bits.write(shiftedHigh, length - 32);
  bits.write(shiftedLow, Math.min(32, length));
}

function readShifted(bits: BitReader, shift: number, length: number): readonly [number, number] {
  const high = length > 32 ? bits.read(length - 32) : 0;
  const low = bits.read(Math.min(32, length));
  if (shift >= 32) return [low << (shift - 32), 0];
  return shift === 0 ? [high, low] : [(high << shift) | (low >>> (32 - shift)), low << shift];
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
