// Modules of the program's own and of dependencies are imported at once, large ones and small ones.
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'imports-at-once-'));
try {
  const order = [];
  const files = [];
  for (let i = 0; i < 12; i++) {
    const file = path.join(folder, `part-${i}.mjs`);
    const filler = `// ${'x'.repeat(98)}\n`;
    await fs.writeFile(file, `globalThis.came = [...(globalThis.came ?? []), ${i}];\nexport const id = ${i};\n${filler}`);
    files.push(file);
  }
  const looked = Promise.all(files.map((file, i) => fs.stat(file).then(() => order.push(`stat ${i}`))));
  const imported = files.map((file) => import(pathToFileURL(file).href).then(({ id }) => order.push(`part ${id}`)));
  const packages = [].map((name) => import(name).then(() => order.push(name)));
  await Promise.all([looked, ...imported, ...packages]);
  console.log(globalThis.came.join(' '));
  console.log(order.join(', '));
} finally {
  await fs.rm(folder, { recursive: true });
}
