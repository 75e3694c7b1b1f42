export { moveA, stateA as first, default as nothing } from './defaults.mjs';
export * from './ring-b.mjs';
export * as ring from './ring-a.mjs';
export { sep as separator } from 'node:path';
export const own = Symbol('own');
