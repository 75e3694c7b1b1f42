/** What the HTTP API answers. */
import { HindcastError, usage } from '../../../trace-runtime/src/base/errors.ts';
import type { History, Incidents, Postmortem, Signatures } from '../api/messages.ts';
import type { OtlpReceiver } from '../ingest/otlp.ts';
import { signalNames, type SignalName } from '../model/signals.ts';
import type { Route } from './http-server.ts';
import type { Operations } from './operations.ts';
import { predictionRoutes } from './prediction-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import { tunerRoutes } from './tuner-routes.ts';

export function routesOf(operations: Operations, receiver: OtlpReceiver): readonly Route[] {
  return [
    ...stateRoutes(operations),
    ...serviceRoutes(operations),
    ...tunerRoutes(operations),
    ...predictionRoutes(operations),
    ...signatureRoutes(operations),
    ...incidentRoutes(operations),
    {
      method: 'POST',
      path: '/v1/metrics',
      answer: async ({ headers, body }) => {
        const {
          status,
          contentType,
          body: content,
        } = receiver.receive(...([headers['content-type'], headers['content-encoding'], await body()] as const));
        return { status, bytes: { type: contentType, content } };
      },
    },
  ];
}

function stateRoutes(operations: Operations): readonly Route[] {
  const { book, tuner } = operations.parts;
  return [
    { method: 'GET', path: '/v1/state', answer: async () => ({ json: await operations.state() }) },
    {
      method: 'GET',
      path: '/v1/events',
      answer: async () => {
        const first = await operations.state();
        return {
          events: (send) => {
            send('state', first);
            const subscription = operations.on(({ event, data }) => send(event, data));
            return () => subscription[Symbol.dispose]();
          },
        };
      },
    },
    {
      method: 'GET',
      path: '/v1/history',
      answer: ({ query }) => ({ json: { entries: tuner.history(limitOf(query)) } satisfies History }),
    },
    {
      method: 'POST',
      path: '/v1/alerts/:id/acknowledge',
      answer: async ({ parameters, json }) => {
        const by = textOf(await json(), 'by');
        await refusable('`hindcast ops alerts` lists them.', () => book.acknowledge(parameters['id']!, by));
        return {};
      },
    },
  ];
}

const LISTS_SIGNATURES = '`hindcast ops signatures` lists them.';

function signatureRoutes({ parts: { signatures } }: Operations): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/signatures',
      answer: () => {
        const all = signatures.all().map((signature) => ({ ...signature, shape: [...signature.shape] }));
        return { json: { signatures: all } satisfies Signatures };
      },
    },
    {
      method: 'POST',
      path: '/v1/signatures/:id',
      answer: async ({ parameters, json }) => {
        const body = await json();
        const described = Object.fromEntries(
          ['name', 'outcome', 'fix'].flatMap((name) => (typeof body[name] === 'string' ? [[name, body[name]]] : [])),
        );
        const known = signatures.describe(Number(parameters['id']), described);
        if (!known) throw new HindcastError('usage', `There is no signature ${parameters['id']}.`, LISTS_SIGNATURES);
        return {};
      },
    },
  ];
}

const LISTS_INCIDENTS = '`hindcast ops incidents` lists them.';
const INCIDENT_EVENTS = ['note', 'action', 'mitigated', 'resolved', 'reopened'] as const;

function incidentRoutes({ parts: { incidents } }: Operations): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/incidents',
      answer: ({ query }) => ({
        json: { incidents: incidents.list(query.get('service') ?? undefined) } satisfies Incidents,
      }),
    },
    {
      method: 'GET',
      path: '/v1/incidents/:id/postmortem',
      answer: async ({ parameters }) => {
        const markdown = await refusable(LISTS_INCIDENTS, () => incidents.postmortem(Number(parameters['id'])));
        return { json: { markdown } satisfies Postmortem };
      },
    },
    {
      method: 'POST',
      path: '/v1/incidents/:id/events',
      answer: async ({ parameters, json }) => {
        const body = await json();
        const kind = INCIDENT_EVENTS.find((each) => each === body['kind']);
        if (!kind) throw usage(`kind is one of ${INCIDENT_EVENTS.join(', ')}.`);
        const [said, by] = [textOf(body, 'text'), textOf(body, 'by')];
        const id = Number(parameters['id']);
        return { json: await refusable(LISTS_INCIDENTS, () => incidents.add(id, kind, said, by)) };
      },
    },
  ];
}

/** What is refused is the caller's to know: a usage error with its sentence. */
export async function refusable<T>(remedy: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    throw new HindcastError('usage', sentence, remedy, { cause: error });
  }
}

/** Throws a usage error where the field is missing. */
export function textOf(body: Readonly<Record<string, unknown>>, name: string): string {
  const found = body[name];
  if (typeof found === 'string' && found !== '') return found;
  throw usage(`The body needs a text ${name}.`);
}

export function signalIn(query: URLSearchParams): SignalName {
  const given = query.get('signal') ?? 'traffic';
  const found = signalNames.find((name) => name === given);
  if (found) return found;
  throw usage(`There is no signal ${given}: there are ${signalNames.join(', ')}.`);
}

export function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 100);
  if (Number.isInteger(limit) && limit > 0 && limit <= 10_000) return limit;
  throw usage('limit is a whole number from 1 to 10000.');
}
