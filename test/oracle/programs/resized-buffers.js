'use strict';
// Buffers that grow, shrink and are given away, beneath views that follow their length and views that do not.
class Log {
  #buffer = new ArrayBuffer(4, { maxByteLength: 64 });
  #used = 0;
  bytes = new Uint8Array(this.#buffer);
  head = new Uint8Array(this.#buffer, 0, 4);
  view = new DataView(this.#buffer);
  write(number) {
    while (this.#used + 4 > this.#buffer.byteLength) this.#buffer.resize(this.#buffer.byteLength * 2);
    this.view.setUint32(this.#used, number);
    this.#used += 4;
    return this.bytes.length;
  }
  cut(to) {
    this.#buffer.resize(to);
    this.#used = Math.min(this.#used, to);
    return [...this.bytes];
  }
  get buffer() {
    return this.#buffer;
  }
}

function logging() {
  const log = new Log();
  const lengths = [1, 2 ** 31, 3].map((number) => log.write(number));
  const tail = new Uint16Array(log.buffer, 8);
  tail[0] = 0xabcd;
  const cut = log.cut(2);
  const outside = [log.head.length, tail.length, tail.byteOffset];
  try {
    outside.push(log.view.getUint32(0));
  } catch (error) {
    outside.push(error.name);
  }
  log.bytes.fill(7);
  log.buffer.resize(12);
  const back = [log.head.length, tail.length, log.bytes.subarray(0, 4).join()];
  const same = new Uint8Array(log.buffer, 1);
  log.buffer.resize(20);
  same[18] = 18;
  return { log, lengths, cut, outside, back, tail, same };
}

function givingAway() {
  const buffer = new ArrayBuffer(6, { maxByteLength: 9 });
  const bytes = Uint8Array.from({ length: 6 }, (_, i) => i * i);
  const view = new Uint8Array(buffer);
  view.set(bytes);
  if (!buffer.transfer) return [view];
  const moved = buffer.transfer(8);
  const seen = [view.length, buffer.byteLength];
  const after = new Uint8Array(moved);
  after[7] = 49;
  moved.resize(9);
  const fixed = moved.transferToFixedLength();
  seen.push(after.length, fixed.byteLength);
  const last = new DataView(fixed, 2);
  last.setInt8(0, -1);
  const plain = bytes.buffer.transfer();
  seen.push(bytes.length, plain.byteLength);
  return [seen, last, plain];
}

function sharing() {
  const growing = new SharedArrayBuffer(2, { maxByteLength: 16 });
  const bytes = new Uint8Array(growing);
  const pair = new Uint8Array(growing, 0, 2);
  bytes[1] = 1;
  growing.grow(6);
  bytes[5] = 5;
  const lengths = [bytes.length, pair.length];
  growing.grow(12);
  lengths.push(bytes.length);
  bytes[11] = bytes[10] + 1;
  return { lengths, bytes };
}

const logged = logging();
const given = givingAway();
const shared = sharing();
const { lengths } = shared;
console.log(logged.lengths, logged.cut, logged.outside, logged.back, given.length, lengths, [...shared.bytes]);
