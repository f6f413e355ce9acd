import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import type { AskedDocument, KnownDocuments } from './documents.js';
import { hashOf, knownDocuments } from './documents.js';
import type { ErrorFormatter } from './errors.js';
import type { Limits } from './limits.js';
import { documentGate } from './limits.js';
import { apiRefusals } from './refusals.js';

/**
 * The documents of an allow-list, each parsed and validated under the limits that hold for all. The first that is wrong
 * is refused, by its name: that of its operation, or its hash. `undefined`: there is no list.
 */
export function trustedDocuments(
  listed: Readonly<Record<string, string>> | undefined,
  schema: GraphQLSchema,
  limits: Limits,
  errors: ErrorFormatter,
  /** What is run besides. Of these, one that the limits forbid is refused when it is sent, as it would be without a list. */
  own: (schema: GraphQLSchema) => readonly string[] = () => [],
): KnownDocuments | Refusal {
  if (!listed) return knownDocuments();
  const besides = own(schema).map((text): [string, string] => [hashOf(text), text]);
  const known = knownDocuments(new Map([...besides, ...Object.entries(listed)]));
  const prepare = documentGate(schema, limits, errors, known);
  for (const [, text] of besides) prepare(text);
  for (const [hash, text] of Object.entries(listed)) {
    const name = nameOf(hash, text);
    const own = hashOf(text);
    if (own !== hash) return apiRefusals.TRUSTED_DOCUMENT_WRONG({ name, problem: `its SHA-256 is ${own}` });
    const prepared = prepare(text);
    if ('kind' in prepared) continue;
    return apiRefusals.TRUSTED_DOCUMENT_WRONG({ name, problem: prepared.map(({ message }) => message).join('; ') });
  }
  return known;
}

function nameOf(hash: string, text: string): string {
  const [, operation] = /\b(?:query|mutation|subscription)\s+(\w+)/.exec(text) ?? [];
  return operation === undefined ? hash : `${operation} (${hash})`;
}

const untrusted = new WeakMap<FastifyRequest, Refusal>();
/** Why the document that this request names or brings is not run; `undefined`: it may be. */
export const refusalOfDocument = (request: FastifyRequest): Refusal | undefined => untrusted.get(request);

/**
 * Over HTTP, before any handler: the request is given the text that it names, so that all behind it see what they have
 * always seen. What is not listed is noted; it is refused when it is known who asks, and has been counted.
 */
export function nameDocuments(app: FastifyInstance, known: KnownDocuments, paths: readonly string[]): void {
  if (!known.trusted) return;
  app.addHook('preHandler', async (request) => {
    if (!paths.includes(request.routeOptions.url ?? '')) return;
    const given = request.method === 'GET' ? fromSearch(request.query) : request.body;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return; // no request of GraphQL
    const asked = given as AskedDocument;
    const found = known.find(asked);
    if (isRefusal(found)) untrusted.set(request, found);
    const { documentId: _, extensions, query: sent, ...rest } = asked;
    const query = isRefusal(found) ? String(sent ?? '') : found.text;
    const { persistedQuery: __, ...others } = (extensions ?? {}) as Record<string, unknown>;
    const named = { ...rest, query, ...(Object.keys(others).length > 0 && { extensions: others }) };
    if (request.method !== 'GET') request.body = named;
    else {
      request.query = named;
      request.raw.url = `${request.url.split('?', 1)[0]}?${toSearch(named)}`;
    }
  });
}

function fromSearch(query: unknown): unknown {
  const { extensions, ...rest } = query as Record<string, unknown>;
  if (typeof extensions !== 'string') return rest;
  try {
    return { ...rest, extensions: JSON.parse(extensions) };
  } catch {
    return rest;
  }
}

const toSearch = (named: Readonly<Record<string, unknown>>): string =>
  new URLSearchParams(
    Object.entries(named).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();
