/** The buttons of the calls panel, and its search. */
import { useRef } from 'preact/hooks';
import { formatCount } from '../base/format.ts';
import { Icon, IconButton } from '../base/icons.tsx';
import type { CallsModel, Mode } from './calls-model.ts';

const MODES: readonly { readonly mode: Mode; readonly name: string }[] = [
  { mode: 'flame', name: 'Flame Chart' },
  { mode: 'tree', name: 'Call Tree' },
];

export function CallsToolbar({ model }: { readonly model: CallsModel }) {
  const { replay } = model;
  const threads = replay.overview.value?.threads ?? [];
  const mode = model.mode.value;
  return (
    <div class="toolbar" role="toolbar" aria-label="Calls">
      <div class="modes" role="radiogroup" aria-label="View">
        {MODES.map(({ mode: each, name }) => (
          <button
            key={each}
            type="button"
            role="radio"
            class="mode"
            aria-checked={mode === each}
            onClick={() => (model.mode.value = each)}
          >
            {name}
          </button>
        ))}
      </div>
      {threads.length > 1 && (
        <select
          aria-label="Thread"
          value={String(replay.thread.value?.id)}
          onChange={({ currentTarget }) => (replay.chosenThread.value = Number(currentTarget.value))}
        >
          {threads.map(({ id, name }) => (
            <option key={id} value={String(id)}>
              {name}
            </option>
          ))}
        </select>
      )}
      <Search model={model} />
      <div class="spring" />
      <IconButton
        icon="follow"
        label="Follow the debugger"
        isPressed={model.follows.value}
        act={() => (model.follows.value = !model.follows.value)}
      />
      {mode === 'flame' && (
        <>
          <div class="separator if-wide" />
          <IconButton icon="zoomOut" isSpare label="Zoom out" keys="-" act={() => model.zoomOut()} />
          <IconButton icon="zoomIn" isSpare label="Zoom in" keys="+" act={() => model.zoomIn()} />
          <IconButton icon="fit" label="Show the whole run" keys="0" act={() => model.fit()} />
        </>
      )}
    </div>
  );
}

function Search({ model }: { readonly model: CallsModel }) {
  const { search } = model;
  const input = useRef<HTMLInputElement>(null);
  const text = search.text.value;
  const total = search.total.value;
  const has = (total ?? 0) > 0;
  const count =
    total === undefined ? '' : total === 0 ? 'none' : `${formatCount(search.index.value)} of ${formatCount(total)}`;
  return (
    <div class="search" role="search">
      <div class="search-box">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          placeholder="Find calls"
          aria-label="Find calls by function or file"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => search.type(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              const call = model.selected.value;
              if ((event.ctrlKey || event.metaKey) && call !== undefined) model.goTo(call);
              else if (event.shiftKey) search.previous();
              else search.next();
            } else if (event.key === 'Escape') search.clear();
            else return;
            event.preventDefault();
          }}
        />
        <span class="search-count" role="status">
          {count}
        </span>
      </div>
      <IconButton
        icon="up"
        label="Previous call found"
        keys="Shift+Enter"
        isDisabled={!has}
        act={() => search.previous()}
      />
      <IconButton icon="down" label="Next call found" keys="Enter" isDisabled={!has} act={() => search.next()} />
      <IconButton
        icon="go"
        isSpare
        label="Go to the call that was found"
        keys="Ctrl+Enter"
        isDisabled={!has || model.selected.value === undefined}
        act={() => model.selected.value && model.goTo(model.selected.value)}
      />
    </div>
  );
}
