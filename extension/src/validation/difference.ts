/** What `hindcast diff --json` says of a failing run and its rerun, as a page says it. */

import type { VerdictName } from '../../../trace-runtime/src/rerun/verdict-name.ts';
import { escapeHtml as escape } from '../recordings/escape-html.ts';
import type { VerdictReason } from './verdict.ts';

/** What is compared, and what a page about it is called. */
export interface Difference {
  readonly failing: string;
  readonly rerun: string;
  /** null: all of both runs */
  readonly case: string | null;
  readonly title: string;
  /** what the rerun showed, where the page is about that */
  readonly outcome?: { readonly verdict: VerdictName; readonly reasons: readonly VerdictReason[] };
}

interface Place {
  readonly path: string;
  readonly line: number | null;
}

interface Side {
  readonly stream: number;
  readonly moment: number;
  readonly functionName: string;
  readonly place: Place | null;
  /** each function as people read it */
  readonly stack: readonly { readonly functionName: string; readonly place: Place | null }[];
}

interface Beside {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

interface View {
  readonly kind: 'value' | 'control';
  /** calls and writes before it */
  readonly events: number;
  readonly a: Side;
  readonly b: Side;
  readonly variables: readonly Beside[];
  readonly what?: string;
  readonly valueA?: string;
  readonly valueB?: string;
  readonly isIdentity?: boolean;
  readonly goesA?: string;
  readonly goesB?: string;
  readonly decision?: {
    readonly text: string;
    readonly place: Place | null;
    readonly tested: readonly Beside[];
  } | null;
}

type EditSide = { readonly stream: number; readonly moment: number; readonly place: Place | null } | null;

interface StreamDifference {
  readonly control: View | null;
  readonly value: View | null;
  readonly edits: readonly { readonly a: EditSide; readonly b: EditSide }[];
  readonly inputs: readonly (Omit<Beside, 'name'> & { readonly kind: string; readonly subject: string })[];
  readonly exitCodes: readonly (number | null)[];
}

export interface DiffAnswer {
  readonly alike: boolean;
  readonly sentence: string;
  readonly streams: readonly StreamDifference[];
}

/** Where links lead, and how paths are shown. */
export interface Links {
  replay(recording: string, moment: string): string;
  place(path: string, line: number | null): string;
  shown(path: string): string;
  title(verdict: VerdictName): string;
}

const MOST_STREAMS = 3;
const MOST_ROWS = 30;
const FAILING = 'failing run';
const RERUN = 'rerun';

/** HTML. */
export function describeDifference(title: string, of: Difference, answer: DiffAnswer, links: Links): string {
  const differing = answer.streams.filter(({ control, value, edits }) => control || value || edits.length > 0);
  const parts = differing.slice(0, MOST_STREAMS).map((stream) => streamPart(of, stream, links));
  const first = differing.map(firstView).find((view) => view !== undefined);
  const [alike] = /^Both runs are alike for [^;.]+/.exec(answer.sentence) ?? [];
  const intro = first ? (alike === undefined ? '' : `<p>${alike}.</p>`) : `<p>${escape(answer.sentence)}</p>`;
  const outcome = of.outcome ? outcomePart(of.outcome, links) : '';
  return `<main class="difference"><h1>${escape(title)}</h1>${outcome}${intro}${parts.join('<hr>')}</main>`;
}

function outcomePart({ verdict, reasons }: NonNullable<Difference['outcome']>, links: Links): string {
  const lines = reasons.slice(0, MOST_ROWS).map(({ text, place }) => {
    const where = place ? `, ${placeLink(place, links)}` : '';
    return `<li>${escape(text)}${where}</li>`;
  });
  return `<p class="outcome ${verdict}">${links.title(verdict)}</p><ul>${lines.join('')}</ul>`;
}

function firstView({ control, value }: StreamDifference): View | undefined {
  if (control && value) return control.events < value.events ? control : value;
  return control ?? value ?? undefined;
}

function streamPart(of: Difference, stream: StreamDifference, links: Links): string {
  const { control, value, edits, inputs } = stream;
  const views = [control, value].filter((view) => view !== null).sort((a, b) => a.events - b.events);
  const edited = edits.flatMap(({ a, b }) => b?.place ?? a?.place ?? []);
  const where = edited.slice(0, MOST_ROWS).map((place) => `<li>${placeLink(place, links)}</li>`);
  return [
    ...views.map((view) => viewPart(of, view, links)),
    where.length > 0 ? `<h2>Edited lines that ran</h2><ul>${where.join('')}</ul>` : '',
    inputs.length > 0
      ? `<h2>Input that differs</h2>${tableOf(inputs.map(({ kind, subject, a, b }) => ({ name: `${kind} ${subject}`, a, b })))}`
      : '',
  ].join('');
}

function viewPart(of: Difference, view: View, links: Links): string {
  const title = view.kind === 'value' ? 'The first value that differs' : 'Where they first go different ways';
  const { decision } = view;
  const decided = decision
    ? `<p>Decided by <code>${escape(decision.text)}</code>${decision.place ? ` at ${placeLink(decision.place, links)}` : ''}</p>${tableOf(decision.tested)}`
    : '';
  return [
    `<h2>${title}</h2>`,
    `<p>${whatOf(view)}${view.a.place ? ` at ${placeLink(view.a.place, links)}` : ''}.</p>`,
    `<p class="actions">${replayLink(of.failing, view.a, 'Replay the Failing Run There', links)} ${replayLink(of.rerun, view.b, 'Replay the Rerun There', links)}</p>`,
    decided,
    view.variables.length > 0 ? `<h3>Variables that differ there</h3>${tableOf(view.variables)}` : '',
    `<div class="sides">${stackPart(FAILING, view.a, links)}${stackPart(RERUN, view.b, links)}</div>`,
  ].join('');
}

function whatOf({
  kind,
  what = '',
  valueA = '',
  valueB = '',
  isIdentity = false,
  goesA = '',
  goesB = '',
}: View): string {
  if (kind === 'control') return `The ${FAILING} ${marked(goesA)}, the ${RERUN} ${marked(goesB)}`;
  if (isIdentity) return `${marked(what)} is another object in the ${RERUN}`;
  return `${marked(what)} is <code>${escape(valueA)}</code> in the ${FAILING} and <code>${escape(valueB)}</code> in the ${RERUN}`;
}

function stackPart(name: string, { stack }: Side, links: Links): string {
  const rows = stack.slice(0, MOST_ROWS).map(({ functionName, place }) => {
    const where = place ? ` ${placeLink(place, links)}` : '';
    return `<li><code>${escape(functionName)}</code>${where}</li>`;
  });
  return rows.length > 0 ? `<section><h3>Stack of the ${name}</h3><ol>${rows.join('')}</ol></section>` : '';
}

function tableOf(rows: readonly Beside[]): string {
  if (rows.length === 0) return '';
  const cell = (value: string | null): string =>
    value === null ? '<em>not there</em>' : `<code>${escape(value)}</code>`;
  const body = rows
    .slice(0, MOST_ROWS)
    .map(
      ({ name, a, b }) =>
        `<tr><th scope="row"><code>${escape(name)}</code></th><td>${cell(a)}</td><td>${cell(b)}</td></tr>`,
    );
  return `<table><thead><tr><th scope="col">name</th><th scope="col">${FAILING}</th><th scope="col">${RERUN}</th></tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function replayLink(recording: string, { stream, moment }: Side, title: string, links: Links): string {
  const at = `${stream}:${moment}`;
  return `<a class="button" title="Go to moment ${at}" href="${links.replay(recording, at)}">${title}</a>`;
}

function placeLink({ path, line }: Place, links: Links): string {
  const text = line === null ? links.shown(path) : `${links.shown(path)}:${line}`;
  return `<a title="${escape(path)}" href="${links.place(path, line)}">${escape(text)}</a>`;
}

/** Text in which backquotes mark code. */
function marked(text: string): string {
  return escape(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}
