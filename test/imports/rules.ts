/**
 * Who may import whom: the arrows of ARCHITECTURE.md. A folder that is not named here may import nothing.
 */
export interface Layer {
  /** folder from the repository's root, without a trailing slash */
  readonly folder: string;
  /** folders whose modules it may import, besides its own */
  readonly sees: readonly string[];
  /** packages from npm that it may import */
  readonly npm: readonly string[];
}

const runtime = 'trace-runtime/src';
const at = (...names: readonly string[]): readonly string[] => names.map((name) => `${runtime}/${name}`);

const loop = 'operational-loop/src';
const loopAt = (...names: readonly string[]): readonly string[] => names.map((name) => `${loop}/${name}`);

const upToStore = at('base', 'model', 'wire', 'format', 'store');
const upToRerun = [...upToStore, ...at('query', 'evaluate', 'analysis', 'rerun')];

export const layers: readonly Layer[] = [
  { folder: `${runtime}/base`, sees: [], npm: [] },
  { folder: `${runtime}/model`, sees: at('base'), npm: [] },
  { folder: `${runtime}/wire`, sees: at('base', 'model'), npm: [] },
  { folder: `${runtime}/format`, sees: at('base', 'model', 'wire'), npm: ['msgpackr'] },
  { folder: `${runtime}/store`, sees: at('base', 'model', 'wire', 'format'), npm: [] },
  { folder: `${runtime}/query`, sees: upToStore, npm: [] },
  { folder: `${runtime}/evaluate`, sees: [...upToStore, ...at('query')], npm: ['acorn', 'chai', '@vitest/expect'] },
  { folder: `${runtime}/analysis`, sees: [...upToStore, ...at('query', 'evaluate')], npm: ['acorn'] },
  { folder: `${runtime}/rerun`, sees: [...upToStore, ...at('query', 'evaluate', 'analysis')], npm: ['acorn'] },

  { folder: `${runtime}/instrument`, sees: at('base', 'model'), npm: ['ts-morph', 'web-tree-sitter', 'msgpackr'] },
  // The recorder's preload puts the boundary's patches in place; nothing goes back.
  { folder: `${runtime}/recorder`, sees: at('base', 'model', 'wire', 'boundary'), npm: [] },
  { folder: `${runtime}/boundary`, sees: at('base', 'model', 'wire'), npm: [] },
  { folder: `${runtime}/sidecar`, sees: upToStore, npm: [] },

  { folder: `${loop}/model`, sees: at('base'), npm: [] },
  { folder: `${loop}/statistics`, sees: [...at('base'), `${loop}/model`], npm: ['jstat'] },
  { folder: `${loop}/store`, sees: [...at('base'), `${loop}/model`], npm: [] },
  { folder: `${loop}/ingest`, sees: [...at('base'), `${loop}/model`], npm: ['protobufjs'] },
  { folder: `${loop}/signals`, sees: [...at('base'), ...loopAt('model', 'store')], npm: [] },
  { folder: `${loop}/forecast`, sees: [...at('base'), ...loopAt('model', 'statistics')], npm: [] },
  {
    folder: `${loop}/predict`,
    sees: [...at('base'), ...loopAt('model', 'statistics', 'store', 'signals', 'forecast')],
    npm: ['yaml'],
  },
  {
    folder: `${loop}/drift`,
    sees: [...at('base'), ...loopAt('model', 'statistics', 'store', 'signals', 'forecast')],
    npm: [],
  },
  {
    folder: `${loop}/tuning`,
    sees: [...at('base'), ...loopAt('model', 'statistics', 'store')],
    npm: ['httpxy', 'pg', 'ioredis'],
  },
  { folder: `${loop}/slo`, sees: [...at('base'), ...loopAt('model', 'statistics', 'store', 'signals')], npm: ['yaml'] },
  // What clients of the daemon know: its messages and how to ask it.
  { folder: `${loop}/api`, sees: [...at('base'), `${loop}/model`], npm: [] },
  // The composition root.
  {
    folder: `${loop}/daemon`,
    sees: [
      ...at('base'),
      ...loopAt(
        'model',
        'statistics',
        'store',
        'ingest',
        'signals',
        'forecast',
        'predict',
        'drift',
        'tuning',
        'slo',
        'api',
        'demo',
      ),
    ],
    npm: ['yaml'],
  },
  { folder: `${loop}/demo`, sees: [...at('base'), ...loopAt('model', 'api')], npm: [] },
  // The command describes a run's surroundings, the boundary's knowledge, and has TypeScript asked for types after it.
  {
    folder: 'cli',
    sees: [...upToRerun, `${runtime}/boundary`, `${runtime}/instrument`, 'debug-adapter', ...loopAt('model', 'api')],
    npm: [],
  },
  { folder: 'debug-adapter', sees: upToRerun, npm: ['@vscode/debugadapter', '@vscode/debugprotocol'] },
  // A process of its own: it knows no editor.
  { folder: 'extension/src/testing/workspace', sees: at('base', 'model'), npm: ['ts-morph'] },
  {
    folder: 'extension',
    sees: [...upToRerun, 'debug-adapter', 'webview-ui', 'extension/src/testing/workspace', ...loopAt('model', 'api')],
    npm: ['vscode', 'string-argv'],
  },
  {
    folder: 'webview-ui',
    sees: [...at('base', 'model'), ...loopAt('model', 'api')],
    npm: ['preact', '@preact/signals', '@dagrejs/dagre', 'uplot'],
  },
];
