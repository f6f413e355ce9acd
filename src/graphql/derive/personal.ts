import type { z } from 'zod';
import type { Hidden } from '../../domain/kernel/hidden.js';
import type { PersonalValue } from '../../domain/kernel/personal.js';
import { holdsPersonal, replacePersonal } from '../../domain/kernel/personal.js';
import type { Facts } from '../../domain/kernel/visibility.js';
import { classesOf } from '../../domain/kernel/visibility.js';
import type { Hiding, Seen } from '../../projections/redaction/cut.js';
import { cut, cutFields } from '../../projections/redaction/cut.js';
import type { Context } from '../context.js';
import type { Shown } from '../personal.js';
import { shownAs } from '../personal.js';
import type { Services } from '../services.js';
import type { FieldSpec } from './classes.js';
import type { Kit } from './kit.js';

/** A personal value under way to its field, with whose it is. */
class Part {
  private shown: Shown | Promise<Shown> | undefined;
  constructor(
    private readonly found: PersonalValue,
    private readonly hidden: Hidden | undefined,
  ) {}

  /** Text and standing of one field are asked for by two resolvers. */
  show(services: Services, context: Context, isPublic: boolean): Shown | Promise<Shown> {
    this.shown ??= services.personal.show(this.found, context, isPublic, this.hidden);
    return this.shown;
  }
}

/**
 * Field by field, the value cut to what the viewer may see, with its personal parts marked for the resolvers. Whose a
 * personal part is, other fields may say: so those that hold one are made of the whole value, once.
 */
export function shownFields(redactions: Hiding, schema: Facts, value: unknown, seen: Seen) {
  const hidden = redactions.hiddenFrom(seen.caseId, seen.shown);
  const cutTo = cutFields(redactions, schema, value, seen);
  let marked: Readonly<Record<string, unknown>> | undefined;
  return (field: string): unknown => {
    const of = schema.shape[field] as z.ZodType | undefined;
    if (!of || !holdsPersonal(of)) return cutTo(field);
    marked ??= replacePersonal(
      schema,
      cut(redactions, schema, value, seen),
      seen.caseId,
      (found) => new Part(found, hidden),
    ) as Readonly<Record<string, unknown>>;
    return marked[field];
  };
}

/** A personal field is two: the text, and what became of it (`nameShown`), so that nobody takes an erased one for empty. */
export function personalFieldsWith(kit: Kit, services: () => Services) {
  const ShownAs = kit.words(
    'PersonalShown',
    shownAs,
    'What became of personal text: shown; erased; restricted; not in live messages, ask by query; its key cannot be had now. 个人信息的显示状态',
  );
  return (key: string, spec: Pick<FieldSpec, 'description'>, isPublic: boolean) => {
    const from = `personal ${key}`;
    const ask = <T>(self: Record<string, unknown>, context: Context, take: (shown: Shown) => T) => {
      const part = self[from];
      if (!(part instanceof Part)) return null;
      const shown = part.show(services(), context, isPublic);
      return shown instanceof Promise ? shown.then(take) : take(shown);
    };
    const fields: Readonly<Record<string, FieldSpec>> = {
      [key]: {
        type: () => String,
        nullable: true,
        description: spec.description,
        resolve: (self, context) => ask(self, context, (shown) => (shown.as === 'SHOWN' ? shown.text : null)),
      },
      [`${key}Shown`]: {
        type: () => ShownAs,
        nullable: true,
        description: 'Why the text is null; null when there is none to show you. 显示状态',
        resolve: (self, context) => ask(self, context, (shown) => shown.as),
      },
    };
    return { from, fields };
  };
}
export type PersonalFields = ReturnType<typeof personalFieldsWith>;

/**
 * A value of a case, already cut to what the viewer may see, as plain data: personal parts in clear as far as they show,
 * else null. Histories, differences and conflicts show them so. At once when nothing in it is personal: most is not.
 */
export function inClear(
  { redactions, personal }: Pick<Services, 'redactions' | 'personal'>,
  schema: z.ZodObject,
  value: unknown,
  { caseId, shown }: Seen,
  context: Context,
  asked?: (path: string) => boolean,
): unknown {
  if (!holdsPersonal(schema)) return value;
  const hidden = redactions.hiddenFrom(caseId, shown);
  return personal.showAll(schema, value, caseId, context, publicIn(schema), hidden, asked);
}

/** Whether the field at this path of a personal value is public. A part of a part is as narrow as the narrowest. */
function publicIn(schema: z.ZodObject): (path: string) => boolean {
  return (path) => {
    const [field = ''] = path.split('.');
    return !path.includes('.') && classesOf(schema)?.[field] === 'public';
  };
}
