import type { GraphQLSchema } from 'graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { Class, Operations } from './derive/classes.js';
import { operations } from './derive/classes.js';
import type { Derived } from './derive/derive.js';
import { derive } from './derive/derive.js';
import { feedSubscriptions } from './feeds.js';
import type { Definitions, Services } from './services.js';

/** Parts of the API that are designed by hand: boards, inboxes, proofs. They are given what the derivation has made. */
export type HandMade = (
  derived: Derived,
  services: () => Services,
) => {
  readonly queries?: Operations;
  readonly mutations?: Operations;
  readonly subscriptions?: Operations;
  /** Classes with type-graphql's decorators written out. */
  readonly resolvers?: readonly Class[];
};

/** The one place where what is derived and what is made by hand come together. */
export function createSchema(
  definitions: Definitions,
  services: () => Services,
  handMade: readonly HandMade[] = [],
): GraphQLSchema {
  const derived = derive(definitions, services);
  const more = handMade.map((make) => make(derived, services));
  const queries = merged('query', derived.queries, ...more.map((one) => one.queries ?? {}));
  const mutations = merged('mutation', derived.mutations, ...more.map((one) => one.mutations ?? {}));
  const subscriptions = merged(
    'subscription',
    feedSubscriptions(derived),
    ...more.map((one) => one.subscriptions ?? {}),
  );
  return buildSchemaSync({
    resolvers: [
      operations('query', queries),
      operations('mutation', mutations),
      operations('subscription', subscriptions),
      ...more.flatMap((one) => one.resolvers ?? []),
    ],
    validate: false,
    // It would read the whole schema by introspection at every start; a test does (`test/graphql/schema.test.ts`).
    skipCheck: true,
    // Subscriptions are the hub's; type-graphql wants to be given a bus all the same.
    pubSub: { publish: unused, subscribe: unused },
  });
}

function unused(): never {
  throw new Error('live messages are the hub’s');
}

function merged(kind: string, ...parts: readonly Operations[]): Operations {
  const all: Record<string, Operations[string]> = {};
  for (const part of parts)
    for (const [name, operation] of Object.entries(part)) {
      if (all[name]) throw new Error(`GraphQL: two of the kind ${kind} are called ${name}`);
      all[name] = operation;
    }
  return all;
}

/** The schema as text, in a fixed order: `docs/schema.graphql`. */
export function printedSchema(definitions: Definitions, handMade: readonly HandMade[] = []): string {
  const noServices = (): never => {
    throw new Error('a printed schema is not run');
  };
  return `${printSchema(lexicographicSortSchema(createSchema(definitions, noServices, handMade)))}\n`;
}
