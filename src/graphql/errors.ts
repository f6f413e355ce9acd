import type { GraphQLFormattedError } from 'graphql';
import { GraphQLError } from 'graphql';
import { LogUnavailable } from '../domain/kernel/ports.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import { KeysUnavailable } from '../domain/kernel/seal-ports.js';
import { ReadsUnavailable } from '../projections/kernel/ports.js';
import { apiRefusals } from './refusals.js';

/**
 * What a client finds in `extensions` of every error. `changes`: with REVISION_CONFLICT, the events since.
 * `retryAfterMs`: with RATE_LIMITED, how long to wait.
 */
export type ErrorExtensions = {
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly en: string;
  readonly zh: string;
  readonly next: { readonly en: string; readonly zh: string };
  readonly changes?: readonly unknown[];
  readonly retryAfterMs?: number;
};

const extensionsOf = ({ refused: code, params, message: [en, zh], next }: Refusal): ErrorExtensions => ({
  code,
  params,
  en,
  zh,
  next: { en: next[0], zh: next[1] },
  ...(typeof params.retryAfterMs === 'number' && { retryAfterMs: params.retryAfterMs }),
});

/** A refusal as the error that GraphQL carries it by. */
export const refused = (refusal: Refusal, more: { readonly changes?: readonly unknown[] } = {}): GraphQLError =>
  new GraphQLError(refusal.message[0], { extensions: { ...extensionsOf(refusal), ...more } });

/** The value, or its refusal thrown: for use in resolvers only. */
export function orThrow<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw refused(result);
  return result;
}

export type ErrorFormat = {
  /** Production: GraphQL's “Did you mean …?” tells the schema to those who guess. */
  readonly hideSuggestions: boolean;
  /** Most tokens in a query, for the text of the refusal. */
  readonly tokens: number;
  readonly newId: () => string;
  /** For the operator; the client is only told the id. */
  readonly log: (error: unknown, id: string) => void;
};

/**
 * Any error as a client may see it, whatever the transport: refusals as they are, GraphQL's own complaints with a code
 * and texts, all else masked. Applied to an error that it has made itself, it changes nothing.
 */
export function errorFormatter({ hideSuggestions, tokens, newId, log }: ErrorFormat) {
  function refusalOf(error: GraphQLError): Refusal | undefined {
    const told = error.message.replace(/^Syntax Error: /, '');
    const problem = clipped(hideSuggestions ? told.replace(/ ?Did you mean .+\?/g, '') : told);
    if (/tokens\. Parsing aborted\.$/.test(told)) return apiRefusals.QUERY_TOO_LONG({ most: tokens });
    switch (error.extensions.code ?? guessedCode(error)) {
      case 'GRAPHQL_PARSE_FAILED':
        return apiRefusals.GRAPHQL_PARSE_FAILED({ problem });
      case 'GRAPHQL_VALIDATION_FAILED':
        return apiRefusals.GRAPHQL_VALIDATION_FAILED({ problem });
      case 'BAD_USER_INPUT':
        return apiRefusals.BAD_USER_INPUT({ problem });
      case 'BAD_REQUEST':
        return apiRefusals.BAD_REQUEST({ problem });
      case 'OPERATION_RESOLUTION_FAILURE':
        return apiRefusals.OPERATION_RESOLUTION_FAILURE({ problem });
      case 'PERSISTED_QUERY_NOT_SUPPORTED':
      case 'PERSISTED_QUERY_NOT_FOUND':
        return apiRefusals.PERSISTED_QUERY_NOT_SUPPORTED();
      default:
        return undefined;
    }
  }

  function mask(error: unknown): Refusal {
    const id = newId();
    log(error, id);
    if (error instanceof ReadsUnavailable) return apiRefusals.READS_UNAVAILABLE({ id });
    if (error instanceof KeysUnavailable) return apiRefusals.KEYS_UNAVAILABLE({ id });
    if (!(error instanceof LogUnavailable)) return apiRefusals.INTERNAL({ id });
    return error.outcome === 'unknown' ? apiRefusals.OUTCOME_UNKNOWN({ id }) : apiRefusals.NOT_RECORDED({ id });
  }

  function format(error: unknown): GraphQLFormattedError {
    if (!(error instanceof GraphQLError)) return formatted(extensionsOf(mask(error)), undefined);
    // A wrapper (Apollo's) may have set a code of its own beside our texts: what it wraps is asked first.
    const own = ownExtensions(error.originalError) ?? ownExtensions(error);
    if (own) return formatted(own, error);
    const broken = error.originalError && !(error.originalError instanceof GraphQLError);
    const refusal = (broken ? undefined : refusalOf(error)) ?? mask(error.originalError ?? error);
    return formatted(extensionsOf(refusal), error);
  }

  return {
    format,
    /** The same as an error, for transports that send `GraphQLError`s. */
    toClient(error: unknown): GraphQLError {
      const { message, extensions = {} } = format(error);
      if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions: { ...extensions } });
      const { nodes, source, positions, path } = error;
      return new GraphQLError(message, {
        extensions: { ...extensions },
        nodes: nodes ?? null,
        source: source ?? null,
        positions: positions ?? null,
        path: path ?? null,
      });
    },
  };
}

/** GraphQL writes the whole value into each complaint about a part of it: fifty of them would be megabytes. */
const longestProblem = 300;
const clipped = (text: string): string => (text.length <= longestProblem ? text : `${text.slice(0, longestProblem)}…`);

/** GraphQL's own errors have no code: a problem with the document has no path, one with a value has. */
function guessedCode(error: GraphQLError): string | undefined {
  if (error.message.startsWith('Syntax Error: ')) return 'GRAPHQL_PARSE_FAILED';
  if (/^(Variable|Argument) ".+" (got invalid value|has invalid value|of )/.test(error.message))
    return 'BAD_USER_INPUT';
  if (error.path) return undefined;
  return error.nodes ? 'GRAPHQL_VALIDATION_FAILED' : undefined;
}

function ownExtensions(error: unknown): ErrorExtensions | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const { code, params, en, zh, next, changes, retryAfterMs } = error.extensions as Partial<ErrorExtensions>;
  if (!code || !params || !en || !zh || !next) return undefined;
  return { code, params, en, zh, next, ...(changes && { changes }), ...(retryAfterMs && { retryAfterMs }) };
}

const formatted = (extensions: ErrorExtensions, error: GraphQLError | undefined): GraphQLFormattedError => ({
  message: extensions.en,
  ...(error?.locations && { locations: error.locations }),
  ...(error?.path && { path: error.path }),
  extensions,
});

export type ErrorFormatter = ReturnType<typeof errorFormatter>;
