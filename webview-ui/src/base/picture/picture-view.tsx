/** A picture in a panel. What can be chosen in it is a link; one of them takes part in Tab, the arrows go to the others. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { round, type Mark, type Part, type Picture } from './picture.ts';
import './picture.css';

interface PictureProps {
  readonly picture: Picture;
  /** its name */
  readonly label: string;
  /** the part that Tab goes to first */
  readonly first?: string | undefined;
  /** what a key leads to from a part; undefined where it leads nowhere */
  readonly neighbour: (id: string, key: string) => string | undefined;
  readonly act: (id: string, event: KeyboardEvent | MouseEvent) => void;
}

export function PictureView({ picture, label, first, neighbour, act }: PictureProps) {
  const { width, height, parts } = picture;
  const chosen = useSignal<string | undefined>(undefined);
  const drawing = useRef<SVGSVGElement>(null);
  const ids = parts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const stop = ids.find((id) => id === chosen.value) ?? ids.find((id) => id === first) ?? ids[0];
  const go = (id: string): void => {
    chosen.value = id;
    const element = [...(drawing.current?.querySelectorAll<SVGGElement>('[data-id]') ?? [])].find(
      (each) => each.dataset['id'] === id,
    );
    element?.focus();
    element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const press = (event: KeyboardEvent, id: string): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') act(id, event);
    else if (event.key === 'Home' || event.key === 'End') go(event.key === 'Home' ? ids[0]! : ids.at(-1)!);
    else if (!event.key.startsWith('Arrow')) return;
    else {
      const next = neighbour(id, event.key);
      if (next !== undefined) go(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <svg
      ref={drawing}
      class="picture"
      width={Math.ceil(width)}
      height={Math.ceil(height)}
      viewBox={`0 0 ${Math.ceil(width)} ${Math.ceil(height)}`}
      role="group"
      aria-label={label}
    >
      {parts.map((part, i) =>
        part.id === undefined ? (
          <g key={`part ${i}`} aria-hidden={part.label === undefined ? 'true' : undefined}>
            {part.title !== undefined && <title>{part.title}</title>}
            {part.marks.map(markElement)}
          </g>
        ) : (
          <g
            key={part.id}
            class={part.isCurrent === true ? 'picture-link current' : 'picture-link'}
            role="link"
            tabindex={part.id === stop ? 0 : -1}
            aria-label={nameOf(part)}
            aria-current={part.isCurrent === true ? 'location' : undefined}
            data-id={part.id}
            onClick={(event) => {
              chosen.value = part.id;
              act(part.id!, event);
            }}
            onKeyDown={(event) => press(event, part.id!)}
          >
            <g aria-hidden="true">
              {part.title !== undefined && <title>{part.title}</title>}
              {part.marks.map(markElement)}
            </g>
          </g>
        ),
      )}
    </svg>
  );
}

/** What one reads in it, then what it says beyond that. */
export function nameOf({ marks, label = '' }: Part): string {
  const texts = marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
  return label === '' ? texts.join(' ') : `${texts.join(' ')}. ${label}`;
}

function markElement(mark: Mark, key: number) {
  switch (mark.kind) {
    case 'rect':
      return (
        <rect
          key={key}
          x={round(mark.x)}
          y={round(mark.y)}
          width={round(mark.width)}
          height={round(mark.height)}
          rx={mark.radius}
          class={paint(mark)}
        />
      );
    case 'path':
      return <path key={key} d={mark.d} class={paint(mark)} />;
    case 'text':
      return (
        <text
          key={key}
          x={round(mark.x)}
          y={round(mark.y)}
          text-anchor={mark.anchor}
          font-size={mark.size}
          class={`fill-${mark.ink}${mark.isBold === true ? ' bold' : ''}${mark.isStruck === true ? ' struck' : ''}`}
        >
          {mark.anchor === undefined ? `${mark.text} ` : mark.text}
        </text>
      );
  }
}

function paint({ fill, stroke, isDashed, isThick }: Exclude<Mark, { kind: 'text' }>): string {
  return [
    fill === undefined ? 'fill-none' : `fill-${fill}`,
    stroke === undefined ? '' : `stroke-${stroke}`,
    isDashed === true ? 'dashed' : '',
    isThick === true ? 'thick' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The part with that mark in it nearest in a direction, by the middles of their first rectangles. */
export function nearestPart(parts: readonly Part[], id: string, key: string): string | undefined {
  const places = parts.flatMap((part) => {
    const box = part.marks.find((mark) => mark.kind === 'rect');
    return part.id === undefined || !box ? [] : [{ id: part.id, x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  });
  const own = places.find((place) => place.id === id);
  if (!own) return undefined;
  const isAcross = key === 'ArrowLeft' || key === 'ArrowRight';
  const sign = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  let best: { readonly id: string; readonly cost: number } | undefined;
  for (const place of places) {
    const along = sign * (isAcross ? place.x - own.x : place.y - own.y);
    const beside = Math.abs(isAcross ? place.y - own.y : place.x - own.x);
    if (along <= 1) continue;
    const cost = along + 2 * beside;
    if (!best || cost < best.cost) best = { id: place.id, cost };
  }
  return best?.id;
}
