import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { DocumentNode, GraphQLError, GraphQLSchema, ValidationContext, ValidationRule } from 'graphql';
import { NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import { costRule } from './cost.js';
import type { AskedDocument, KnownDocuments } from './documents.js';
import { knownDocuments } from './documents.js';
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

/** Of the settings, those that the limits follow from. */
export type LimitSettings = {
  readonly mode: 'development' | 'production';
  readonly queryDepth: number;
  readonly queryCost: number;
  readonly queryAliases: number;
  readonly queryTokens: number;
  readonly bodyBytes: number;
};

export const limitsOf = (settings: LimitSettings): Limits => ({
  depth: settings.queryDepth,
  cost: settings.queryCost,
  aliases: settings.queryAliases,
  directives: 20,
  tokens: settings.queryTokens,
  introspection: settings.mode !== 'production',
  bodyBytes: settings.bodyBytes,
});

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

/** What a document comes to: what is to be run, or why it is not. */
export type Prepared = DocumentNode | readonly GraphQLError[];

/**
 * Parses and validates as the HTTP door does, for the doors that Apollo does not keep. With an allow-list nothing else is
 * looked at; `asked` then may name a document instead of bringing it.
 */
export function documentGate(
  schema: GraphQLSchema,
  limits: Limits,
  errors: ErrorFormatter,
  known: KnownDocuments = knownDocuments(),
) {
  const rules = [...specifiedRules, ...limitRules(limits)];
  return (sent: string, asked: AskedDocument = {}): Prepared => {
    const found = known.find({ ...asked, query: sent });
    if (isRefusal(found)) return [refused(found)];
    const present = known.get(found.hash);
    if (present) return present;
    let document: DocumentNode;
    try {
      document = parse(found.text, { maxTokens: limits.tokens });
    } catch (error) {
      return [errors.toClient(error)];
    }
    const problems = validate(schema, document, rules, { maxErrors: 20 });
    return problems.length > 0 ? problems.map(errors.toClient) : known.keep(found.hash, document);
  };
}

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/**
 * For Apollo, which parses and validates by the same rules what it does not find: then the other doors need not. With an
 * allow-list all that may be run is there from the start, and nothing is added.
 */
export const apolloStoreOf = (known: KnownDocuments): DocumentStore => ({
  get: async (key) => known.get(hashIn(key)),
  async set(key, document) {
    if (!known.trusted) known.keep(hashIn(key), document);
  },
  delete: async () => false,
});
/** Apollo puts the hash of the schema before that of the document. */
const hashIn = (key: string): string => key.slice(-64);
