import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { DocumentNode, GraphQLError, GraphQLSchema, ValidationContext, ValidationRule } from 'graphql';
import { NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import { costRule } from './cost.js';
import type { AskedDocument, KnownDocuments } from './documents.js';
import { hashOf, knownDocuments } from './documents.js';
import type { ErrorFormatter } from './errors.js';
import { refused } from './errors.js';
import { apiRefusals } from './refusals.js';

/** How much one query may ask for, whatever door it comes in by. */
export type Limits = {
  readonly depth: number;
  readonly cost: number;
  readonly aliases: number;
  readonly directives: number;
  readonly tokens: number;
  /** Whether the schema may be read by query, and wrong names are answered by “Did you mean …?”. Not in production. */
  readonly introspection: boolean;
  /** Of a request's body. */
  readonly bodyBytes: number;
};

/** The limits as validation rules; those of GraphQL itself come besides. */
export function limitRules({ depth, cost, aliases, directives, introspection }: Limits): ValidationRule[] {
  const by = (refusal: Refusal) => ({
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(refused(refusal))],
  });
  const off = { enabled: false };
  const { validationRules } = new ApolloArmor({
    maxDepth: { n: depth, ...by(apiRefusals.QUERY_TOO_DEEP({ most: depth })) },
    maxAliases: { n: aliases, ...by(apiRefusals.TOO_MANY_ALIASES({ most: aliases })) },
    maxDirectives: { n: directives, ...by(apiRefusals.TOO_MANY_DIRECTIVES({ most: directives })) },
    costLimit: off,
    blockFieldSuggestion: off,
    maxTokens: off, // with Apollo Server 5 it ends in HTTP 500; `parse` has the limit itself
  }).protect();
  return [...validationRules, costRule(cost), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
}

/** Nobody sends a longer one again and again. */
const longestKept = 10_000;

/**
 * Parses and validates as the HTTP door does, for the doors that Apollo does not keep. Documents that were let in are
 * remembered, because clients send the same ones again and again. With an allow-list nothing else is looked at; `asked`
 * then may name a document instead of bringing it.
 */
export function documentGate(
  schema: GraphQLSchema,
  limits: Limits,
  errors: ErrorFormatter,
  known: KnownDocuments = knownDocuments(),
) {
  const rules = [...specifiedRules, ...limitRules(limits)];
  return (sent: string, asked: AskedDocument = {}): DocumentNode | readonly GraphQLError[] => {
    const query = known.textOf({ ...asked, query: sent });
    if (isRefusal(query)) return [refused(query)];
    const hash = hashOf(query);
    const present = known.get(hash);
    if (present) return present;
    let document: DocumentNode;
    try {
      // Without its tokens and source a document that is kept is a fraction as large.
      document = parse(query, { maxTokens: limits.tokens, noLocation: true });
    } catch (error) {
      return [errors.toClient(error)];
    }
    const problems = validate(schema, document, rules, { maxErrors: 20 });
    if (problems.length > 0) return problems.map(errors.toClient);
    if (known.trusted || query.length <= longestKept) known.keep(hash, document);
    return document;
  };
}

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/**
 * For Apollo, with an allow-list: all that it may run is there, parsed and validated, and it adds nothing. Without a list
 * its own store does, which knows where in its text an error lies.
 */
export const apolloStoreOf = (known: KnownDocuments): DocumentStore => ({
  get: async (key) => known.get(key.slice(-hashLength)),
  set: async () => undefined,
  delete: async () => false,
});
/** Apollo puts the hash of the schema before that of the document. */
const hashLength = 64;
