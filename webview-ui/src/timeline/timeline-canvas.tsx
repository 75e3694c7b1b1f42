/** The timeline's picture, and what pointers do to it. */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Drawing, useSize, type Picture, type Size } from '../base/drawing.tsx';
import { toMoment, widthOf, within, type Range } from '../base/range.ts';
import { Tooltip, type Tip } from '../base/tooltip.tsx';
import { findAt, type Found } from './find-item.ts';
import { drawOverlay } from './overlay-layout.ts';
import type { Scene } from './scene.ts';
import { drawTimeline } from './timeline-layout.ts';
import type { TimelineModel } from './timeline-model.ts';

/** Pixels after which a press is a drag. */
const DRAG = 4;
/** Of a wheel's turn, for twice the zoom. */
const WHEEL = 260;
const PINCH = 60;

interface Drag {
  readonly kind: 'scrub' | 'pan' | 'minimap' | 'select';
  readonly x: number;
  readonly found: Found;
  readonly view: Range;
  hasMoved: boolean;
}

export function TimelineCanvas({ model }: { readonly model: TimelineModel }) {
  const { element, size } = useSize();
  const scene = useRef<Scene | undefined>(undefined);
  const drag = useRef<Drag | undefined>(undefined);
  const cursor = useSignal('default');
  const tip = useMemo(() => signal<Tip | undefined>(undefined), []);

  const draw = ({ width, height }: Size): Picture => {
    scene.current = model.scene(width, height);
    return { list: drawTimeline(scene.current), height: scene.current.lanes.height };
  };

  const drawFront = (): Picture => ({
    list: scene.current === undefined ? [] : drawOverlay({ ...scene.current, ...model.overlay() }),
    height: scene.current?.lanes.height ?? 1,
  });

  const at = (event: MouseEvent): { readonly x: number; readonly y: number } => {
    const box = element.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top + element.current!.scrollTop };
  };
  const under = (event: MouseEvent): Found | undefined => {
    const { x, y } = at(event);
    return scene.current && findAt(scene.current, x, y);
  };
  const momentAt = (event: MouseEvent, view: Range): number => {
    const { gutter, plot } = scene.current!.lanes;
    return toMoment(Math.min(plot, Math.max(0, at(event).x - gutter)), view, plot);
  };

  const press = (event: PointerEvent): void => {
    const found = under(event);
    if (event.button !== 0 || found === undefined) return;
    element.current!.setPointerCapture(event.pointerId);
    tip.value = undefined;
    const kind =
      found.region === 'minimap'
        ? 'minimap'
        : found.region === 'ruler' || found.region === 'playhead'
          ? 'scrub'
          : event.shiftKey
            ? 'select'
            : 'pan';
    drag.current = { kind, x: at(event).x, found, view: model.view.value, hasMoved: false };
    if (kind === 'scrub' && found.region === 'ruler') model.goTo(found.target);
    if (kind === 'minimap' && !isIn(found.moment, model.view.value)) center(model, found.moment);
  };

  const move = (event: PointerEvent): void => {
    const { current } = drag;
    if (current === undefined) return hover(event);
    const { x } = at(event);
    if (!current.hasMoved && Math.abs(x - current.x) < DRAG) return;
    current.hasMoved = true;
    const { plot } = scene.current!.lanes;
    const { view, kind } = current;
    const whole = model.replay.whole.value;
    if (kind === 'scrub') model.goTo(momentAt(event, model.view.value));
    else if (kind === 'pan') {
      const by = ((current.x - x) / plot) * widthOf(view);
      model.show({ from: view.from + by, to: view.to + by });
    } else if (kind === 'minimap') {
      const by = ((x - current.x) / plot) * widthOf(whole);
      if (isIn(current.found.moment, view)) model.show({ from: view.from + by, to: view.to + by });
      else center(model, momentAt(event, whole));
    } else {
      const [from, to] = [current.found.moment, momentAt(event, model.view.value)].sort((a, b) => a - b);
      model.selecting.value = { from: from!, to: to! };
    }
  };

  const release = (event: PointerEvent): void => {
    const { current } = drag;
    drag.current = undefined;
    if (current === undefined) return;
    const { kind, found, hasMoved } = current;
    const selected = model.selecting.value;
    model.selecting.value = undefined;
    if (event.type === 'pointercancel') return;
    if (kind === 'select' && selected !== undefined && hasMoved) model.show(selected);
    else if (kind === 'pan' && !hasMoved) {
      if (found.threadId !== undefined) model.replay.chosenThread.value = found.threadId;
      else if (found.region === 'lane') model.goTo(found.target);
    }
  };

  const hover = (event: PointerEvent): void => {
    const found = under(event);
    if (found === undefined) return;
    const { region, moment, title, lines } = found;
    cursor.value =
      region === 'playhead' || region === 'ruler' ? 'ew-resize' : region === 'thread' ? 'pointer' : 'default';
    const isPointed = region !== 'names' && region !== 'minimap' && region !== 'thread';
    model.pointed.value = isPointed ? moment : undefined;
    const { clientX: x, clientY: y } = event;
    tip.value = region === 'names' ? undefined : { x, y, title, lines };
  };

  const leave = (): void => {
    model.pointed.value = undefined;
    tip.value = undefined;
  };

  useEffect(() => {
    const turn = (event: WheelEvent): void => {
      if (scene.current === undefined) return;
      event.preventDefault();
      tip.value = undefined;
      const { plot } = scene.current.lanes;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      if (isSideways) model.pan(((event.deltaX || event.deltaY) * unit) / plot);
      else
        model.zoom(2 ** ((event.deltaY * unit) / (event.ctrlKey ? PINCH : WHEEL)), momentAt(event, model.view.value));
    };
    const own = element.current!;
    // Preact listens passively, which cannot keep the page from scrolling
    own.addEventListener('wheel', turn, { passive: false });
    return () => own.removeEventListener('wheel', turn);
  }, []);

  return (
    <>
      <div
        ref={element}
        class="timeline-canvas"
        style={{ cursor: cursor.value }}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={leave}
        onDblClick={(event) => {
          const extent = under(event)?.extent;
          if (extent !== undefined) model.show(widened(extent));
        }}
      >
        <Drawing size={size} depend={() => model.depend()} draw={draw} />
        <Drawing size={size} depend={() => model.dependOverlay()} draw={drawFront} isOverlay />
      </div>
      <Following tip={tip} />
    </>
  );
}

function Following({ tip }: { readonly tip: { readonly value: Tip | undefined } }) {
  return <Tooltip tip={tip.value} />;
}

function isIn(moment: number, { from, to }: Range): boolean {
  return moment >= from && moment <= to;
}

function center(model: TimelineModel, moment: number): void {
  const half = widthOf(model.view.value) / 2;
  model.show(within({ from: moment - half, to: moment + half }, model.replay.whole.value));
}

function widened({ from, to }: Range): Range {
  const margin = (to - from) * 0.05;
  return { from: from - margin, to: to + margin };
}
