#!/usr/bin/env node
import { existsSync } from 'node:fs';

const bundle = new URL('../dist/hindcast.cjs', import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  console.error('Hindcast is not built yet. Run `npm run build` in its folder.');
  process.exitCode = 4;
}
