import { z } from 'zod';
import type { Bilingual } from '../domain/kernel/refusal.js';
import { bare } from '../graphql/derive/schemas.js';
import type { Detail } from './failure.js';
import { type InputField, inputFieldsOf } from './inputs.js';

type Json = Readonly<Record<string, unknown>>;
const blank = '…';

/** What keeps an input from being sent, and the same input with a `…` for all that is missing. */
export type InputCheck = { readonly details: readonly Detail[]; readonly completed: unknown };

/** Finds fields that are missing, and those that the action does not have. Whether a value is right, the server says. */
export function checkInput(schema: z.ZodType, input: unknown): InputCheck {
  const details: Detail[] = [];
  return { completed: completed(schema, input, '', details), details };
}

function completed(schema: z.ZodType, value: unknown, at: string, details: Detail[]): unknown {
  const { schema: plain } = bare(schema, 'in');
  if (plain instanceof z.ZodArray && Array.isArray(value))
    return value.map((each, index) => completed(plain.element as z.ZodType, each, `${at}[${index}]`, details));
  if (!(plain instanceof z.ZodObject)) return value;

  const within = at && `${at}.`;
  const given = isJson(value) ? value : {};
  const filled: Record<string, unknown> = {};
  const fields = inputFieldsOf(plain).filter(({ name }) => name in plain.shape);
  for (const field of fields) {
    const inner = plain.shape[field.name] as z.ZodType;
    const found = given[field.name] ?? undefined;
    if (found !== undefined) filled[field.name] = completed(inner, found, within + field.name, details);
    else if (field.required) {
      details.push({ at: within + field.name, text: missing(field) });
      filled[field.name] = placeholder(inner);
    }
  }
  for (const name of Object.keys(given).filter((each) => !(each in plain.shape)))
    details.push({ at: within + name, text: unknownField });
  return filled;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const unknownField: readonly Bilingual[] = [['there is no such field', '没有此字段']];
const missing = ({ form, about }: InputField): readonly Bilingual[] => [['missing', '缺少'], form, about];

function placeholder(schema: z.ZodType): unknown {
  const { schema: plain } = bare(schema, 'in');
  if (plain instanceof z.ZodArray) return [placeholder(plain.element as z.ZodType)];
  return plain instanceof z.ZodObject ? completed(plain, {}, '', []) : blank;
}
