'use strict';
// Buffers: encodings, pooled and unpooled, slices that alias, reads and writes, concat and compare.
const hello = Buffer.from('héllo wörld');
const hex = hello.toString('hex');
const base = Buffer.from(hex, 'hex').toString('base64url');
const alias = hello.subarray(0, 5);
alias[0] = 0x48;
const packet = Buffer.alloc(16, 'ab');
let offset = 0;
offset = packet.writeUInt16BE(0xbeef, offset);
offset = packet.writeInt32LE(-12345, offset);
offset = packet.writeDoubleBE(Math.E, offset);
function parse(data) {
  const magic = data.readUInt16BE(0);
  const value = data.readInt32LE(2);
  const number = data.readDoubleBE(6);
  return { magic, value, number };
}
const parsed = parse(packet);
const joined = Buffer.concat([alias, Buffer.from([0, 1, 254]), Buffer.from('z'.repeat(5000)).subarray(0, 3)]);
const chunks = [];
for (let at = 0; at < joined.length; at += 4) {
  const chunk = joined.subarray(at, at + 4);
  chunks.push(chunk);
}
chunks[1].fill('-');
const found = joined.indexOf('-');
const order = chunks.map((chunk, i) => [chunk.length, i]).sort(([a], [b]) => a - b);
const swapped = Buffer.from(packet.subarray(0, 4)).swap16();
const equal = Buffer.compare(swapped, packet.subarray(0, 4));
const json = JSON.parse(JSON.stringify(swapped));
const text = new TextDecoder().decode(new TextEncoder().encode('日本 💡'));
const units = [...text].map((char) => char.codePointAt(0).toString(16));
console.log(hex, base, parsed, joined, found, order, equal, json, units);
