// Modules, large ones and small ones, are imported at once.
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
    const filler = `// ${'x'.repeat(98)}\n`.repeat(i % 3 === 0 ? 3000 : 1);
    await fs.writeFile(file, `globalThis.came = [...(globalThis.came ?? []), ${i}];\nexport const id = ${i};\n${filler}`);
    files.push(file);
  }
  const looked = Promise.all(files.map((file, i) => fs.stat(file).then(() => order.push(`stat ${i}`))));
  const imported = files.map((file, i) => import(`${pathToFileURL(file).href}?v=${i}`).then(({ id }) => order.push(`part ${id}`)));
  await Promise.all([looked, ...imported]);
  console.log(globalThis.came.join(' '));
  console.log(order.join(', '));
} finally {
  await fs.rm(folder, { recursive: true });
}
