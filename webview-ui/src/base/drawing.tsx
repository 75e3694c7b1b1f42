/** A canvas that fills its surroundings and is drawn anew, at most once a frame, when what it depends on changes. */
import { effect, signal, untracked, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Painter, type Drawn } from './draw.ts';
import { theme } from './theme.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
  /** the device's pixels for one of the page */
  readonly ratio: number;
}

export interface Picture {
  readonly list: readonly Drawn[];
  /** of the canvas, which may be higher than what is seen of it */
  readonly height: number;
}

interface DrawingProps {
  readonly size: Signal<Size>;
  /** Reads each signal that the picture depends on. */
  readonly depend: () => void;
  readonly draw: (size: Size) => Picture;
  /** lies over the one before */
  readonly isOverlay?: boolean;
}

export function Drawing({ size, depend, draw, isOverlay }: DrawingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const painter = new Painter(element.getContext('2d', { alpha: true })!);
    let frame = 0;
    const paint = (): void => {
      frame = 0;
      const now = size.peek();
      if (now.width < 1 || now.height < 1) return;
      const { list, height } = untracked(() => draw(now));
      resize(element, now.width, height, now.ratio);
      painter.paint(list, now.width, height, now.ratio, theme.peek().font);
    };
    const stop = effect(() => {
      depend();
      void [size.value, theme.value];
      if (frame === 0) frame = requestAnimationFrame(paint);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, []);
  return <canvas ref={canvas} class={isOverlay === true ? 'overlay' : undefined} aria-hidden="true" />;
}

/** Setting a canvas's size clears it and costs time: only where it changes. */
function resize(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width === columns && canvas.height === rows) return;
  canvas.width = columns;
  canvas.height = rows;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** Size of the element that the reference is given to. */
export function useSize() {
  const element = useRef<HTMLDivElement>(null);
  const size = useMemo(() => signal<Size>({ width: 0, height: 0, ratio: 1 }), []);
  useEffect(() => {
    const measure = (): void => {
      if (element.current === null) return;
      const { clientWidth: width, clientHeight: height } = element.current;
      const ratio = window.devicePixelRatio || 1;
      const last = size.peek();
      if (last.width !== width || last.height !== height || last.ratio !== ratio) size.value = { width, height, ratio };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  return { element, size };
}
