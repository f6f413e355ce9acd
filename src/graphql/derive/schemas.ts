import { z } from 'zod';

/** A schema without what does not show in GraphQL, and whether it may be absent or null. */
export type Bare = { readonly schema: z.ZodType; readonly nullable: boolean; readonly description: string | undefined };

/** `side`: a pipe reads one thing from a client and keeps another. */
export function bare(schema: z.ZodType, side: 'in' | 'out'): Bare {
  let [current, nullable, description] = [schema, false, schema.description];
  for (;;) {
    if (current instanceof z.ZodNullable || current instanceof z.ZodOptional) nullable = true;
    if (current instanceof z.ZodDefault && side === 'in') nullable = true;
    if (
      current instanceof z.ZodNullable ||
      current instanceof z.ZodOptional ||
      current instanceof z.ZodDefault ||
      current instanceof z.ZodReadonly
    )
      current = current.unwrap() as z.ZodType;
    else if (current instanceof z.ZodPipe) current = current.def[side] as z.ZodType;
    else return { schema: current, nullable, description };
    description ??= current.description;
  }
}

export const isEmptyObject = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0;

/** The words of a closed list. */
export function wordsOf(schema: z.ZodType): readonly string[] | undefined {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral && [...schema.values].every((value) => typeof value === 'string'))
    return [...schema.values].map(String);
  return undefined;
}

export const formatOf = (schema: z.ZodType): string | undefined =>
  schema instanceof z.ZodString || schema instanceof z.ZodStringFormat
    ? (schema as unknown as { def: { format?: string } }).def.format
    : undefined;

const largestInt = 2 ** 31 - 1;
/** GraphQL's `Int` has 32 bits. */
export const isInt = (schema: z.ZodNumber): boolean =>
  schema.format === 'safeint' && ((schema.maxValue ?? 0) <= largestInt || schema.maxValue === Number.MAX_SAFE_INTEGER);
