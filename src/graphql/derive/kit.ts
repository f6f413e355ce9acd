import { GraphQLJSON } from 'graphql-scalars';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { Class } from './classes.js';
import { instance, objectType } from './classes.js';
import { enumsWith } from './enums.js';
import { Names, pascal } from './names.js';

/** What all parts of one schema share: names, enums, and the small types that everything uses. */
export function createKit({ aggregates }: Registry) {
  const names = new Names();
  for (const root of ['Query', 'Mutation', 'Subscription']) names.claim(root);
  // Kinds of case and types of event are what clients write most: they get their plain names before any part of them.
  const caseNames = new Map(
    [...aggregates.keys()].map((category) => [category, names.claim(pascal(category), 'Case')]),
  );
  const types = new Set([...aggregates.values()].flatMap(({ events }) => Object.keys(events)));
  const eventNames = new Map([...types].map((type) => [type, names.claim(type, 'Event')]));
  const enumOf = enumsWith(names);
  const Text = objectType(names.claim('Text'), 'The same in English and in Chinese. 中英文本', {
    en: { type: () => String },
    zh: { type: () => String },
  });
  const words = (name: string, values: readonly string[], description: string): object => {
    const of = enumOf(values, name, description);
    if (!of) throw new Error(`GraphQL: ${name} needs names as values`);
    return of;
  };
  const PageInfo = objectType(names.claim('PageInfo'), 'Where a page ends. 分页信息', {
    hasNextPage: { type: () => Boolean, description: 'There is more after `endCursor`. 是否有下一页' },
    hasPreviousPage: { type: () => Boolean, description: 'The page began behind a cursor. 是否有上一页' },
    startCursor: { type: () => String, nullable: true, description: 'Of the first edge. 起始游标' },
    endCursor: { type: () => String, nullable: true, description: 'Give it as `after` for the next page. 末尾游标' },
  });

  return {
    names,
    caseNames,
    eventNames,
    enumOf,
    words,
    Json: GraphQLJSON,
    Text,
    textOf: ([en, zh]: Bilingual): object => instance(Text, { en, zh }),
    PageInfo,
    Category: words('CaseCategory', [...aggregates.keys()], 'The kinds of case. 事项类别'),
    ViewerClass: words('ViewerClass', ['public', 'follower', 'participant', 'office'], ''),

    /** Relay's connection over a type. */
    connection(name: string, type: () => Class, description: string) {
      const Edge = objectType(names.claim(`${name}Edge`), undefined, {
        cursor: { type: () => String },
        node: { type },
      });
      const Connection = objectType(names.claim(`${name}Connection`), description, {
        edges: { type: () => [Edge] },
        nodes: { type: () => [type()], description: 'The nodes of `edges`, for those who need no cursors. 节点' },
        pageInfo: { type: () => PageInfo },
      });
      const view = (page: ConnectionPage): object =>
        instance(Connection, {
          edges: page.edges.map((edge) => instance(Edge, edge)),
          nodes: page.edges.map(({ node }) => node),
          pageInfo: instance(PageInfo, {
            hasNextPage: page.more,
            hasPreviousPage: page.after !== undefined && page.after !== null,
            startCursor: page.edges[0]?.cursor ?? null,
            endCursor: page.end ?? page.edges.at(-1)?.cursor ?? null,
          }),
        });
      return { type: Connection, view };
    },
  };
}
export type Kit = ReturnType<typeof createKit>;

export type ConnectionPage = {
  readonly edges: readonly { readonly cursor: string; readonly node: object }[];
  readonly more: boolean;
  /** The cursor that the page was asked for with, if any. */
  readonly after: unknown;
  /** Where to go on when it is not the last edge. */
  readonly end?: string | undefined;
};
