/** The flame chart, and what pointers and keys do to it. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Drawing, useSize, type Picture, type Size } from '../base/drawing.tsx';
import { baseName, counted, formatCount } from '../base/format.ts';
import { toMoment, widthOf, type Range } from '../base/range.ts';
import { Tooltip, type Tip } from '../base/tooltip.tsx';
import type { CallsModel } from './calls-model.ts';
import { argumentText, resultText } from './details.ts';
import { ROW, RULER, drawFlame, drawFlameOverlay, rectangleAt, type FlameScene, type Pointed } from './flame-layout.ts';

/** Pixels after which a press is a drag. */
const DRAG = 4;
/** Of a wheel's turn, for twice the zoom. */
const WHEEL = 260;
const PINCH = 60;

interface Drag {
  readonly isScrub: boolean;
  readonly x: number;
  readonly y: number;
  readonly view: Range;
  readonly scroll: number;
  hasMoved: boolean;
}

export function FlameChart({ model }: { readonly model: CallsModel }) {
  const { element, size } = useSize();
  const scene = useRef<FlameScene | undefined>(undefined);
  const drag = useRef<Drag | undefined>(undefined);
  const pointer = useSignal({ x: 0, y: 0 });
  const cursor = useSignal('default');

  const draw = ({ width, height }: Size): Picture => {
    scene.current = model.scene(width, height);
    return { list: drawFlame(scene.current), height };
  };
  const drawOverlay = ({ height }: Size): Picture => ({
    list: scene.current === undefined ? [] : drawFlameOverlay({ ...scene.current, ...model.overlay() }),
    height,
  });
  const at = (event: MouseEvent): { readonly x: number; readonly y: number } => {
    const box = element.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const momentAt = (x: number, view: Range): number => toMoment(x, view, scene.current!.width);

  const press = (event: PointerEvent): void => {
    if (event.button !== 0 || scene.current === undefined) return;
    element.current!.setPointerCapture(event.pointerId);
    const { x, y } = at(event);
    const isScrub = y < RULER;
    drag.current = { isScrub, x, y, view: model.view.value, scroll: model.scroll.value, hasMoved: false };
    if (isScrub) model.goToMoment(momentAt(x, model.view.value));
  };

  const move = (event: PointerEvent): void => {
    const { x, y } = at(event);
    const { current } = drag;
    if (current === undefined) {
      cursor.value = y < RULER ? 'ew-resize' : 'default';
      pointer.value = { x: event.clientX, y: event.clientY };
      model.pointed.value = scene.current && rectangleAt(scene.current, x, y);
      return;
    }
    if (!current.hasMoved && Math.hypot(x - current.x, y - current.y) < DRAG) return;
    current.hasMoved = true;
    if (current.isScrub) return model.goToMoment(Math.max(0, momentAt(x, model.view.value)));
    const by = ((current.x - x) / scene.current!.width) * widthOf(current.view);
    model.show({ from: current.view.from + by, to: current.view.to + by });
    model.scrollBy(current.scroll + current.y - y - model.scroll.value);
  };

  const release = (event: PointerEvent): void => {
    const { current } = drag;
    drag.current = undefined;
    if (current === undefined || current.hasMoved || current.isScrub || event.type === 'pointercancel') return;
    const found = scene.current && rectangleAt(scene.current, current.x, current.y);
    if (found !== undefined) void choose(model, found);
  };

  useEffect(() => {
    const turn = (event: WheelEvent): void => {
      if (scene.current === undefined) return;
      event.preventDefault();
      model.pointed.value = undefined;
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      const delta = (event.deltaY || event.deltaX) * unit;
      if (event.altKey) model.scrollBy(delta);
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        model.pan(((event.deltaX || event.deltaY) * unit) / scene.current.width);
      else model.zoom(2 ** (delta / (event.ctrlKey ? PINCH : WHEEL)), momentAt(at(event).x, model.view.value));
    };
    const own = element.current!;
    // Preact listens passively, which cannot keep the page from scrolling
    own.addEventListener('wheel', turn, { passive: false });
    return () => own.removeEventListener('wheel', turn);
  }, []);

  return (
    <div
      class="flame"
      role="group"
      tabIndex={0}
      aria-label="Flame chart"
      aria-describedby="flame-help"
      onKeyDown={(event) => keys(model, event)}
    >
      <div
        ref={element}
        class="flame-canvas"
        style={{ cursor: cursor.value }}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={() => (model.pointed.value = undefined)}
      >
        <Drawing size={size} depend={() => model.depend()} draw={draw} />
        <Drawing size={size} depend={() => model.dependOverlay()} draw={drawOverlay} isOverlay />
      </div>
      <PointedTip model={model} pointer={pointer} />
      <span id="flame-help" class="hidden">
        The call tree shows the same calls as a list. Arrow left and right move the view, up and down scroll it, plus
        and minus zoom, 0 shows everything. With Alt, the arrows choose the caller, the first call made, and calls
        beside; Enter goes there.
      </span>
    </div>
  );
}

/** Goes to a call; zooms in where the rectangle stands for many. */
async function choose(model: CallsModel, { answer, row }: Pointed): Promise<void> {
  if (answer.calls[row]! > 1) {
    const [from, to] = [answer.enter[row]!, answer.exit[row]! + 1];
    model.show({ from: from - (to - from) * 0.1, to: to + (to - from) * 0.1 });
    return;
  }
  const call = await model.callOf({ answer, row });
  if (call === undefined) return;
  model.selected.value = call;
  model.goTo(call);
}

function keys(model: CallsModel, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey) return;
  const act = (event.altKey ? ALT_KEYS : KEYS)[event.key];
  if (act === undefined) return;
  act(model);
  event.preventDefault();
}

const KEYS: Readonly<Record<string, (model: CallsModel) => void>> = {
  ArrowLeft: (model) => model.panLeft(),
  ArrowRight: (model) => model.panRight(),
  ArrowUp: (model) => model.scrollBy(-ROW),
  ArrowDown: (model) => model.scrollBy(ROW),
  PageUp: (model) => model.pan(-0.9),
  PageDown: (model) => model.pan(0.9),
  '+': (model) => model.zoomIn(),
  '=': (model) => model.zoomIn(),
  '-': (model) => model.zoomOut(),
  '0': (model) => model.fit(),
  Enter: (model) => {
    const call = model.selected.value;
    if (call !== undefined) model.goTo(call);
  },
};

const ALT_KEYS: Readonly<Record<string, (model: CallsModel) => void>> = {
  ArrowUp: (model) => void model.selectBeside('caller'),
  ArrowDown: (model) => void model.selectBeside('called'),
  ArrowLeft: (model) => void model.selectBeside('before'),
  ArrowRight: (model) => void model.selectBeside('behind'),
};

interface PointedTipProps {
  readonly model: CallsModel;
  readonly pointer: { readonly value: { readonly x: number; readonly y: number } };
}

function PointedTip({ model, pointer }: PointedTipProps) {
  const tip = useComputed((): Tip | undefined => {
    const pointed = model.pointed.value;
    if (pointed === undefined) return undefined;
    void model.details.version.value;
    const { answer, row } = pointed;
    const of = model.functions.get(answer.function[row]!);
    const [enter, exit, calls] = [answer.enter[row]!, answer.exit[row]!, answer.calls[row]!];
    const place = of === undefined ? '' : `${baseName(of.path)}${of.line > 0 ? `:${of.line}` : ''}`;
    const events = `${counted(exit - enter, 'event')} from moment ${formatCount(enter + 1)}`;
    const name = of?.name ?? '';
    if (calls > 1)
      return {
        ...pointer.value,
        title: counted(calls, 'call'),
        lines: [`the longest: ${name}, ${place}`, events, 'Click to look closer.'],
      };
    const detail = model.details.of(answer.call[row]!);
    const given = detail === undefined ? '' : argumentText(detail);
    const result = resultText(detail);
    return {
      ...pointer.value,
      title: `${name}(${given})`,
      lines: [...(result === undefined ? [] : [`→ ${result}`]), place, events],
    };
  });
  const pointed = model.pointed.value;
  useEffect(() => {
    if (pointed === undefined || pointed.answer.calls[pointed.row]! > 1) return undefined;
    const wait = setTimeout(() => model.details.want([pointed.answer.call[pointed.row]!]), 80);
    return () => clearTimeout(wait);
  }, [pointed?.answer, pointed?.row]);
  return <Tooltip tip={tip.value} />;
}
