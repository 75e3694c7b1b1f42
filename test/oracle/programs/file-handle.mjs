// A file handle as a program may look at it: its own names, its number while it is open and after.
import fs from 'node:fs/promises';
import os from 'node:os';

const handle = await fs.open(os.devNull, 'r+');
await handle.write('pear');
const names = Object.getOwnPropertyNames(handle);
const isOpen = handle.fd > 2;
console.log(names.includes('fd'), isOpen, names.length);
await handle.close();
console.log(handle.fd);
