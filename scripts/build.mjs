/** Bundles the programs that ship (`npm run build`) and, where there is a C compiler, the native helper. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildHelper } from './native-helper.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** One copy for all that load it. */
const tsMorph = 'trace-runtime/dist/ts-morph.cjs';

/** What each entry becomes. What loads npm packages has them in its bundle, so that the folders `dist` run anywhere. */
const bundles = [
  { entry: 'trace-runtime/src/recorder/preload.ts', out: 'trace-runtime/dist/preload.cjs', npm: false },
  { entry: 'trace-runtime/src/recorder/start.ts', out: 'trace-runtime/dist/recorder.cjs', npm: false },
  { entry: 'trace-runtime/src/boundary/serve/install.ts', out: 'trace-runtime/dist/serve.cjs', npm: false },
  { entry: 'trace-runtime/src/recorder/async-hooks.mts', out: 'trace-runtime/dist/async-hooks.mjs', npm: false },
  { entry: 'trace-runtime/src/sidecar/main.ts', out: 'trace-runtime/dist/sidecar.cjs', npm: false },
  { entry: 'trace-runtime/src/sidecar/collect.ts', out: 'trace-runtime/dist/collector.cjs', npm: true },
  { entry: 'trace-runtime/src/query/indexer-main.ts', out: 'trace-runtime/dist/indexer.cjs', npm: true },
  { entry: 'trace-runtime/src/instrument/server.ts', out: 'trace-runtime/dist/instrument-server.cjs', npm: true },
  { entry: 'trace-runtime/src/evaluate/sandbox-main.ts', out: 'trace-runtime/dist/sandbox.cjs', npm: false },
  { entry: 'trace-runtime/src/evaluate/sandbox-bridge.ts', out: 'trace-runtime/dist/sandbox-bridge.cjs', npm: false },
  {
    entry: 'trace-runtime/src/evaluate/realm/main.ts',
    out: 'trace-runtime/dist/sandbox-realm.js',
    npm: false,
    global: 'realm',
  },
  {
    entry: 'trace-runtime/src/evaluate/realm/assertion-library.ts',
    out: 'trace-runtime/dist/sandbox-assertions.js',
    npm: false,
    global: 'library',
  },
  { entry: 'cli/src/main.ts', out: 'cli/dist/hindcast.cjs', npm: true },
  { entry: 'cli/src/commands.ts', out: 'cli/dist/commands.cjs', npm: true },
  { entry: 'cli/src/types-main.ts', out: 'cli/dist/types.cjs', npm: true },
  { entry: 'cli/src/record-main.ts', out: 'cli/dist/record.cjs', npm: true },
  { entry: 'operational-loop/src/ingest/node-probe.ts', out: 'operational-loop/dist/node-probe.cjs', npm: false },
  { entry: 'operational-loop/src/daemon/main.ts', out: 'operational-loop/dist/operations.cjs', npm: true },
  { entry: 'ts-morph', out: tsMorph, npm: true },
  { entry: 'extension/src/extension.ts', out: 'extension/dist/extension.cjs', npm: true },
  {
    entry: 'extension/src/testing/workspace/service-main.ts',
    out: 'extension/dist/workspace-service.cjs',
    npm: true,
  },
  { entry: 'webview-ui/src/timeline/main.tsx', out: 'webview-ui/dist/timeline.js', browser: true },
  { entry: 'webview-ui/src/calls/main.tsx', out: 'webview-ui/dist/calls.js', browser: true },
  { entry: 'webview-ui/src/why/main.tsx', out: 'webview-ui/dist/why.js', browser: true },
  { entry: 'webview-ui/src/objects/main.tsx', out: 'webview-ui/dist/objects.js', browser: true },
  { entry: 'webview-ui/src/operations/main.tsx', out: 'webview-ui/dist/operations.js', browser: true },
  { entry: 'webview-ui/src/sequence/main.tsx', out: 'webview-ui/dist/sequence.js', browser: true },
];

/** msgpackr without the native part that Node would look for: what starts with every recording has to start fast. */
const pureMsgpackr = path.join(root, 'node_modules/msgpackr/index.js');

// node22 and node24 bring a link that would put another Node in front of the user's in every npm script.
rmSync(path.join(root, 'node_modules/.bin/node'), { force: true });

const started = performance.now();
await Promise.all(bundles.map(bundle));
const helper = buildHelper(root);
const ms = Math.round(performance.now() - started);
console.log(`built ${bundles.length} bundles in ${ms} ms; native helper: ${helper}`);

/**
 * `global`: a script that leaves its exports in a variable of that name; `browser`: a module for a webview, its style sheet
 * beside it.
 */
async function bundle({ entry, out, npm, browser, global }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    platform: browser ? 'browser' : 'node',
    target: browser ? 'chrome120' : 'node20',
    format: global ? 'iife' : browser || out.endsWith('.mjs') ? 'esm' : 'cjs',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    ...(global ? { globalName: global } : {}),
    external: ['vscode'],
    alias: { msgpackr: pureMsgpackr },
    plugins: out === tsMorph ? [] : [sharedTsMorph(out)],
    sourcemap: npm || browser,
    sourcesContent: false,
    // Read and parsed by each recorded process, or from a package.
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: browser === true,
    legalComments: 'none',
    banner: out.endsWith('hindcast.cjs') ? { js: '#!/usr/bin/env node' } : {},
    define: browser || out.endsWith('.mjs') ? {} : { 'import.meta.url': 'undefined' },
    logLevel: 'warning',
    write: false,
  });
  for (const file of outputFiles) {
    replaceFile(
      file.path,
      out.endsWith('.cjs') && file.path === path.join(root, out) ? plainBuiltins(file.text) : file.contents,
    );
  }
}

/** Takes ts-morph from its one copy. */
function sharedTsMorph(out) {
  const file = path.posix.relative(path.posix.dirname(out), tsMorph);
  return {
    name: 'shared-ts-morph',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^ts-morph$/ }, () => ({ path: file.startsWith('.') ? file : `./${file}`, external: true })),
  };
}

/**
 * Node's modules and VS Code's as they are, where esbuild makes a copy with a getter a property for each import: looking at
 * all properties makes Node load what it would only load when it is used, and VS Code's are hundreds.
 */
function plainBuiltins(text) {
  return text.replaceAll(
    /\b([\w$]+ ?= ?)__toESM\((require\("(?:node:[\w/]+|vscode)"\))(?:, ?1)?\)/g,
    (whole, target, required) => {
      const name = target.replace(/ ?= ?$/, '');
      const uses = [...text.matchAll(new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\.([\\w$]+)`, 'g'))];
      const defaults = uses.filter(([, property]) => property === 'default').length;
      if (defaults > 0 && defaults < uses.length) return whole;
      return `${target}${defaults > 0 ? `{default:${required}}` : required}`;
    },
  );
}

/** An unchanged bundle keeps its date, so caches stay valid; a changed one is replaced whole, whoever runs it now. */
function replaceFile(name, contents) {
  if (existsSync(name) && readFileSync(name).equals(Buffer.from(contents))) return;
  mkdirSync(path.dirname(name), { recursive: true });
  const fresh = `${name}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, name);
}
