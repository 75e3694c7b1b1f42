/** The object graph: the changes of what is drawn as a slider, and the objects at the moment where the debugger stands. */
import { formatCount, baseName } from '../base/format.ts';
import { IconButton } from '../base/icons.tsx';
import { ExportButtons } from '../base/picture/export-buttons.tsx';
import { PictureView } from '../base/picture/picture-view.tsx';
import { drawObjects, objectNeighbour } from './objects-layout.ts';
import type { ObjectsModel } from './objects-model.ts';

export function ObjectsPanel({ model }: { readonly model: ObjectsModel }) {
  const root = model.replay.root.value;
  if (!root)
    return (
      <div class="empty">
        <p>Right-click an object in the Variables view, or its name in the editor: Show Object Graph.</p>
      </div>
    );
  return (
    <div class="objects">
      <Toolbar model={model} name={root.name} />
      {model.fault.value !== undefined && (
        <p class="objects-note" role="alert">
          {model.fault.value}
        </p>
      )}
      <Graph model={model} name={root.name} />
    </div>
  );
}

function Toolbar({ model, name }: { readonly model: ObjectsModel; readonly name: string }) {
  const moments = model.moments.value;
  const passed = model.passed.value;
  return (
    <div class="toolbar" role="toolbar" aria-label="Object graph">
      <strong class="objects-name">{name}</strong>
      <IconButton
        icon="previous"
        label="Previous change"
        isDisabled={passed === 0}
        act={() => model.goToChange(isAtChange(model) ? passed - 1 : passed)}
      />
      <input
        type="range"
        class="objects-slider"
        aria-label="Change"
        aria-valuetext={whereText(model)}
        min={0}
        max={moments.length}
        value={passed}
        disabled={moments.length === 0}
        onInput={({ currentTarget }) => model.goToChange(Number(currentTarget.value))}
      />
      <IconButton
        icon="next"
        label="Next change"
        isDisabled={passed >= moments.length}
        act={() => model.goToChange(passed + 1)}
      />
      <span class="objects-where" role="status">
        {whereText(model)}
      </span>
      <div class="spring" />
      <ExportButtons
        host={model.replay.host}
        title={`${name} at moment ${model.replay.place.value?.threadId ?? 1}:${model.here.value ?? ''}`}
        name="objects"
        picture={() => {
          const graph = model.graph.peek();
          return graph && drawObjects(graph, 'right', model.changed.peek());
        }}
      />
    </div>
  );
}

function isAtChange(model: ObjectsModel): boolean {
  return model.moments.value[model.passed.value - 1] === model.here.value;
}

function whereText(model: ObjectsModel): string {
  const { changes, isCut } = model.changes.value;
  const moments = model.moments.value;
  if (moments.length === 0) return model.isLooking.value ? 'Looking for changes…' : 'No change is recorded';
  const passed = model.passed.value;
  const of = `${formatCount(moments.length)}${isCut ? ' or more' : ''}`;
  if (passed === 0) return `Before the first of ${of} changes`;
  const change = changes.findLast(({ moment }) => moment === moments[passed - 1])!;
  const place = change.line === 0 ? '' : `, ${baseName(change.path)}:${change.line}`;
  return `Change ${formatCount(passed)} of ${of}${place}`;
}

function Graph({ model, name }: { readonly model: ObjectsModel; readonly name: string }) {
  const graph = model.graph.value;
  if (model.here.value === undefined)
    return <p class="objects-note">The debugger stands in another thread than the object.</p>;
  if (!graph)
    return (
      <div class="objects-busy" role="status">
        <div class="progress" />
        <span class="hidden">Looking at the object…</span>
      </div>
    );
  if (graph.nodes.length === 0)
    return <p class="objects-note">{name} is not there yet at this moment. Go to a later change.</p>;
  const picture = drawObjects(graph, 'right', model.changed.value);
  return (
    <div class="objects-frame picture-frame">
      <PictureView
        picture={picture}
        label={`${name} and the objects that it refers to`}
        first={String(graph.nodes[0]!.object)}
        neighbour={(id, key) => objectNeighbour(picture, id, key)}
        act={(id) => model.toggle(Number(id))}
      />
      {graph.isCut && <p class="objects-note">There are more objects: close some of these to see others.</p>}
      <ul class="hidden">
        {graph.nodes.map((node) => (
          <li key={node.object}>
            {node.title} #{node.object}: {node.properties.map(({ name: own, value }) => `${own}: ${value}`).join(', ')}
          </li>
        ))}
      </ul>
    </div>
  );
}
