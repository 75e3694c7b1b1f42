/** The operations of a folder's services at a glance: what asks for attention, what runs, and what could be done. */
import { useEffect, useRef } from 'preact/hooks';
import type { OperationsState } from '../../../operational-loop/src/api/messages.ts';
import { Alerts } from './alerts.tsx';
import { Calibrations } from './calibrations.tsx';
import { Drifts } from './drifts.tsx';
import { Empty, LostBanner, NoServices } from './empty.tsx';
import { Journal } from './journal.tsx';
import type { Subject } from './messages.ts';
import type { OperationsModel } from './operations-model.ts';
import { anchorOf } from './parts.tsx';
import { Proposals } from './proposals.tsx';
import { Rollouts } from './rollouts.tsx';
import { isFinished, openAlerts, openProposals } from './selectors.ts';
import { Services } from './services.tsx';
import { Settings } from './settings.tsx';
import { formatTime } from './times.ts';

export function OperationsPanel({ model }: { readonly model: OperationsModel }) {
  const state = model.state.value;
  const connection = model.connection.value;
  useShow(model);
  useKeptFocus(model);
  return (
    <>
      <h1 class="hidden">Operations</h1>
      <div class="hidden" role="status" aria-live="polite">
        {model.announcement.value}
      </div>
      {state && connection ? (
        <div class="ops">
          <Bar model={model} state={state} />
          {connection.state === 'lost' && <LostBanner model={model} connection={connection} now={state.time} />}
          <div class="ops-body">
            <Sections model={model} state={state} />
          </div>
        </div>
      ) : (
        <Empty model={model} />
      )}
    </>
  );
}

/** What is urgent stands first, in the order in which one works through it. */
function Sections({ model, state }: { readonly model: OperationsModel; readonly state: OperationsState }) {
  if (state.services.length === 0) return <NoServices />;
  return (
    <>
      <Alerts model={model} state={state} />
      <Services model={model} state={state} />
      <div class="ops-columns">
        <div>
          <Rollouts model={model} state={state} />
          <Proposals model={model} state={state} />
        </div>
        <div>
          <Drifts model={model} state={state} />
        </div>
      </div>
      <Settings model={model} state={state} />
      <Calibrations model={model} />
      <Journal model={model} now={state.time} />
    </>
  );
}

/** What it is of, and the way to each section. */
function Bar({ model, state }: { readonly model: OperationsModel; readonly state: OperationsState }) {
  const connection = model.connection.value;
  const links: readonly (readonly [id: string, title: string, count: number | undefined])[] = [
    ['alerts', 'Alerts', openAlerts(state).length],
    ['services', 'Services', state.services.length],
    ['rollouts', 'Rollouts', state.rollouts.filter((each) => !isFinished(each)).length],
    ['proposals', 'Recommendations', openProposals(state).length],
    ['drifts', 'Drift', state.drifts.filter(({ endedAt }) => endedAt === undefined).length],
    ['settings', 'Configuration', undefined],
    ['calibration', 'Probabilities', undefined],
    ['history', 'History', undefined],
  ];
  return (
    <div class="toolbar ops-bar">
      <nav aria-label="Sections">
        {links.map(([id, title, count]) => (
          <button key={id} type="button" class="ops-jump" onClick={() => moveTo(document.getElementById(id))}>
            {title}
            {count !== undefined && <span class={count > 0 ? 'ops-count' : 'ops-count none'}>{count}</span>}
          </button>
        ))}
      </nav>
      <div class="spring" />
      <span class="readout">
        {connection && 'folder' in connection && `${baseOf(connection.folder)} · `}
        {state.daemon.acts ? 'acts on allowed knobs' : 'recommends only'} · {formatTime(state.time)}
      </span>
      <button type="button" class="button small secondary" onClick={() => model.host.run('hindcast.operations.stop')}>
        Stop Watching
      </button>
    </div>
  );
}

function baseOf(folder: string): string {
  return folder.split(/[\\/]/).findLast(Boolean) ?? folder;
}

/** Moves to what is wanted, once it is there, and marks it until something else is wanted. */
function useShow(model: OperationsModel): void {
  const subject = model.wanted.value;
  const state = model.state.value;
  useEffect(() => {
    const element = subject && elementOf(subject);
    if (!element) return;
    model.wanted.value = undefined;
    for (const each of document.querySelectorAll('.ops-shown')) each.classList.remove('ops-shown');
    element.classList.add('ops-shown');
    moveTo(element);
  }, [model, subject, state]);
}

/** Where what had the keyboard is gone with what it was about, its section has it. */
function useKeptFocus(model: OperationsModel): void {
  const last = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const remember = ({ target }: FocusEvent): void => {
      last.current = target instanceof Element ? target.closest<HTMLElement>('.ops-section') : null;
    };
    document.addEventListener('focusin', remember);
    return () => document.removeEventListener('focusin', remember);
  }, []);
  useEffect(() => {
    if (document.hasFocus() && document.activeElement === document.body) last.current?.focus({ preventScroll: true });
  }, [model.state.value]);
}

function elementOf(subject: Subject): HTMLElement | null {
  const element = document.getElementById(anchorOf(subject));
  const closed = element?.closest('details:not([open])');
  if (closed instanceof HTMLDetailsElement) closed.open = true;
  return element;
}

function moveTo(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'start' });
  element?.focus({ preventScroll: true });
}
