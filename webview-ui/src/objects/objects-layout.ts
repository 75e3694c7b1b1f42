/** Objects as a picture: a box for each with its properties, and arrows to the objects that they refer to. */
import type {
  ObjectChange,
  ObjectGraphAnswer,
  ObjectNodeAnswer,
} from '../../../trace-runtime/src/model/object-answers.ts';
import { layered, type Direction } from '../base/picture/layered.ts';
import { arrow, fitted, textWidth, type Mark, type Part, type Picture } from '../base/picture/picture.ts';
import { nearestPart } from '../base/picture/picture-view.tsx';

const LETTERS = 34;
const LABEL_LETTERS = 16;
const SMALL = 11;
const BOX = { pad: 9, head: 22, line: 16, bottom: 6, radius: 4 };

/** What an object has changed: all of it, or these properties. */
export type Changed = ReadonlyMap<number, 'all' | ReadonlySet<string>>;

interface Line {
  readonly text: string;
  readonly isChanged: boolean;
  readonly isFaint: boolean;
}

/** Parts are named by their objects. */
export function drawObjects({ nodes }: ObjectGraphAnswer, direction: Direction, changed: Changed): Picture {
  const place = new Map(nodes.map(({ object }, i) => [object, i]));
  const lines = nodes.map((node) => linesOf(node, changed));
  const boxes = nodes.map((node, i) => sizeOf(node, lines[i]!));
  const edges = nodes.flatMap(({ object, properties }) =>
    properties.flatMap(({ name, to }) =>
      to === null
        ? []
        : [{ from: place.get(object)!, to: place.get(to)!, label: fitted(name, LABEL_LETTERS), object, name }],
    ),
  );
  const laid = layered(boxes, edges, direction);
  return {
    width: laid.width,
    height: laid.height,
    parts: [
      ...edges.map(({ label, object, name }, i): Part => {
        const { points, label: at } = laid.edges[i]!;
        const isChanged = hasChanged(changed, object, name);
        const width = textWidth(label, SMALL) + 4;
        return {
          marks: [
            ...arrow(points, isChanged ? 'changed' : 'line'),
            { kind: 'rect', x: at.x - width / 2, y: at.y - 7, width, height: 14, fill: 'page' },
            {
              kind: 'text',
              x: at.x,
              y: at.y + 4,
              text: label,
              ink: isChanged ? 'changed' : 'faint',
              anchor: 'middle',
              size: SMALL,
            },
          ],
        };
      }),
      ...nodes.map((node, i): Part => {
        const { x, y } = laid.nodes[i]!;
        const { width, height } = boxes[i]!;
        const isChanged = changed.has(node.object);
        return {
          id: String(node.object),
          label: spoken(node, isChanged),
          title: node.hasProperties ? (node.isOpen ? 'Close' : 'Open') : '',
          marks: [
            {
              kind: 'rect',
              x,
              y,
              width,
              height,
              radius: BOX.radius,
              fill: 'box',
              stroke: isChanged ? 'changed' : i === 0 ? 'accent' : 'line',
              isThick: isChanged || i === 0,
            },
            { kind: 'text', x: x + BOX.pad, y: y + 15, text: titleOf(node), ink: 'text', isBold: true },
            ...lines[i]!.map(({ text, isChanged: own, isFaint }, line): Mark => ({
              kind: 'text',
              x: x + BOX.pad,
              y: y + BOX.head + BOX.line * line + 12,
              text,
              ink: own ? 'changed' : isFaint ? 'faint' : 'text',
              isBold: own,
              size: SMALL,
            })),
          ],
        };
      }),
    ],
  };
}

/** The next object in that direction. */
export function objectNeighbour({ parts }: Picture, id: string, key: string): string | undefined {
  return nearestPart(parts, id, key);
}

/** What the changes that come to that moment last have changed. */
export function changedAt(changes: readonly ObjectChange[], moment: number): Changed {
  const last = changes.findLast((change) => change.moment <= moment)?.moment;
  const found = new Map<number, 'all' | Set<string>>();
  for (const { moment: at, object, key } of changes) {
    if (at !== last) continue;
    const known = found.get(object);
    if (key === null || known === 'all') found.set(object, 'all');
    else found.set(object, (known ?? new Set()).add(key));
  }
  return found;
}

function hasChanged(changed: Changed, object: number, name: string): boolean {
  const own = changed.get(object);
  return own !== undefined && own !== 'all' && own.has(name);
}

function linesOf({ object, properties, more, isOpen, hasProperties }: ObjectNodeAnswer, changed: Changed): Line[] {
  if (!isOpen) return hasProperties ? [{ text: '…', isChanged: false, isFaint: true }] : [];
  const own = properties.map(({ name, value }): Line => {
    const isChanged = hasChanged(changed, object, name);
    return { text: fitted(`${isChanged ? '● ' : ''}${name}: ${value}`, LETTERS), isChanged, isFaint: false };
  });
  return more > 0 ? [...own, { text: `… ${more} more`, isChanged: false, isFaint: true }] : own;
}

function titleOf({ title, object }: ObjectNodeAnswer): string {
  return `${fitted(title, LETTERS - 6)} #${object}`;
}

function sizeOf(node: ObjectNodeAnswer, lines: readonly Line[]): { readonly width: number; readonly height: number } {
  const widest = Math.max(textWidth(titleOf(node)) + 4, ...lines.map(({ text }) => textWidth(text, SMALL)));
  return { width: widest + 2 * BOX.pad, height: BOX.head + BOX.line * lines.length + BOX.bottom };
}

function spoken({ isOpen, hasProperties }: ObjectNodeAnswer, isChanged: boolean): string {
  const state = hasProperties ? (isOpen ? 'Open.' : 'Closed.') : 'Empty.';
  return isChanged ? `Changed. ${state}` : state;
}
