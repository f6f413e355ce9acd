import { readFileSync } from 'node:fs';
import type { GraphQLSchema } from 'graphql';
import { systemWho } from '../../../src/domain/kernel/actor.js';
import { wuji } from '../../../src/domain/wuji.js';
import { plural } from '../../../src/graphql/derive/names.js';

export type Kind = 'query' | 'mutation' | 'subscription';
/** A root or an HTTP door that somebody made by hand, the rule that somebody wrote for it, and how it is asked. */
export type HandMade = {
  readonly kind: Kind | 'http';
  readonly name: string;
  readonly rule: string;
  readonly call: string;
};
/** A root that follows from the registry, where its rule stands too. */
export type Derived = { readonly kind: Kind; readonly name: string } & (
  | { readonly from: 'action' }
  | { readonly from: 'case' | 'list'; readonly category: string }
);

const file = new URL('../operations.txt', import.meta.url);

export const handMade: readonly HandMade[] = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => {
    const [kind, name, rule, ...call] = line.split('|').map((part) => part.trim());
    const known = kind === 'query' || kind === 'mutation' || kind === 'subscription' || kind === 'http';
    if (!known || !name || !rule || call.length === 0)
      throw new Error(`operations.txt: no line of four parts: ${line}`);
    return { kind, name, rule, call: call.join('|') };
  });

export const derived: readonly Derived[] = [
  ...[...wuji.actions].flatMap(([name, { by }]) =>
    by.some((who) => who !== systemWho) ? [{ kind: 'mutation', name, from: 'action' } as const] : [],
  ),
  ...[...wuji.aggregates.keys()].flatMap((category) => [
    { kind: 'query', name: category, from: 'case', category } as const,
    { kind: 'query', name: plural(category), from: 'list', category } as const,
  ]),
];

/** `query board` for each root that is served. */
export const rootsOf = (schema: GraphQLSchema): readonly string[] =>
  (
    [
      ['query', schema.getQueryType()],
      ['mutation', schema.getMutationType()],
      ['subscription', schema.getSubscriptionType()],
    ] as const
  ).flatMap(([kind, type]) => Object.keys(type?.getFields() ?? {}).map((name) => `${kind} ${name}`));

const types: Readonly<Record<string, string>> = {
  case: 'ID!',
  organ: 'ID!',
  person: 'ID!',
  region: 'RegionCode!',
  level: 'Level!',
  now: 'Position!',
};
export const variablesOf = ({ call }: Pick<HandMade, 'call'>): readonly string[] => [
  ...new Set([...call.matchAll(/\$(\w+)/g)].map(([, name]) => name ?? '')),
];

/** The document that asks a hand-made root, with the variables that its call names. */
export function documentOf({ kind, call }: HandMade): {
  readonly source: string;
  readonly variables: readonly string[];
} {
  const variables = variablesOf({ call });
  const declared = variables.map((name) => {
    const type = types[name];
    if (!type) throw new Error(`operations.txt: $${name} is none of ${Object.keys(types).join(', ')}`);
    return `$${name}: ${type}`;
  });
  return { source: `${kind} ${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${call} }`, variables };
}
