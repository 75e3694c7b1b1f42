/** The calls: who called whom, with what, and what it gave. */
import { useEffect, useRef } from 'preact/hooks';
import { counted, formatCount } from '../base/format.ts';
import { CallTree } from './call-tree.tsx';
import type { CallsModel } from './calls-model.ts';
import { CallsToolbar } from './calls-toolbar.tsx';
import { FlameChart } from './flame-chart.tsx';

export function CallsPanel({ model }: { readonly model: CallsModel }) {
  const isFlame = model.mode.value === 'flame';
  return (
    <>
      <CallsToolbar model={model} />
      {isFlame ? <FlameChart model={model} /> : <CallTree model={model} />}
      {isFlame && <StackBar model={model} />}
      <Selected model={model} />
    </>
  );
}

/** The calls where the debugger stands: the flame chart's own, as a list. */
function StackBar({ model }: { readonly model: CallsModel }) {
  const path = model.path.value;
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    // the innermost call stands at the end
    if (bar.current !== null) bar.current.scrollLeft = bar.current.scrollWidth;
  }, [path]);
  const selected = model.selected.value?.call;
  // until they are read nothing is said
  const isNone = model.stack.value.length === 0 && model.replay.place.value !== undefined;
  return (
    <nav ref={bar} class="stack" aria-label="Calls at the debugger’s moment">
      {path.length === 0 ? (
        isNone && <span class="stack-empty">No recorded code is running at this moment.</span>
      ) : (
        <ol>
          {path.map((call) => (
            <li key={call.call}>
              <button
                type="button"
                class={selected === call.call ? 'stack-call selected' : 'stack-call'}
                title={`${call.path}:${call.line}\nGo to where this call begins`}
                onClick={() => {
                  model.select(call);
                  model.goTo(call);
                }}
              >
                {call.name}
              </button>
            </li>
          ))}
        </ol>
      )}
    </nav>
  );
}

/** Says what was chosen to those who do not see it. */
function Selected({ model }: { readonly model: CallsModel }) {
  const call = model.selected.value;
  return (
    <div class="hidden" role="status">
      {call && `${call.name}, moment ${formatCount(call.first)}, ${counted(call.inside, 'call')} inside`}
    </div>
  );
}
