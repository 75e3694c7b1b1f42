/** The files that people write for predictions: the workload and the catalogue of machine types, in YAML. */
import { parse } from 'yaml';
import { DocumentPlace, type Problem } from '../model/document.ts';
import type { MachineCatalogue, MachineType, Workload } from '../model/prediction.ts';

export interface Parsed<T> {
  readonly value: T;
  /** what is wrong is left out of the value */
  readonly problems: readonly Problem[];
}

/**
 *     users: { now: 1200, growthPerMonth: 0.05 }
 *     requestsPerUser: 0.2
 *     transactions: [{ name: checkout, rate: 12, growthPerMonth: 0.1 }]
 *     peaks: [{ from: 18, to: 21, factor: 1.3, days: [5, 6] }]      # hours and days (0 Sunday) in UTC
 *     events: [{ name: sale, from: 2026-11-27T00:00Z, to: 2026-11-28T00:00Z, factor: 3 }]
 */
export function parseWorkload(path: string, text: string): Parsed<Workload> {
  return parsed(path, text, (root) => {
    const users = usersOf(root.at('users'));
    const requestsPerUser = root.at('requestsPerUser').number();
    const transactions = present(root.at('transactions').items().map(transactionOf));
    const peaks = present(root.at('peaks').items().map(peakOf));
    const events = present(root.at('events').items().map(eventOf));
    return {
      ...(users ? { users } : {}),
      ...(requestsPerUser === undefined ? {} : { requestsPerUser }),
      ...(transactions.length > 0 ? { transactions } : {}),
      ...(peaks.length > 0 ? { peaks } : {}),
      ...(events.length > 0 ? { events } : {}),
    };
  });
}

/**
 *     currency: EUR
 *     machines:
 *       - { name: small, cpu: 2, memory: 4, io: 100, price: 0.05 }   # cores, GiB, MB/s, an hour
 */
export function parseCatalogue(path: string, text: string): Parsed<MachineCatalogue> {
  return parsed(path, text, (root) => ({
    currency: root.at('currency').text() ?? '',
    machines: present(root.at('machines').items().map(machineOf)),
  }));
}

function parsed<T>(file: string, text: string, read: (root: DocumentPlace) => T): Parsed<T> {
  const problems: Problem[] = [];
  const note = (where: string, message: string): void => {
    problems.push({ file, where, message });
  };
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    note('', error instanceof Error ? error.message : String(error));
  }
  return { value: read(new DocumentPlace(value, '', note)), problems };
}

function usersOf(at: DocumentPlace): Workload['users'] {
  if (!at.present) return undefined;
  const now = at.at('now').wantNumber();
  return now === undefined ? undefined : { now, ...growthOf(at) };
}

function transactionOf(at: DocumentPlace): NonNullable<Workload['transactions']>[number] | undefined {
  const name = at.at('name').wantText();
  const rate = at.at('rate').wantNumber();
  return name === undefined || rate === undefined ? undefined : { name, rate, ...growthOf(at) };
}

function growthOf(at: DocumentPlace): { readonly growthPerMonth?: number } {
  const growthPerMonth = at.at('growthPerMonth').number();
  return growthPerMonth === undefined ? {} : { growthPerMonth };
}

function peakOf(at: DocumentPlace): NonNullable<Workload['peaks']>[number] | undefined {
  const [from, to, factor] = [at.at('from').wantNumber(), at.at('to').wantNumber(), at.at('factor').wantNumber()];
  if (from === undefined || to === undefined || factor === undefined) return undefined;
  const days = present(
    at
      .at('days')
      .items()
      .map((day) => day.wantNumber()),
  );
  return { from, to, factor, ...(days.length > 0 ? { days } : {}) };
}

function eventOf(at: DocumentPlace): NonNullable<Workload['events']>[number] | undefined {
  const name = at.at('name').wantText();
  const [from, to, factor] = [timeOf(at.at('from')), timeOf(at.at('to')), at.at('factor').wantNumber()];
  if (name === undefined || from === undefined || to === undefined || factor === undefined) return undefined;
  return { name, from, to, factor };
}

function timeOf(at: DocumentPlace): number | undefined {
  const time = Date.parse(at.wantText() ?? '');
  return Number.isNaN(time) ? at.problem('is no time') : time;
}

function machineOf(at: DocumentPlace): MachineType | undefined {
  const name = at.at('name').wantText();
  const of = (field: string): number | undefined => {
    const value = at.at(field).wantNumber();
    return value === undefined || value > 0 ? value : at.at(field).problem('is not above 0');
  };
  const [cpu, memory, io, price] = [of('cpu'), of('memory'), of('io'), of('price')];
  if (name === undefined || cpu === undefined || memory === undefined || io === undefined || price === undefined)
    return undefined;
  return { name, cpu, memory, io, price };
}

function present<T>(list: readonly (T | undefined)[]): readonly T[] {
  return list.filter((item) => item !== undefined);
}
