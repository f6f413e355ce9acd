import { z } from 'zod';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import type { AnyAction, CaseState, Context } from '../../../src/domain/kernel/aggregate.js';
import type { Audience } from '../../../src/domain/kernel/event.js';
import { kindFieldOf, targetOf } from '../../../src/domain/kernel/fields.js';
import type { RegionCode } from '../../../src/domain/kernel/region.js';
import { classesOf } from '../../../src/domain/kernel/visibility.js';

/**
 * The rules read a second time, as plainly as they can be said, and by none of the code that the API stands on. What is
 * declared (`audience`, the class of each field, `by`, `from`, `requires`) is taken as it is written: whether it is
 * right is for whoever reviews `matrix.txt`.
 */
export const classes = ['public', 'follower', 'participant', 'office'] as const;
export type Class = (typeof classes)[number];

/** Rules of architecture.md, "Rights": what somebody is addressed by. */
export function tagsOf(actor: Actor | null): readonly string[] {
  if (!actor || actor.kind === 'system') return ['public'];
  if (actor.kind === 'deputy') {
    const tags = ['public', `mandate:${actor.mandate}`, `person:${actor.person}`];
    // Neither who has not taken office nor who has left it is one of the region's deputies.
    if (actor.standing === 'active' || actor.standing === 'suspended')
      for (const region of upFrom(actor.congress)) tags.push(`deputies:${region}`);
    return tags;
  }
  const self = ['public', `person:${actor.person}`];
  if (actor.standing !== 'active') return self;
  if (actor.role === 'expert') return [...self, `post:${actor.post}`];
  const tags = [...self, `post:${actor.post}`, `organ:${actor.organ}`];
  if (['SC', 'COC', 'DWC', 'SPC', 'PRES', 'STW', 'SEC', 'AUD'].includes(actor.organKind))
    tags.push(`office:${actor.region}`);
  if (actor.organKind === 'AUD') tags.push(`audit:${actor.region}`);
  if (actor.organKind === 'GOVO') tags.push(`government:${actor.region}`);
  return tags;
}

/** The region and all above it, by the digits of its code (GB/T 2260). */
export function upFrom(region: RegionCode): readonly RegionCode[] {
  const six = region.slice(0, 6);
  return [...new Set([region, six, `${six.slice(0, 4)}00`, `${six.slice(0, 2)}0000`, '000000'])];
}

/** The widest class that the audience gives to one of the tags. */
export function classFor(tags: readonly string[], audience: Audience): Class | undefined {
  const given = tags.map((tag) => audience[tag]);
  return [...classes].reverse().find((one) => given.includes(one));
}

export const lesser = (a: Class | undefined, b: Class | undefined): Class | undefined =>
  a && b && (classes.indexOf(a) < classes.indexOf(b) ? a : b);

export const shows = (viewer: Class, field: string | undefined): boolean =>
  field !== undefined && field !== 'internal' && classes.indexOf(viewer) >= classes.indexOf(field as Class);

export const bare = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly
    ? bare(schema.unwrap() as z.ZodType)
    : schema;

/** Of which kind the case is that an id points to, by its field or by the one beside it; `undefined`: it is no such id. */
export function pointsTo(of: z.ZodType, beside: Readonly<Record<string, unknown>>): string | undefined {
  const schema = bare(of);
  const kindField = kindFieldOf(schema);
  const target = kindField === undefined ? targetOf(schema) : String(beside[kindField]);
  return target === 'region' ? undefined : target;
}

/** Whether the viewer finds a case. */
export type Finds = (category: string, id: string) => boolean;

/** What is left of a value for a viewer of the class, who is not told the ids of cases that he or she cannot find. */
export function cut(of: z.ZodType, value: unknown, viewer: Class, finds: Finds, beside = {}): unknown {
  const schema = bare(of);
  if (value === null || value === undefined) return value;
  const target = pointsTo(schema, beside);
  if (target !== undefined) return finds(target, String(value)) ? value : null;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const items = value.map((one) => cut(schema.element as z.ZodType, one, viewer, finds));
    return pointsTo(schema.element as z.ZodType, {}) === undefined ? items : items.filter((one) => one !== null);
  }
  if (schema instanceof z.ZodRecord)
    return Object.fromEntries(
      Object.entries(value as object).map(([key, one]) => [
        key,
        cut(schema.valueType as z.ZodType, one, viewer, finds),
      ]),
    );
  if (schema instanceof z.ZodUnion) {
    const fits = (schema.options as readonly z.ZodType[]).find((option) => option.safeParse(value).success);
    return fits && cut(fits, value, viewer, finds);
  }
  if (!(schema instanceof z.ZodObject)) return value;
  const declared = classesOf(schema) ?? {};
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, one]) =>
      shows(viewer, declared[key]) ? [[key, cut(schema.shape[key] as z.ZodType, one, viewer, finds, value)]] : [],
    ),
  );
}

/** Why an action cannot be tried on a case, by the code that is told; `undefined`: it can. */
export function refusalOf(
  action: AnyAction,
  ctx: Context,
  about: { readonly state: CaseState; readonly audience: Audience } | undefined,
): string | undefined {
  const { actor } = ctx;
  if (actor.kind === 'system') return 'NOT_ALLOWED';
  if (actor.standing === 'elected') return 'MANDATE_NOT_CONFIRMED';
  if (actor.standing === 'suspended') return 'MANDATE_SUSPENDED';
  if (actor.standing === 'ended') return actor.kind === 'deputy' ? 'MANDATE_ENDED' : 'POST_ENDED';
  if (action.from !== null && !(about && classFor(tagsOf(actor), about.audience))) return 'NOT_FOUND';
  const state = about?.state;
  if (!action.by.some((who) => who.allows(actor, state as never))) return 'NOT_ALLOWED';
  if (action.from !== null && !action.from.includes(state?.status ?? '')) return 'WRONG_STATE';
  return action.requires?.(state as never, ctx as never)?.refused;
}
