/** Whether a text is an ES module, where neither its extension nor its package says so. */

const MODULE_SYNTAX = /^\s*(?:(?:import|export)\s*[{*]|(?:import|export)\s+[\w$]|import\s*["'])/m;

/** By its imports and exports at the beginning of a line. `exports.a`, `import(…)` and `import.meta` are none. */
export function hasModuleSyntax(text: string): boolean {
  return MODULE_SYNTAX.test(text);
}
