import { z } from 'zod';
import type { Bilingual } from './refusal.js';
import { isRegionCode } from './region.js';
import { lookUp } from './visibility.js';

/** What the shapes of the API are made of. Each takes its description, English then Chinese. */
const told = <S extends z.ZodType>(schema: S, [en, zh]: Bilingual): S => schema.describe(`${en} ${zh}`);

/** The aggregate that an id points to: makes `ID` in GraphQL, and lets tests draw real ids. */
const targets = new WeakMap<z.ZodType, string>();
export const targetOf = (schema: z.ZodType): string | undefined => lookUp(targets, schema);

/** The id of a case of `category`. */
export const ref = (category: string, description: Bilingual) => {
  const schema = told(z.uuid(), description);
  targets.set(schema, category);
  return schema;
};

/** The field beside it that says of which kind the case is that an id points to. */
const kindFields = new WeakMap<z.ZodType, string>();
export const kindFieldOf = (schema: z.ZodType): string | undefined => lookUp(kindFields, schema);

/** The id of a case whose kind stands in the field `kind` beside it. */
export const refBeside = (kind: string, description: Bilingual) => {
  const schema = told(z.uuid(), description);
  kindFields.set(schema, kind);
  return schema;
};

// Lone surrogates, U+FFFD (what a decoder leaves of broken bytes) and control characters other than tab and newline.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const broken = /[\p{Surrogate}\uFFFD\u0000-\u0008\u000B-\u001F\u007F]/u;

/** Text of 1 to `max` characters, trimmed. */
export const text = (max: number, description: Bilingual) =>
  told(
    z
      .string()
      .transform((s) => s.trim().replaceAll('\r\n', '\n'))
      .pipe(
        z
          .string()
          .min(1)
          .max(max)
          .refine((s) => !broken.test(s), { error: 'broken characters 含有损坏的字符' }),
      ),
    description,
  );

/** As it stands in an event or a state: already checked when it came in. */
export const storedText = (description: Bilingual) => told(z.string(), description);

/** A day in Asia/Shanghai, `YYYY-MM-DD`, between 1954 (the first congress) and 2199. */
export const day = (description: Bilingual) =>
  told(
    z.iso.date().refine((d) => d >= '1954-01-01' && d < '2200-01-01', { error: 'date out of range 日期超出范围' }),
    description,
  );
/** An instant, ISO 8601 in UTC. */
export const instant = (description: Bilingual) => told(z.iso.datetime(), description);

export const region = (description: Bilingual) => {
  const schema = told(z.string().refine(isRegionCode, { error: 'not a region code 不是行政区划代码' }), description);
  targets.set(schema, 'region');
  return schema;
};

export const count = (max: number, description: Bilingual) => told(z.int().min(0).max(max), description);
export const flag = (description: Bilingual) => told(z.boolean(), description);
/** One of a closed list of words. */
export const oneOf = <const V extends readonly [string, ...string[]]>(values: V, description: Bilingual) =>
  told(z.enum(values), description);
export const listOf = <S extends z.ZodType>(item: S, max: number, description: Bilingual) =>
  told(z.array(item).max(max), description);
