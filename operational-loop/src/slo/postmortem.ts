/** A draft of a blameless postmortem, in Markdown: what is known is filled in, what people have to say is asked for. */
import type { ErrorBudget, Incident, IncidentEvent } from '../model/objective.ts';
import { durationText } from './durations.ts';

/** `budget`: the objective's at the incident's end, where it has one. */
export function postmortemDraft(incident: Incident, budget?: ErrorBudget): string {
  return [
    `# ${incident.title}`,
    '',
    'This report looks for what in the system let the incident happen, not for who. Name roles and tools, no people.',
    '',
    ...facts(incident),
    '',
    '## Impact',
    '',
    ...impact(incident, budget),
    '',
    '## Timeline (UTC)',
    '',
    '| time | what | by |',
    '|---|---|---|',
    ...incident.timeline.map(timelineRow),
    '',
    '## How it was noticed',
    '',
    noticed(incident),
    '',
    ...section(
      'Conditions that let it happen',
      'Which conditions came together? For each: why was it reasonable until then?',
    ),
    ...section('What went well', 'What kept it from being worse?'),
    ...section('What was hard', 'Where did people or tools lack information, access or time?'),
    '## Recordings',
    '',
    ...recordings(incident.timeline),
    '',
    '## What will change',
    '',
    '| change | prevents, detects or mitigates | owner (a team) | by |',
    '|---|---|---|---|',
    '| _…_ | | | |',
    '',
  ].join('\n');
}

function facts(incident: Incident): readonly string[] {
  const { openedAt, mitigatedAt, resolvedAt } = incident;
  const until = (time: number | undefined): string => (time === undefined ? 'not yet' : durationText(time - openedAt));
  return [
    `- service: ${incident.service}`,
    `- severity: ${incident.severity}`,
    `- opened: ${timeText(openedAt)}`,
    `- until mitigated: ${until(mitigatedAt)}`,
    `- until resolved: ${until(resolvedAt)}`,
  ];
}

function impact({ objective }: Incident, budget: ErrorBudget | undefined): readonly string[] {
  if (!budget)
    return [objective ? `The objective ${objective} was in danger.` : '_Who noticed what, and for how long?_'];
  const bad = budget.total - budget.good;
  return [
    `${count(bad)} of ${count(budget.total)} events were bad in the window of ${budget.objective} that ended ` +
      `${timeText(budget.to)}; ${(100 * budget.consumed).toFixed(0)} % of its error budget is used.`,
  ];
}

function noticed({ timeline }: Incident): string {
  const first = timeline.find(({ kind }) => kind === 'alert' || kind === 'drift') ?? timeline[0];
  return first ? `${timeText(first.time)}, by ${first.by}: ${first.text}` : '_Not noted._';
}

function section(title: string, question: string): readonly string[] {
  return [`## ${title}`, '', `_${question}_`, ''];
}

function recordings(timeline: readonly IncidentEvent[]): readonly string[] {
  const linked = timeline.filter(({ link }) => link !== undefined);
  if (linked.length === 0) return ['None was linked.'];
  return linked.map(({ link, text }) => `- \`${link}\`: ${text}`);
}

function timelineRow({ time, kind, text, by }: IncidentEvent): string {
  return `| ${timeText(time)} | ${kind}: ${cell(text)} | ${cell(by)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, 19);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
