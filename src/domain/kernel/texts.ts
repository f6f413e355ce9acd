import { z } from 'zod';
import { targetOf } from './fields.js';
import type { Sealed } from './personal.js';
import { isPersonal, isSealed } from './personal.js';
import type { ViewerClass } from './visibility.js';
import { classesOf, sees, unwrap } from './visibility.js';

/**
 * Texts: what people wrote, as against ids, dates, numbers and words of closed lists. They are what a redaction can
 * hide. A sealed one is known by its ciphertext, which is the same wherever the value was carried.
 */
export type TextPart = { readonly path: string; readonly text: string | Sealed };

/** A schema without its wrappers, as its values are stored. */
function bare(schema: z.ZodType): z.ZodType {
  const inner = unwrap(schema);
  return inner instanceof z.ZodPipe ? bare(inner.out as z.ZodType) : inner;
}

export function isText(schema: z.ZodType): boolean {
  const s = bare(schema);
  if (isPersonal(s)) return true;
  const plain = s instanceof z.ZodString && !(s instanceof z.ZodStringFormat);
  return plain && s.format === null && targetOf(schema) === undefined && targetOf(s) === undefined;
}

/** The value with each text in it replaced; a value that the schema does not know stays as it is. */
export function replaceTexts(
  schema: z.ZodType,
  value: unknown,
  replace: (part: TextPart) => unknown,
  path = '',
): unknown {
  if (value === null || value === undefined) return value;
  const s = bare(schema);
  if (isText(schema)) return typeof value === 'string' || isSealed(value) ? replace({ path, text: value }) : value;
  const below = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`);
  if (s instanceof z.ZodArray && Array.isArray(value))
    return value.map((item, i) => replaceTexts(s.element as z.ZodType, item, replace, below(i)));
  if (s instanceof z.ZodUnion) {
    const fits = (s.options as readonly z.ZodType[]).find((option) => option.safeParse(value).success);
    return fits ? replaceTexts(fits, value, replace, path) : value;
  }
  if (typeof value !== 'object') return value;
  const inside = (key: string): z.ZodType | undefined =>
    s instanceof z.ZodObject
      ? (s.shape[key] as z.ZodType | undefined)
      : s instanceof z.ZodRecord
        ? (s.valueType as z.ZodType)
        : undefined;
  if (!(s instanceof z.ZodObject || s instanceof z.ZodRecord)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = inside(key);
      return [key, field ? replaceTexts(field, item, replace, below(key)) : item];
    }),
  );
}

/** All texts at the path and below it; `replies.0.text` is one, `replies` are many. */
export function textsAt(schema: z.ZodType, value: unknown, path: string): readonly TextPart[] {
  const found: TextPart[] = [];
  replaceTexts(schema, value, (part) => {
    if (part.path === path || part.path.startsWith(`${path}.`)) found.push(part);
    return part.text;
  });
  return found;
}

/** Whether the class reaches every field on the way to the path. Default deny: a field without a class is nobody's. */
export function seesPath(schema: z.ZodType, path: string, viewer: ViewerClass): boolean {
  let s: z.ZodType | undefined = schema;
  for (const key of path.split('.')) {
    const at: z.ZodType | undefined = s && bare(s);
    if (at instanceof z.ZodObject) {
      if (!sees(viewer, classesOf(at)?.[key] ?? 'internal')) return false;
      s = at.shape[key] as z.ZodType | undefined;
    } else if (at instanceof z.ZodArray) s = at.element as z.ZodType;
    else if (at instanceof z.ZodRecord) s = at.valueType as z.ZodType;
    else return false;
  }
  return s !== undefined;
}
