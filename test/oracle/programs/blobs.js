// blobs and files: made of strings, bytes and each other, cut, read, sent as forms
const { Blob: NodeBlob, File: NodeFile = globalThis.File } = require('node:buffer');
class Attachment {
  #parts = [];
  constructor(name, type) {
    this.name = name;
    this.type = type;
  }
  add(part) {
    this.#parts.push(part);
    return this;
  }
  build() {
    return new Blob(this.#parts, { type: this.type });
  }
}
async function head(blob, count) {
  const part = blob.slice(0, count, 'text/plain');
  const text = await part.text();
  return { text, size: part.size, type: part.type, whole: part.size === blob.size };
}
async function main() {
  const note = new Attachment('note.txt', 'text/plain').add('first line\n').add(new Uint8Array([65, 66, 67]));
  const blob = note.build();
  console.log(blob.size, blob.type, NodeBlob === Blob);
  const both = new Blob([blob, blob.slice(0, 5), new DataView(new ArrayBuffer(2))]);
  const heads = [];
  for (const each of [blob, both, new Blob()]) heads.push(await head(each, 14));
  console.log(heads);
  const bytes = new Uint8Array(await both.arrayBuffer());
  let sum = 0;
  for await (const chunk of both.stream()) sum += chunk.length;
  console.log(bytes.length, sum, bytes.at(-1));
  const file = new NodeFile([blob, 'tail'], 'a.txt', { lastModified: 5, type: 'text/html' });
  const form = new FormData();
  form.append('file', file);
  form.append('note', 'x');
  const held = form.get('file');
  console.log(file.name, file.lastModified, held.size, held instanceof Blob, [...form.keys()]);
  class Tagged extends Blob {
    tags = ['t'];
    get label() {
      return `${this.tags}:${this.size}`;
    }
  }
  const tagged = new Tagged(['abc']);
  tagged.tags.push('u');
  console.log(tagged.label, structuredClone(blob).size, `${tagged}`);
}
main();
