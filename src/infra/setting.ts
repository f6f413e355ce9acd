import { z } from 'zod';
import type { Bilingual } from '../domain/kernel/refusal.js';

/** The kinds of setting: each is a schema, and what it says of itself in help and errors. */

/** What a setting says of itself. */
export type SettingRow = {
  /** The environment variable. */
  readonly name: string;
  readonly description: Bilingual;
  /** What is accepted. */
  readonly form: Bilingual;
  readonly unit?: Bilingual;
};
const rows = z.registry<SettingRow>();
/** `undefined`: it was not made here. */
export const rowOfField = (field: z.ZodType): SettingRow | undefined => rows.get(field);

export const setting = <S extends z.ZodType>(
  name: string,
  form: string | Bilingual,
  schema: S,
  description: Bilingual,
  unit?: Bilingual,
) => {
  rows.add(schema, { name, form: typeof form === 'string' ? [form, form] : form, description, ...(unit && { unit }) });
  return schema;
};

export const whole = (
  name: string,
  [min, max]: readonly [number, number],
  fallback: number,
  text: Bilingual,
  unit?: Bilingual,
) =>
  setting(
    name,
    `${min}…${max}`,
    z
      .string()
      .regex(/^\d{1,12}$/)
      .transform(Number)
      .pipe(z.int().min(min).max(max))
      .default(fallback),
    text,
    unit,
  );
export const rate = (name: string, fallback: number, text: Bilingual) =>
  whole(name, [1, 1_000_000], fallback, text, ['a minute', '每分钟']);
export const word = <const W extends readonly [string, ...string[]]>(
  name: string,
  words: W,
  fallback: W[number],
  text: Bilingual,
) => setting(name, words.join(' | '), z.enum(words).default(fallback), text);
export const line = (name: string, fallback: string, text: Bilingual) =>
  setting(
    name,
    ['1…200 characters', '1…200个字符'],
    z
      .string()
      .max(200)
      .regex(/^[^\p{Cc}]+$/u)
      .default(fallback),
    text,
  );

/** May hold a password: its value is never shown. */
const secrets = new Set<string>();
export const isSecret = (name: string): boolean => secrets.has(name);
export const secret = (name: string, form: Bilingual, pattern: RegExp, text: Bilingual) => {
  secrets.add(name);
  return setting(name, form, z.string().max(2_000).regex(pattern).optional(), text);
};
