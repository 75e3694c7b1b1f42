/** What is wider or higher than its place. It takes the keyboard only while it is. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface ScrollProps {
  /** for those who do not see it */
  readonly label: string;
  readonly isTall?: boolean;
  readonly children: ComponentChildren;
}

export function Scroll({ label, isTall = false, children }: ScrollProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isCut, setCut] = useState(false);
  useLayoutEffect(() => {
    const own = place.current;
    if (own === null) return undefined;
    const look = (): void => setCut(own.scrollWidth > own.clientWidth || own.scrollHeight > own.clientHeight);
    const observer = new ResizeObserver(look);
    observer.observe(own);
    if (own.firstElementChild) observer.observe(own.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={place}
      class={isTall ? 'ops-scroll ops-tall' : 'ops-scroll'}
      role="region"
      aria-label={label}
      tabIndex={isCut ? 0 : undefined}
    >
      {children}
    </div>
  );
}
