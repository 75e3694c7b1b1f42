/** `hindcast ops incidents`, `note`, `postmortem`: what went wrong, and what people say of it. */
import type { Incidents, Postmortem } from '../../../operational-loop/src/api/messages.ts';
import type { Incident } from '../../../operational-loop/src/model/objective.ts';
import { type HindcastError, usage } from '../../../trace-runtime/src/base/errors.ts';
import { flag, oneOf, parse, text } from '../options.ts';
import { formatTime, printJson, printLines } from '../output.ts';
import { daemonOf, whoever } from './ops.ts';

const OPTIONS = { data: 'text', json: 'flag', kind: 'text', by: 'text' } as const;
const KINDS = ['note', 'action', 'mitigated', 'resolved', 'reopened'] as const;

export async function incidents(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const [service] = parsed.positionals;
  const about = service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
  const found = await daemonOf(parsed).get<Incidents>(`/v1/incidents${about}`);
  if (flag(parsed, 'json')) printJson({ ...found });
  else printLines(found.incidents.length > 0 ? found.incidents.flatMap(incidentLines) : ['No incidents.']);
  return 0;
}

export async function note(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 2);
  const [id, said] = parsed.positionals;
  if (id === undefined || said === undefined) throw missing('note', 'the number of an incident, and a text');
  const kind = oneOf(parsed, 'kind', KINDS) ?? 'note';
  const by = text(parsed, 'by') ?? whoever();
  const path = `/v1/incidents/${encodeURIComponent(id)}/events`;
  const incident = await daemonOf(parsed).post<Incident>(path, { kind, text: said, by });
  if (flag(parsed, 'json')) printJson({ incident });
  else printLines(incidentLines(incident));
  return 0;
}

export async function postmortem(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const [id] = parsed.positionals;
  if (id === undefined) throw missing('postmortem', 'the number of an incident');
  const found = await daemonOf(parsed).get<Postmortem>(`/v1/incidents/${encodeURIComponent(id)}/postmortem`);
  if (flag(parsed, 'json')) printJson({ ...found });
  else printLines([found.markdown.trimEnd()]);
  return 0;
}

function missing(command: string, needed: string): HindcastError {
  return usage(`ops ${command} needs ${needed}: \`hindcast ops incidents\` lists them.`);
}

function incidentLines({ id, service, title, severity, state, openedAt, timeline }: Incident): readonly string[] {
  return [
    `${id}  ${severity}  ${formatTime(openedAt)}  ${state}  ${service}: ${title}`,
    ...timeline.map((event) => `    ${formatTime(event.time)}  ${event.kind}  ${event.text} (${event.by})`),
  ];
}
