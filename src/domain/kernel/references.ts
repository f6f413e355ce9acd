import { z } from 'zod';
import type { Ref } from './aggregate.js';
import { bare, mapBelow } from './below.js';
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
  if (typeof value === 'string') {
    const category = kindOf(unwrap(schema), beside);
    if (category !== undefined) return replace({ category, id: value });
  }
  const inside = bare(schema) instanceof z.ZodObject ? (value as Beside) : beside;
  const replaced = mapBelow(schema, value, (below, one) => replaceReferences(below, one, replace, inside));
  return Array.isArray(replaced) && isListOfIds(schema, beside) ? replaced.filter((one) => one !== null) : replaced;
}

function isListOfIds(schema: z.ZodType, beside: Beside): boolean {
  const s = bare(schema);
  return s instanceof z.ZodArray && kindOf(unwrap(s.element as z.ZodType), beside) !== undefined;
}
