/** What `require` gave: what the body of the file made its exports. */
import type { AnyNode } from 'acorn';
import nodePath from 'node:path';
import type { LoadedFile } from '../query/activation.ts';
import { EventCode } from '../query/moments.ts';
import { expression, nameOf, type Answer, type Path } from './hops.ts';
import type { Reenactment } from './reenact.ts';
import type { Evaluated } from './evaluated.ts';
import { keyText, type Of } from './syntax.ts';
import { syntaxOf, type Work } from './traced.ts';
import { reenactAt } from './variables.ts';

export function* requireAnswer(
  re: Reenactment,
  node: Of<'CallExpression'>,
  { inner = [] }: Evaluated,
  path: Path,
): Work<Answer> {
  const { traced } = re;
  const unknown: Answer = { kind: 'call', what: `${nameOf(re, node)} gave it, which is not recorded.` };
  const [specifier] = node.arguments;
  const name = specifier && re.valueOf(specifier);
  const file = inner[0]?.file ?? (typeof name === 'string' ? resolved(re, name) : undefined);
  const syntax = file && syntaxOf(traced, file);
  if (!syntax) return unknown;
  const [key, ...rest] = path;
  const before = re.standAt(node);
  const sets = file.table.ops.flatMap((op, index) =>
    op.k === 'set' && isExport(syntax.within(op.start, op.end), key) ? [file.base + index] : [],
  );
  let op = -1;
  let call = 0;
  const found = yield* traced.timeline.backward(before, {
    sites: new Set(sets),
    event: (event) => {
      if (event.code !== EventCode.set || event.file !== file || !sets.includes(file.base + event.op)) return false;
      op = event.op;
      call = event.activation?.serial ?? 0;
      return true;
    },
  });
  const at = file.table.ops[op];
  const write = found && at && 'start' in at ? syntax.typed(at.start, at.end, 'AssignmentExpression') : undefined;
  if (!write || write.left.type !== 'MemberExpression') return unknown;
  const own = yield* reenactAt(traced, call, file, syntax, write, traced.timeline.position.moment);
  const isWhole =
    keyText(write.left.property, write.left.computed) === 'exports' && isNamed(write.left.object, 'module');
  return {
    kind: 'copy',
    what: `${nodePath.basename(file.path)} exports it: ${nameOf(own, write.left)}.`,
    next: expression(own, write.right, isWhole ? path : rest),
  };
}

/** `module.exports = …`, `exports.KEY = …`, `module.exports.KEY = …` */
function isExport(node: AnyNode | undefined, key: Path[number] | undefined): boolean {
  if (node?.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return false;
  const { object, property, computed } = node.left;
  const name = keyText(property, computed);
  if (isNamed(object, 'module') && name === 'exports') return true;
  const isExports =
    isNamed(object, 'exports') || (object.type === 'MemberExpression' && isNamed(object.object, 'module'));
  return isExports && typeof key === 'string' && name === key;
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/** The one file that a relative specifier may mean. */
function resolved({ run, traced }: Reenactment, specifier: string): LoadedFile | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  const path = nodePath.resolve(nodePath.dirname(run.file.path), specifier);
  const names = [
    path,
    ...['.js', '.cjs', '.ts', '.cts', '.mjs'].map((end) => path + end),
    nodePath.join(path, 'index.js'),
  ];
  const files = traced.files.filter((file) => names.includes(file.path));
  return files.length === 1 ? files[0] : undefined;
}
