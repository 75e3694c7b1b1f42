/** The graph of an answer as a picture: boxes for values and decisions, from the origin to what was asked about. */
import type { GraphNodeAnswer, WhyGraphAnswer } from '../../../trace-runtime/src/model/why-answers.ts';
import { baseName } from '../base/format.ts';
import { layered, type Direction } from '../base/picture/layered.ts';
import { arrow, fitted, textWidth, type Ink, type Mark, type Part, type Picture } from '../base/picture/picture.ts';
import { nearestPart } from '../base/picture/picture-view.tsx';
import { placeText } from './why-markdown.ts';

const LETTERS = 30;
const LABEL_LETTERS = 16;
const BOX = { pad: 9, line: 16, top: 6, bottom: 8, radius: 4 };
const SMALL = 11;

interface Box {
  readonly lines: readonly Omit<Extract<Mark, { kind: 'text' }>, 'kind' | 'x' | 'y'>[];
  readonly width: number;
  readonly height: number;
}

/** `here`: STREAM:NUMBER where the debugger stands. Parts that can be chosen have the numbers of their nodes. */
export function drawGraph({ nodes, edges }: WhyGraphAnswer, direction: Direction, here: string | undefined): Picture {
  const boxes = nodes.map(boxOf);
  const named = edges.map((edge) => ({ ...edge, label: fitted(edge.label, LABEL_LETTERS) }));
  const laid = layered(boxes, named, direction);
  const lines = named.map(({ kind, label }, i): Part => {
    const { points, label: at } = laid.edges[i]!;
    const ink: Ink = kind === 'control' ? 'decision' : 'line';
    const width = textWidth(label, SMALL) + 4;
    const text: Mark[] =
      label === ''
        ? []
        : [
            { kind: 'rect', x: at.x - width / 2, y: at.y - 7, width, height: 14, fill: 'page' },
            {
              kind: 'text',
              x: at.x,
              y: at.y + 4,
              text: label,
              ink: 'faint',
              anchor: 'middle',
              size: SMALL,
            },
          ];
    return { marks: [...arrow(points, ink, kind === 'control'), ...text] };
  });
  const order = nodes
    .map((_, i) => i)
    .sort((a, b) => rank(laid.nodes[a]!, direction) - rank(laid.nodes[b]!, direction));
  const origins = new Set(
    nodes.map((_, i) => i).filter((i) => !edges.some(({ to, kind }) => to === i && kind === 'value')),
  );
  return {
    width: laid.width,
    height: laid.height,
    parts: [
      ...lines,
      ...order.map((i): Part => {
        const node = nodes[i]!;
        const { x, y } = laid.nodes[i]!;
        const { lines: texts, width, height } = boxes[i]!;
        const role = i === 0 ? 'failure' : node.kind === 'decision' ? 'decision' : origins.has(i) ? 'accent' : 'line';
        return {
          id: String(i),
          label: spoken(node, i === 0, origins.has(i)),
          title: `${node.path}${node.line > 0 ? `:${node.line}` : ''}\n${node.what}\nGo to moment ${node.moment}`,
          isCurrent: node.moment === here,
          marks: [
            {
              kind: 'rect',
              x,
              y,
              width,
              height,
              radius: node.kind === 'decision' ? height / 2 : BOX.radius,
              fill: 'box',
              stroke: role,
              isThick: i === 0,
              isDashed: node.kind === 'decision',
            },
            ...texts.map((text, line): Mark => ({
              kind: 'text',
              x: x + inset(node, height),
              y: y + BOX.top + BOX.line * line + 12,
              ...text,
            })),
          ],
        };
      }),
    ],
  };
}

/** Along edges first: toward what was asked about, or back. */
export function graphNeighbour(
  { edges }: WhyGraphAnswer,
  { parts }: Picture,
  direction: Direction,
  id: string,
  key: string,
): string | undefined {
  const [forward, back] = direction === 'right' ? ['ArrowRight', 'ArrowLeft'] : ['ArrowDown', 'ArrowUp'];
  const node = Number(id);
  const along =
    key === forward
      ? edges.filter(({ from }) => from === node).map(({ to }) => to)
      : key === back
        ? edges.filter(({ to }) => to === node).map(({ from }) => from)
        : [];
  // of several the one that the picture has first
  const next = parts.find((part) => part.id !== undefined && along.includes(Number(part.id)));
  return next?.id ?? nearestPart(parts, id, key);
}

function boxOf(node: GraphNodeAnswer): Box {
  const place = placeText({ ...node, name: baseName(node.name) });
  const outcome = node.value === '' ? node.what : `${node.kind === 'decision' ? 'was' : '='} ${node.value}`;
  const lines = [
    { text: fitted(place, LETTERS), ink: 'link', size: SMALL },
    { text: fitted(node.text, LETTERS), ink: 'text' },
    { text: fitted(outcome, LETTERS), ink: node.kind === 'decision' ? 'faint' : 'text', isBold: node.kind === 'value' },
    ...(node.isCut ? [{ text: '… more', ink: 'faint' as const, size: SMALL }] : []),
  ] as const;
  const height = BOX.top + BOX.line * lines.length + BOX.bottom;
  const widest = Math.max(...lines.map(({ text }) => textWidth(text)));
  return { lines, width: widest + 2 * inset(node, height), height };
}

function inset({ kind }: GraphNodeAnswer, height: number): number {
  return kind === 'decision' ? height / 3 : BOX.pad;
}

function rank({ x, y }: { readonly x: number; readonly y: number }, direction: Direction): number {
  return direction === 'right' ? x * 1e4 + y : y * 1e4 + x;
}

function spoken(node: GraphNodeAnswer, isAsked: boolean, isOrigin: boolean): string {
  if (node.kind === 'decision') return `Decision: ${node.what}`;
  return `${isAsked ? 'Asked about: ' : isOrigin ? 'Origin: ' : ''}${node.what}`;
}
