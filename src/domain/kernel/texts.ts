import { z } from 'zod';
import { bare, mapBelow, pathBelow } from './below.js';
import { targetOf } from './fields.js';
import type { Sealed } from './personal.js';
import { isPersonal, isSealed } from './personal.js';
import type { ViewerClass } from './visibility.js';
import { classesOf, sees } from './visibility.js';

/**
 * Texts: what people wrote, as against ids, dates, numbers and words of closed lists. They are what a redaction can
 * hide. A sealed one is known by its ciphertext, which is the same wherever the value was carried.
 */
export type TextPart = { readonly path: string; readonly text: string | Sealed };

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
  if (isText(schema)) return typeof value === 'string' || isSealed(value) ? replace({ path, text: value }) : value;
  return mapBelow(schema, value, (below, item, key) => replaceTexts(below, item, replace, pathBelow(path, key)));
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
