/** The timeline's buttons, and where the debugger stands. */
import { formatCount } from '../base/format.ts';
import { Icon, IconButton } from '../base/icons.tsx';
import type { TimelineModel } from './timeline-model.ts';

interface TimelineToolbarProps {
  readonly model: TimelineModel;
  readonly isListOpen: boolean;
  readonly toggleList: () => void;
}

export function TimelineToolbar({ model, isListOpen, toggleList }: TimelineToolbarProps) {
  const { replay } = model;
  const threads = replay.overview.value?.threads ?? [];
  const thread = replay.thread.value;
  const hasThrows = (replay.overview.value?.counts.throws ?? 0) > 0 || model.failures.value.length > 0;
  const [failure] = model.failures.value;
  return (
    <div class="toolbar" role="toolbar" aria-label="Timeline">
      {threads.length > 1 && (
        <select
          aria-label="Thread"
          value={String(thread?.id)}
          onChange={({ currentTarget }) => (replay.chosenThread.value = Number(currentTarget.value))}
        >
          {threads.map(({ id, name }) => (
            <option key={id} value={String(id)}>
              {name}
            </option>
          ))}
        </select>
      )}
      <Pair
        name="Exception"
        isDisabled={!hasThrows}
        keys="e"
        go={(direction) => void model.toItem('throw', direction)}
      />
      {model.cases.value.length > 0 && <Pair name="Case" keys="c" go={(direction) => model.toCase(direction)} />}
      <Pair
        name="Output"
        isSpare
        isDisabled={replay.overview.value?.counts.outputs === 0}
        keys="o"
        go={(direction) => void model.toItem('output', direction)}
      />
      {failure !== undefined && (
        <button
          type="button"
          class="failure-button"
          title={`Go to the failure: ${failure.type}: ${failure.message} (x)`}
          onClick={() => model.jumpTo(failure.moment)}
        >
          <Icon name="error" />
          <span>{failure.type}</span>
        </button>
      )}
      <div class="spring" />
      <Readout model={model} />
      <div class="separator if-wide" />
      <IconButton icon="zoomOut" isSpare label="Zoom out" keys="-" act={() => model.zoomOut()} />
      <IconButton icon="zoomIn" isSpare label="Zoom in" keys="+" act={() => model.zoomIn()} />
      <IconButton icon="fit" label="Show the whole run" keys="0" act={() => model.fit()} />
      <IconButton icon="list" label="List what is in view" keys="l" isPressed={isListOpen} act={toggleList} />
    </div>
  );
}

function Readout({ model }: { readonly model: TimelineModel }) {
  const place = model.place.value;
  const end = model.replay.thread.value?.end ?? 0;
  return (
    <span class="readout">
      {place === undefined ? (
        `${formatCount(end)} events`
      ) : (
        <>
          Moment <strong>{formatCount(place)}</strong> of {formatCount(end)}
        </>
      )}
    </span>
  );
}

interface PairProps {
  readonly name: string;
  readonly keys: string;
  readonly isDisabled?: boolean;
  readonly isSpare?: boolean;
  readonly go: (direction: 'next' | 'previous') => void;
}

function Pair({ name, keys, isDisabled = false, isSpare, go }: PairProps) {
  const noun = name.toLowerCase();
  return (
    <div class={isSpare === true ? 'group if-wide' : 'group'} role="group" aria-label={name}>
      <IconButton
        icon="previous"
        label={`Previous ${noun}`}
        keys={`Shift+${keys}`}
        isDisabled={isDisabled}
        act={() => go('previous')}
      />
      <span class="group-name" aria-hidden="true">
        {name}
      </span>
      <IconButton icon="next" label={`Next ${noun}`} keys={keys} isDisabled={isDisabled} act={() => go('next')} />
    </div>
  );
}
