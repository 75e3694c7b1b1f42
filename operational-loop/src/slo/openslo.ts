/**
 * Objectives from OpenSLO files (github.com/OpenSLO/OpenSLO, `apiVersion: openslo/v1`): SLO, SLI, AlertPolicy and AlertCondition,
 * inline or by name, also across files. Other kinds (Service, DataSource, AlertNotificationTarget) are accepted and not used.
 */
import { parseAllDocuments } from 'yaml';
import type { BurnRule, Objective } from '../model/objective.ts';
import { USUAL_RULES } from './burn-rate.ts';
import { parseDuration } from './durations.ts';
import { budgetingOf, indicatorOf, windowOf } from './openslo-parts.ts';
import { DocumentPlace, type Problem } from '../model/document.ts';

export interface OpenSloFile {
  /** for messages */
  readonly path: string;
  readonly text: string;
}

export interface OpenSloResult {
  readonly objectives: readonly Objective[];
  /** an objective with a problem is left out, the others are not */
  readonly problems: readonly Problem[];
}

interface Document {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly root: DocumentPlace;
}

type Find = (kind: string, name: string) => DocumentPlace | undefined;

export function parseOpenSlo(files: readonly OpenSloFile[]): OpenSloResult {
  const problems: Problem[] = [];
  const documents = files.flatMap((file) => documentsOf(file, problems));
  const find: Find = (kind, name) =>
    documents.find((document) => document.kind === kind && document.name === name)?.root;
  const objectives: Objective[] = [];
  for (const document of documents) {
    if (document.kind !== 'SLO') continue;
    for (const objective of objectivesOf(document, find)) {
      const double = objectives.some(({ name }) => name === objective.name);
      if (double) document.root.at('metadata').at('name').problem(`is used twice: ${objective.name}`);
      else objectives.push(objective);
    }
  }
  return { objectives, problems };
}

const KINDS = [
  'SLO',
  'SLI',
  'AlertPolicy',
  'AlertCondition',
  'Service',
  'DataSource',
  'AlertNotificationTarget',
] as const;

function documentsOf({ path, text }: OpenSloFile, problems: Problem[]): readonly Document[] {
  const documents: Document[] = [];
  for (const parsed of parseAllDocuments(text)) {
    const [mistake] = 'errors' in parsed ? parsed.errors : [];
    if (mistake) {
      problems.push({ file: path, where: '', message: mistake.message });
      continue;
    }
    const value: unknown = 'toJS' in parsed ? parsed.toJS() : undefined;
    if (value === null || value === undefined) continue;
    const document = documentOf(path, value, problems);
    if (document) documents.push(document);
  }
  return documents;
}

function documentOf(file: string, value: unknown, problems: Problem[]): Document | undefined {
  const bare = new DocumentPlace(value, '', (where, message) => problems.push({ file, where, message }));
  const kind = bare.at('kind').oneOf(KINDS);
  const name = bare.at('metadata').at('name').wantText();
  const version = bare.at('apiVersion').text();
  if (version !== 'openslo/v1') return bare.at('apiVersion').problem('is not openslo/v1');
  if (kind === undefined || name === undefined) return undefined;
  const note = (where: string, message: string): void => {
    problems.push({ file, where: `${kind} ${name}, ${where}`, message });
  };
  return { file, kind, name, root: new DocumentPlace(value, '', note) };
}

function objectivesOf({ name, root }: Document, find: Find): readonly Objective[] {
  const spec = root.at('spec');
  const service = spec.at('service').wantText();
  const listed = spec.at('objectives').items();
  if (listed.length === 0) spec.at('objectives').problem('is missing');
  const window = windowOf(spec.at('timeWindow'));
  const rules = rulesOf(spec.at('alertPolicies'), find);
  return listed.flatMap((part, i) => {
    const indicator = indicatorOf(
      indicatorSpec(part.at('indicator').present || part.at('indicatorRef').present ? part : spec, find),
      part,
    );
    const budgeting = budgetingOf(spec.at('budgetingMethod'), part);
    const target = targetOf(part);
    if (!service || !window || !indicator || !budgeting || target === undefined) return [];
    return {
      name: listed.length === 1 ? name : `${name}/${part.at('displayName').text() ?? i + 1}`,
      title: part.at('displayName').text() ?? root.at('metadata').at('displayName').text() ?? name,
      service,
      description: spec.at('description').text() ?? '',
      indicator,
      target,
      window,
      budgeting,
      rules,
    };
  });
}

function indicatorSpec(holder: DocumentPlace, find: Find): DocumentPlace | undefined {
  if (holder.at('indicator').present) return holder.at('indicator').at('spec');
  const ref = holder.at('indicatorRef').wantText();
  if (ref === undefined) return undefined;
  return find('SLI', ref)?.at('spec') ?? holder.at('indicatorRef').problem(`names no SLI: ${ref}`);
}

function targetOf(part: DocumentPlace): number | undefined {
  const percent = part.at('targetPercent');
  const target = percent.present
    ? Number(((percent.wantNumber() ?? Number.NaN) / 100).toPrecision(12))
    : part.at('target').wantNumber();
  if (target === undefined) return undefined;
  return target >= 0 && target < 1 ? target : part.at('target').problem('is not from 0 to below 1');
}

function rulesOf(policies: DocumentPlace, find: Find): readonly BurnRule[] {
  const rules = policies.items().flatMap((item) => {
    const name = item.text() ?? item.at('alertPolicyRef').text();
    const policy =
      name === undefined ? item : (find('AlertPolicy', name) ?? item.problem(`names no AlertPolicy: ${name}`));
    return (
      policy
        ?.at('spec')
        .at('conditions')
        .items()
        .flatMap((condition) => ruleOf(condition, find) ?? []) ?? []
    );
  });
  return rules.length > 0 ? rules : USUAL_RULES;
}

/** OpenSLO names one window; the short one is a twelfth of it, as the Site Reliability Workbook has it. */
function ruleOf(item: DocumentPlace, find: Find): BurnRule | undefined {
  const ref = item.at('conditionRef').text();
  const condition =
    ref === undefined ? item : (find('AlertCondition', ref) ?? item.problem(`names no AlertCondition: ${ref}`));
  const what = condition?.at('spec').at('condition');
  if (!condition || !what) return undefined;
  const kind = what.at('kind').oneOf(['burnrate'], 'burnrate');
  const factor = what.at('threshold').wantNumber();
  const long = parseDuration(what.at('lookbackWindow').value) ?? what.at('lookbackWindow').problem('is no duration');
  if (kind === undefined || factor === undefined || !long) return undefined;
  const severity = condition.at('spec').at('severity').text() ?? '';
  return {
    name: condition.at('metadata').at('name').text() ?? `${factor} over ${String(what.at('lookbackWindow').value)}`,
    factor,
    long: long.length,
    short: long.length / 12,
    after: parseDuration(what.at('alertAfter').value)?.length ?? 0,
    severity: /^(page|critical|sev-?[12]|p[12])$/i.test(severity) ? 'page' : 'ticket',
  };
}
