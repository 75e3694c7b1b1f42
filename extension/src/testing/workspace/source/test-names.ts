/** The names of tests as their source says them. */
import { ts } from 'ts-morph';
import { mergeParts } from '../names.ts';
import type { NamePart } from '../test-model.ts';
import type { TestFunctions } from './test-functions.ts';

export interface WrittenName {
  readonly label: string;
  readonly parts: readonly NamePart[];
}

/** `table`: the name of each row of a table, with places for its values. undefined: that is no name. */
export function nameOf(
  node: ts.Expression,
  functions: Pick<TestFunctions, 'texts' | 'declared'>,
  table: boolean,
): WrittenName | undefined {
  const written = read(node, functions);
  if (!written) return undefined;
  const parts = table ? written.parts.flatMap((part) => (part === null ? [null] : withPlaces(part))) : written.parts;
  return { label: written.label, parts: mergeParts(parts) };
}

function read(node: ts.Expression, functions: Pick<TestFunctions, 'texts' | 'declared'>): WrittenName | undefined {
  if (ts.isStringLiteralLike(node)) return { label: node.text, parts: [node.text] };
  if (ts.isTemplateExpression(node)) return template(node, functions);
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return read(node.expression, functions);
  if (ts.isNumericLiteral(node)) return { label: node.text, parts: [node.text] };
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return sum(node, functions);
  if (ts.isIdentifier(node)) return identifier(node.text, functions);
  if (ts.isFunctionExpression(node) || ts.isClassExpression(node)) {
    return node.name ? { label: node.name.text, parts: [node.name.text] } : undefined;
  }
  if (ts.isArrowFunction(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node))
    return undefined;
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'name' && ts.isIdentifier(node.expression)) {
    return identifier(node.expression.text, functions);
  }
  return { label: shown(node), parts: [null] };
}

function template(
  { head, templateSpans }: ts.TemplateExpression,
  functions: Pick<TestFunctions, 'texts'>,
): WrittenName {
  const parts: NamePart[] = [head.text];
  let label = head.text;
  for (const { expression, literal } of templateSpans) {
    const known = ts.isIdentifier(expression) ? functions.texts.get(expression.text) : undefined;
    parts.push(known ?? null, literal.text);
    label += `${known ?? `\${${shown(expression)}}`}${literal.text}`;
  }
  return { label, parts };
}

function sum(
  { left, right }: ts.BinaryExpression,
  functions: Pick<TestFunctions, 'texts' | 'declared'>,
): WrittenName | undefined {
  const first = read(left, functions);
  const second = read(right, functions);
  return first && second && { label: first.label + second.label, parts: [...first.parts, ...second.parts] };
}

function identifier(name: string, { texts, declared }: Pick<TestFunctions, 'texts' | 'declared'>): WrittenName {
  const text = texts.get(name);
  if (text !== undefined) return { label: text, parts: [text] };
  return { label: name, parts: [declared.has(name) ? name : null] };
}

function shown(node: ts.Expression): string {
  const text = node.getSourceFile()?.text.slice(node.pos, node.end).trim().replace(/\s+/g, ' ') ?? '…';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `%s`, `%#`, `$name`, `$a.b` and `$#` stand for what a table holds. */
function withPlaces(text: string): readonly NamePart[] {
  return text.split(/(%%|%[a-zA-Z#$]|\$(?:[#\w][\w.]*))/).map((part, index) => {
    if (index % 2 === 0) return part;
    return part === '%%' ? '%' : null;
  });
}
