/** The calls as a tree: only the rows in sight are there. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useSize } from '../base/drawing.tsx';
import { baseName, formatCount } from '../base/format.ts';
import { Icon } from '../base/icons.tsx';
import type { CallsModel } from './calls-model.ts';
import { argumentText, resultText, type Detail } from './details.ts';
import type { TreeRow } from './tree-rows.ts';

const HEIGHT = 22;
const INDENT = 12;
/** Share of the width. */
const MOST_INDENT = 0.4;
/** Pixels of an element at most: browsers allow about twice as many. */
const HIGHEST = 15_000_000;

export function CallTree({ model }: { readonly model: CallsModel }) {
  const { tree, details } = model;
  const { element, size } = useSize();
  const scrolled = useSignal(0);
  const isProgram = useRef(false);
  void [tree.version.value, details.version.value];
  const { count } = tree.rows;
  const total = count * HEIGHT;
  const whole = Math.min(total, HIGHEST);
  const { height } = size.value;
  // beyond the highest, a pixel of the scroll bar is several of the rows
  const stretch = whole > height ? (total - height) / Math.max(1, whole - height) : 1;
  const top = scrolled.value * stretch;
  const first = Math.max(0, Math.floor(top / HEIGHT) - 2);
  const shown = Math.ceil(height / HEIGHT) + 4;
  const rows = tree.visible(first, shown);
  const indent = indentOf(rows, size.value.width);
  const calls = rows.flatMap(({ call }) => (call === undefined ? [] : [call.call]));
  const stack = useComputed(() => new Set(model.stack.value)).value;
  const innermost = model.stack.value.at(-1);
  const chosen = Math.min(tree.chosen.value, count - 1);

  useEffect(() => details.want(calls), [calls.join()]);

  const revealed = tree.revealed.value;
  useEffect(() => {
    if (revealed === undefined || height === 0) return;
    tree.revealed.value = undefined;
    const above = revealed * HEIGHT;
    const isAbove = above < top;
    if (!isAbove && above + HEIGHT <= top + height) return;
    const wanted = isAbove ? above - HEIGHT : above + 2 * HEIGHT - height;
    isProgram.current = true;
    element.current!.scrollTop = Math.max(0, wanted / stretch);
  }, [revealed, height]);

  const act = (row: TreeRow | undefined): void => {
    if (row?.call === undefined) return;
    model.selected.value = row.call;
    model.goTo(row.call);
  };

  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = tree.rows.row(chosen);
    const page = Math.max(1, Math.floor(height / HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) tree.choose(chosen + step);
    else if (event.key === 'Home') tree.choose(0);
    else if (event.key === 'End') tree.choose(count - 1);
    else if (event.key === 'ArrowRight' && row) tree.right(row);
    else if (event.key === 'ArrowLeft' && row) tree.left(row);
    else if (event.key === 'Enter' || event.key === ' ') act(row);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div class="tree-head" aria-hidden="true">
        <span class="tree-call">Call</span>
        <span class="tree-place">Defined at</span>
        <span class="tree-inside">Calls inside</span>
        <span class="tree-moment">Moment</span>
      </div>
      <div
        ref={element}
        class="tree"
        role="tree"
        tabIndex={0}
        aria-label="Calls"
        aria-activedescendant={rows.length > 0 ? `call-${chosen}` : undefined}
        onKeyDown={key}
        onScroll={({ currentTarget }) => {
          scrolled.value = currentTarget.scrollTop;
          isProgram.current = false;
        }}
      >
        <div class="tree-rows" role="none" style={{ height: `${whole}px` }}>
          {rows.map((row, i) => (
            <Row
              key={`${row.branch.call} ${row.index}`}
              row={row}
              id={`call-${first + i}`}
              top={(first + i) * HEIGHT - top + scrolled.value}
              indent={indent(row.level)}
              isChosen={first + i === chosen}
              state={
                row.call === undefined || !stack.has(row.call.call)
                  ? ''
                  : row.call.call === innermost
                    ? ' here'
                    : ' around'
              }
              detail={row.call && details.of(row.call.call)}
              isFound={isFound(model, row)}
              toggle={() => {
                tree.chosen.value = first + i;
                tree.toggle(row);
              }}
              act={() => {
                tree.chosen.value = first + i;
                act(row);
              }}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** Pixels by level. Where calls are nested so deeply that their names would have no room, only what differs counts. */
function indentOf(rows: readonly TreeRow[], width: number): (level: number) => number {
  const levels = rows.map(({ level }) => level);
  const isDeep = Math.max(...levels) * INDENT > width * MOST_INDENT;
  const base = isDeep ? Math.max(1, Math.min(...levels) - 3) : 1;
  return (level) => Math.min((level - base) * INDENT, width * MOST_INDENT);
}

function isFound({ search }: CallsModel, { call }: TreeRow): boolean {
  const text = search.text.value.trim().toLowerCase();
  if (text === '' || call === undefined) return false;
  return call.name.toLowerCase().includes(text) || baseName(call.path).toLowerCase().includes(text);
}

interface RowProps {
  readonly row: TreeRow;
  readonly id: string;
  readonly top: number;
  readonly indent: number;
  readonly isChosen: boolean;
  readonly state: string;
  readonly isFound: boolean;
  readonly detail: Detail | undefined;
  readonly toggle: () => void;
  readonly act: () => void;
}

const ENDINGS = {
  threw: 'threw',
  waits: 'waits at the end',
  running: 'runs at the end',
  lost: '',
  returned: '',
} as const;

function Row({ row, id, top, indent, isChosen, state, isFound: found, detail, toggle, act }: RowProps) {
  const { call, level, isOpen, index, branch } = row;
  const result = resultText(detail);
  const place = call === undefined ? '' : `${baseName(call.path)}${call.line > 0 ? `:${call.line}` : ''}`;
  return (
    <div
      id={id}
      class={`tree-row${state}${found ? ' found' : ''}`}
      role="treeitem"
      aria-level={level}
      aria-posinset={index + 1}
      aria-setsize={branch.total ?? -1}
      aria-selected={isChosen}
      aria-expanded={call?.hasChildren === true ? isOpen : undefined}
      aria-current={state === ' here' ? 'location' : undefined}
      style={{ transform: `translateY(${top}px)` }}
      title={
        call === undefined
          ? undefined
          : `${call.name}\n${call.path}:${call.line}\nmoments ${formatCount(call.first)} to ${formatCount(call.last)}`
      }
      onClick={act}
    >
      <span class="tree-indent" style={{ width: `${indent}px` }} />
      <span
        class={call?.hasChildren === true ? 'twisty' : 'twisty leaf'}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          toggle();
        }}
      >
        {call?.hasChildren === true && <Icon name={isOpen ? 'down' : 'next'} />}
      </span>
      {call === undefined ? (
        <span class="tree-unknown">…</span>
      ) : (
        <>
          <span class="tree-call">
            <span class="tree-name">{call.name}</span>
            <span class="tree-arguments">({detail === undefined ? '' : argumentText(detail)})</span>
            {result !== undefined && (
              <span class={call.ending === 'threw' ? 'tree-result threw' : 'tree-result'}>
                {call.ending === 'threw' ? ' threw ' : ' → '}
                {result}
              </span>
            )}
            {call.ending !== 'returned' && result === undefined && (
              <span class="tree-ending"> {ENDINGS[call.ending]}</span>
            )}
          </span>
          <span class="tree-place">{place}</span>
          <span class="tree-inside">{call.inside > 0 ? formatCount(call.inside) : ''}</span>
          <span class="tree-moment">{formatCount(call.first)}</span>
        </>
      )}
    </div>
  );
}
