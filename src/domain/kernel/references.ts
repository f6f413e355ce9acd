import { z } from 'zod';
import type { Ref } from './aggregate.js';
import { kindFieldOf, targetOf } from './fields.js';
import { unwrap } from './visibility.js';

type Beside = Readonly<Record<string, unknown>>;
/** Which kind of case an id of this schema points to; `undefined`: it is no id of a case. */
function kindOf(schema: z.ZodType, beside: Beside): string | undefined {
  const target = targetOf(schema);
  if (target !== undefined) return target === 'region' ? undefined : target;
  const field = kindFieldOf(schema);
  return field === undefined ? undefined : String(beside[field]);
}

/** The value with each id of a case replaced. A list of ids loses those for which there is `null`. */
export function replaceReferences(
  schema: z.ZodType,
  value: unknown,
  replace: (ref: Ref) => string | null,
  beside: Beside = {},
): unknown {
  if (value === null || value === undefined) return value;
  const s = unwrap(schema);
  if (typeof value === 'string') {
    const category = kindOf(s, beside);
    return category === undefined ? value : replace({ category, id: value });
  }
  if (s instanceof z.ZodArray && Array.isArray(value)) {
    const item = s.element as z.ZodType;
    const replaced = value.map((one) => replaceReferences(item, one, replace, beside));
    return kindOf(unwrap(item), beside) === undefined ? replaced : replaced.filter((one) => one !== null);
  }
  if (typeof value !== 'object') return value;
  const inside = (key: string): z.ZodType | undefined =>
    s instanceof z.ZodObject
      ? (s.shape[key] as z.ZodType | undefined)
      : s instanceof z.ZodRecord
        ? (s.valueType as z.ZodType)
        : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = inside(key);
      return [key, field ? replaceReferences(field, item, replace, value as Beside) : item];
    }),
  );
}
