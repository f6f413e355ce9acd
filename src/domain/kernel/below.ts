import { z } from 'zod';
import { unwrap } from './visibility.js';

/** A schema without its wrappers, as its values are stored. */
export function bare(schema: z.ZodType): z.ZodType {
  const inner = unwrap(schema);
  return inner instanceof z.ZodPipe ? bare(inner.out as z.ZodType) : inner;
}

/**
 * The value with what stands directly below it replaced, each by its schema. `key`: its name or its place in the list;
 * `undefined`: the value itself, in the one of several shapes that fits. What the schema does not know stays as it is.
 */
export function mapBelow(
  schema: z.ZodType,
  value: unknown,
  replace: (schema: z.ZodType, value: unknown, key: string | undefined) => unknown,
): unknown {
  const s = bare(schema);
  if (s instanceof z.ZodUnion) {
    const fits = (s.options as readonly z.ZodType[]).find((option) => option.safeParse(value).success);
    return fits ? replace(fits, value, undefined) : value;
  }
  if (s instanceof z.ZodArray && Array.isArray(value))
    return value.map((item, place) => replace(s.element as z.ZodType, item, String(place)));
  if (!(s instanceof z.ZodObject || s instanceof z.ZodRecord) || typeof value !== 'object' || value === null)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = (s instanceof z.ZodObject ? s.shape[key] : s.valueType) as z.ZodType | undefined;
      return [key, field ? replace(field, item, key) : item];
    }),
  );
}

/** A dotted path, one step further down. */
export const pathBelow = (path: string, key: string | undefined): string =>
  key === undefined ? path : path === '' ? key : `${path}.${key}`;
