/** Which package a called name comes from, where the steps of its code are not recorded. */
import type { AnyNode } from 'acorn';
import type { Reenactment } from './reenact.ts';
import { plain, variableAt, type Of } from './syntax.ts';
import { syntaxOf } from './traced.ts';

/** What stands behind the name of who was called; of a package, with how its steps are recorded. */
export function gaveUnrecorded(re: Reenactment, call: AnyNode): string {
  const name = packageCalled(re, call);
  if (name === undefined) return ' gave it, which is not recorded.';
  return ` of ${name} gave it, whose steps are not recorded (--include '**/node_modules/${name}/**' has them).`;
}

/** The name of the package, as the file imports it; undefined of other code, and of packages whose steps are recorded. */
function packageCalled(re: Reenactment, call: AnyNode): string | undefined {
  const root = rootOf(call);
  if (!root) return undefined;
  const { table } = re.run.file;
  const meant = variableAt(table, root.name, root.start);
  for (const node of syntaxOf(re.traced, re.run.file)?.all ?? []) {
    const name = packageOf(specifierOf(node, root.name));
    if (name === undefined || variableAt(table, root.name, node.start) !== meant) continue;
    const isOfIt = new RegExp(String.raw`[\\/]node_modules[\\/]${name.replace('/', String.raw`[\\/]`)}[\\/]`);
    const files = re.traced.files.filter(({ path }) => isOfIt.test(path));
    return files.length > 0 && files.every((file) => file.table.level === 'writes') ? name : undefined;
  }
  return undefined;
}

/** `z` of `z.object({ … }).parse(…)` */
function rootOf(node: AnyNode): Of<'Identifier'> | undefined {
  const at = plain(node);
  if (at.type === 'Identifier') return at;
  if (at.type === 'MemberExpression') return rootOf(at.object);
  if (at.type === 'CallExpression' || at.type === 'NewExpression') return rootOf(at.callee);
  // as bundlers write a call of an imported name: `(0, module.name)(…)`
  return at.type === 'SequenceExpression' ? rootOf(at.expressions.at(-1)!) : undefined;
}

/** What is imported where the node declares the name: by `import`, `require`, or as runners write these. */
function specifierOf(node: AnyNode, name: string): string | undefined {
  if (node.type === 'ImportDeclaration')
    return node.specifiers.some(({ local }) => local.name === name) ? String(node.source.value) : undefined;
  if (node.type !== 'VariableDeclarator' || !node.init || !declares(node.id, name)) return undefined;
  let init = plain(node.init);
  for (;;) {
    if (init.type === 'AwaitExpression') init = plain(init.argument);
    else if (init.type === 'MemberExpression') init = plain(init.object);
    else break;
  }
  const [first] =
    init.type === 'CallExpression' ? init.arguments : init.type === 'ImportExpression' ? [init.source] : [];
  // `__importDefault(require('name'))`
  const given = first?.type === 'CallExpression' ? first.arguments[0] : first;
  return given?.type === 'Literal' && typeof given.value === 'string' ? given.value : undefined;
}

function declares(pattern: AnyNode, name: string): boolean {
  if (pattern.type === 'Identifier') return pattern.name === name;
  if (pattern.type !== 'ObjectPattern') return false;
  return pattern.properties.some((each) => each.type === 'Property' && declares(each.value, name));
}

/** `@a/b` of `@a/b/c`, of `/x/node_modules/@a/b/c.js`; undefined of a path or a part of Node. */
function packageOf(specifier: string | undefined): string | undefined {
  const path = specifier?.replace(/^.*[\\/]node_modules[\\/]/, '');
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?=\/|$)/.exec(path ?? '')?.[0];
}
