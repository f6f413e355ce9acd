import type { z } from 'zod';
import { classIn } from '../../domain/kernel/actor.js';
import type { Ref } from '../../domain/kernel/aggregate.js';
import { isOpen } from '../../domain/kernel/audience.js';
import { replaceReferences } from '../../domain/kernel/references.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { CaseRow } from './case-model.js';
import type { ReadView } from './ports.js';

/** Whether the reader can find a case: whether a query for its id would be answered. */
export type Finds = (ref: Ref) => boolean | Promise<boolean>;

/** Of the kinds whose cases can be hidden; all others everybody finds. */
export const canHide = ({ aggregates }: Registry, category: string): boolean => {
  const aggregate = aggregates.get(category);
  return aggregate !== undefined && !isOpen(aggregate);
};

/** Holders of `tags`, by the rows as they now are. */
export const findsWith = (reads: Pick<ReadView, 'rows'>, tags: readonly string[]): Finds =>
  remembered(async ({ category, id }) => {
    const [row] = (await reads.rows(category, [id])) as readonly (CaseRow | undefined)[];
    return row !== undefined && classIn(row.audience, tags) !== undefined;
  });

/** Asks for each case once: for one answer, not longer. */
export function remembered(finds: Finds): Finds {
  const known = new Map<string, ReturnType<Finds>>();
  return (ref) => {
    const key = `${ref.category}-${ref.id}`;
    const answer = known.get(key) ?? finds(ref);
    known.set(key, answer);
    return answer;
  };
}

/** The same of an id whose kind nobody knows: ids are unique over all kinds. */
export const findsAnyWith =
  ({ aggregates }: Registry, finds: Finds) =>
  async (id: string): Promise<boolean> =>
    (await Promise.all([...aggregates.keys()].map((category) => finds({ category, id })))).some((found) => found);

/**
 * A value as it goes out, without the ids of cases that its reader cannot find: that there is such a case is no more the
 * reader's to know than what is in it. At once where there is none to ask about.
 */
export function withoutUnfindable(
  registry: Registry,
  schema: z.ZodType,
  value: unknown,
  finds: Finds,
): unknown | Promise<unknown> {
  const named = referencesIn(registry, schema, value);
  return named.length === 0 ? value : without(schema, value, named, finds);
}

export function referencesIn(registry: Registry, schema: z.ZodType, value: unknown): readonly Ref[] {
  const found = new Map<string, Ref>();
  replaceReferences(schema, value, (ref) => {
    if (canHide(registry, ref.category)) found.set(ref.id, ref);
    return ref.id;
  });
  return [...found.values()];
}

async function without(schema: z.ZodType, value: unknown, named: readonly Ref[], finds: Finds): Promise<unknown> {
  const answers = await Promise.all(named.map(finds));
  const hidden = new Set(named.flatMap(({ id }, n) => (answers[n] ? [] : [id])));
  return hidden.size === 0 ? value : replaceReferences(schema, value, ({ id }) => (hidden.has(id) ? null : id));
}
