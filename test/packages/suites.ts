/** A package whose tarball on npm carries its own tests. */
export interface Suite {
  readonly name: string;
  readonly version: string;
  /** of its development dependencies, those that its tests load */
  readonly dev: readonly string[];
  /** arguments of Node, in the package's folder */
  readonly command: readonly string[];
  readonly about: string;
  /** files that the oracle stops in */
  readonly watch?: readonly string[];
}

const TAPE = 'node_modules/tape/bin/tape';

export const SUITES: readonly Suite[] = [
  {
    name: 'qs',
    version: '6.14.0',
    dev: [
      'tape',
      'safer-buffer',
      'object-inspect',
      'mock-property',
      'iconv-lite',
      'has-proto',
      'for-each',
      'es-value-fixtures',
      'has-symbols',
      'has-property-descriptors',
      'has-override-mistake',
      'has-bigints',
    ],
    command: [TAPE, 'test/**/*.js'],
    watch: ['lib/parse.js', 'lib/stringify.js', 'lib/utils.js'],
    about: 'query strings',
  },
  {
    name: 'object-inspect',
    version: '1.13.4',
    dev: [
      'tape',
      'has-tostringtag',
      'for-each',
      'mock-property',
      'has-symbols',
      'string.prototype.repeat',
      'semver',
      'make-arrow-function',
      'globalthis',
      'functions-have-names',
      'es-value-fixtures',
      'error-cause',
      'core-js',
    ],
    command: [TAPE, 'test/*.js'],
    watch: ['index.js'],
    about: 'reflection on every kind of value',
  },
  {
    name: 'resolve',
    version: '1.22.10',
    dev: [
      'tape',
      'tmp',
      'rimraf',
      'object-keys',
      'mv',
      'mock-property',
      'mkdirp',
      'copy-dir',
      'semver',
      'array.prototype.map',
      'tap',
    ],
    // Not those that need folders that the tarball lacks.
    command: [TAPE, 'test/!(symlinks|pathfilter|subdirs|resolver|resolver_sync).js'],
    watch: ['lib/async.js', 'lib/sync.js'],
    about: 'asynchronous file system, callbacks',
  },
  {
    name: 'minimist',
    version: '1.2.8',
    dev: ['tape'],
    command: [TAPE, 'test/**/*.js'],
    watch: ['index.js'],
    about: 'command lines',
  },
  { name: 'bl', version: '7.0.13', dev: ['tape'], command: ['test/test.js'], about: 'classes and streams, ES modules' },
  {
    name: 'fastq',
    version: '1.20.3',
    dev: ['tape'],
    command: [TAPE, 'test/test.js', 'test/promise.js'],
    watch: ['queue.js'],
    about: 'queues, callbacks and promises',
  },
  {
    name: 'split2',
    version: '4.2.0',
    dev: ['tape', 'callback-stream'],
    command: [TAPE, 'test.js'],
    about: 'transform streams',
  },
  {
    name: 'json-stable-stringify',
    version: '1.3.0',
    dev: ['tape'],
    command: [TAPE, 'test/**/*.js'],
    about: 'serialising',
  },
  {
    name: 'deep-equal',
    version: '2.2.3',
    dev: [
      'tape',
      'semver',
      'object.getownpropertydescriptors',
      'has-typed-arrays',
      'has-symbols',
      'has-proto',
      'for-each',
      'available-typed-arrays',
    ],
    command: [TAPE, 'test/**/*.js'],
    watch: ['index.js'],
    about: 'comparison of every kind of value',
  },
  { name: 'reusify', version: '1.1.0', dev: ['tape'], command: [TAPE, 'test.js'], about: 'object pools' },
  { name: 'xtend', version: '4.0.2', dev: ['tape'], command: ['test.js'], about: 'objects' },
  { name: 'side-channel', version: '1.1.0', dev: ['tape'], command: [TAPE, 'test/**/*.js'], about: 'maps by identity' },
];
