/** The timeline: the whole run, from its beginning to its end. */
import { useSignal } from '@preact/signals';
import { formatCount } from '../base/format.ts';
import { TimelineCanvas } from './timeline-canvas.tsx';
import { TimelineList } from './timeline-list.tsx';
import type { TimelineModel } from './timeline-model.ts';
import { TimelineToolbar } from './timeline-toolbar.tsx';

const HELP =
  'Arrow left and right move the view, with Shift the debugger. Plus and minus zoom, 0 shows everything. ' +
  'E, C and O go to the next exception, case and output, with Shift to the previous one. X goes to the failure.';

export function TimelinePanel({ model }: { readonly model: TimelineModel }) {
  const isListOpen = useSignal(false);
  const place = model.place.value ?? 0;
  const end = model.replay.thread.value?.end ?? 0;

  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act !== undefined) act(model, event.shiftKey);
    else if (event.key === 'l') isListOpen.value = !isListOpen.value;
    else return;
    event.preventDefault();
  };

  return (
    <>
      <TimelineToolbar
        model={model}
        isListOpen={isListOpen.value}
        toggleList={() => (isListOpen.value = !isListOpen.value)}
      />
      <div class="timeline">
        <div
          class="timeline-plot"
          role="slider"
          tabIndex={0}
          aria-label="Moment of the debugger"
          aria-describedby="timeline-help"
          aria-valuemin={0}
          aria-valuemax={end}
          aria-valuenow={place}
          aria-valuetext={`Moment ${formatCount(place)} of ${formatCount(end)}`}
          onKeyDown={key}
        >
          <TimelineCanvas model={model} />
        </div>
        <div class={isListOpen.value ? 'timeline-side open' : 'timeline-side'}>
          <TimelineList model={model} />
        </div>
      </div>
      <span id="timeline-help" class="hidden">
        {HELP}
      </span>
    </>
  );
}

/** `back`: with Shift. */
const KEYS: Readonly<Record<string, (model: TimelineModel, back: boolean) => void>> = {
  ArrowLeft: (model, isMove) => (isMove ? model.goTo((model.place.value ?? 0) - stepOf(model)) : model.panLeft()),
  ArrowRight: (model, isMove) => (isMove ? model.goTo((model.place.value ?? 0) + stepOf(model)) : model.panRight()),
  ArrowUp: (model) => model.zoomIn(),
  ArrowDown: (model) => model.zoomOut(),
  PageUp: (model) => model.pan(-0.9),
  PageDown: (model) => model.pan(0.9),
  Home: (model) => model.jumpTo(0),
  End: (model) => model.jumpTo(model.replay.thread.value?.end ?? 0),
  '+': (model) => model.zoomIn(),
  '=': (model) => model.zoomIn(),
  '-': (model) => model.zoomOut(),
  _: (model) => model.zoomOut(),
  '0': (model) => model.fit(),
  f: (model) => model.fit(),
  e: (model, back) => void model.toItem('throw', back ? 'previous' : 'next'),
  o: (model, back) => void model.toItem('output', back ? 'previous' : 'next'),
  t: (model, back) => void model.toItem('tick', back ? 'previous' : 'next'),
  c: (model, back) => model.toCase(back ? 'previous' : 'next'),
  x: (model) => {
    const [failure] = model.failures.value;
    if (failure !== undefined) model.jumpTo(failure.moment);
  },
};

/** Moments that the arrow keys move the debugger by: about two pixels. */
function stepOf(model: TimelineModel): number {
  const { from, to } = model.view.value;
  return Math.max(1, Math.round((to - from) / 500));
}
