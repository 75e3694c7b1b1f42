/** A few lines beside the pointer. They are for those who see the picture: what they say stands elsewhere too. */
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface Tip {
  /** in the panel */
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly lines: readonly string[];
}

const AWAY = 14;

export function Tooltip({ tip }: { readonly tip: Tip | undefined }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = element.current;
    if (own === null || tip === undefined) return;
    const { innerWidth, innerHeight } = window;
    const { offsetWidth: width, offsetHeight: height } = own;
    const right = tip.x + AWAY;
    const below = tip.y + AWAY;
    own.style.left = `${Math.max(2, right + width > innerWidth ? tip.x - width - AWAY / 2 : right)}px`;
    own.style.top = `${Math.max(2, below + height > innerHeight ? Math.min(tip.y - height - AWAY / 2, innerHeight - height - 2) : below)}px`;
  });
  if (tip === undefined) return null;
  return (
    <div ref={element} class="tooltip" aria-hidden="true">
      <div class="tooltip-title">{tip.title}</div>
      {tip.lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
