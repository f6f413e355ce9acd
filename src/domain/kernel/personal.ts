import { z } from 'zod';
import { mapBelow, pathBelow } from './below.js';
import { facts, isWrapper, lookUp } from './visibility.js';

/**
 * Personal data by what the law says of keeping it (domain.md §6). Each subject has one key for each category, so that a
 * deputy's contact data can be erased while his or her name, which is public by law (Deputies Law art. 58), stands.
 * IDENTITY name and likeness; CONTACT telephone, address; STATEMENT free text of a citizen, which is wholly personal.
 */
export const personalCategories = ['IDENTITY', 'CONTACT', 'STATEMENT'] as const;
export type PersonalCategory = (typeof personalCategories)[number];

/** One key seals it: whose data it is, and of which category. */
export type KeyName = { readonly subject: string; readonly category: PersonalCategory };

/** Ciphertext is nobody's secret: each part of it is as public as the field in whose place it stands. */
const sealedShape = facts({
  public: {
    /** Opaque here. */
    sealed: z
      .string()
      .regex(/^[\w-]+$/)
      .describe('The ciphertext. 密文'),
    subject: z.uuid().describe('Whose data it is. 信息主体'),
    category: z.enum(personalCategories).describe('Of which category. 信息类别'),
    /** The event that it came with, and the field's path in it. */
    at: z.string().describe('With which event it came, and where in it. 来源事件与位置'),
  },
});
/** A personal value as the log, the read store and every cache hold it. */
export type Sealed = z.infer<typeof sealedShape>;
export const isSealed = (value: unknown): value is Sealed => sealedShape.safeParse(value).success;

/** Whose data it is: that of the case itself, or of whoever the field of this name in the same or an outer object names. */
type SubjectRule = 'case' | { readonly field: string };
type Mark = { readonly subject: SubjectRule; readonly category: PersonalCategory };
const marks = new WeakMap<z.ZodType, Mark>();

/**
 * Marks text of an event or a state as personal. An action writes it in clear; `handle` seals it before it is recorded,
 * and nothing but the output opens it. What was recorded before the field was marked stands in clear.
 */
export function personal<S extends z.ZodType<string>>(schema: S, category: PersonalCategory, subject: SubjectRule) {
  const union = z.union([schema, sealedShape]);
  const told = schema.description === undefined ? union : union.describe(schema.description);
  marks.set(told, { subject, category });
  return told;
}
export const isPersonal = (schema: z.ZodType): boolean => lookUp(marks, schema) !== undefined;

const holding = new WeakMap<z.ZodType, boolean>();
/** Whether a value of this schema can hold personal data; found out once for each schema. */
export function holdsPersonal(schema: z.ZodType): boolean {
  const known = holding.get(schema);
  if (known !== undefined) return known;
  holding.set(schema, false); // of a schema that holds itself the rest decides
  const found = isPersonal(schema) || partsOf(schema).some(holdsPersonal);
  holding.set(schema, found);
  return found;
}

function partsOf(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape) as z.ZodType[];
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodUnion) return schema.options as readonly z.ZodType[];
  const inner = innerOf(schema);
  return inner ? [inner] : [];
}

/** A mark may stand on a wrapper, so that one at a time is taken off. */
function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.out as z.ZodType;
  return isWrapper(schema) ? (schema.unwrap() as z.ZodType) : undefined;
}

/** A personal value and where it stands: in clear when it is still to be sealed, or was recorded before it was marked. */
export type PersonalValue = KeyName & { readonly value: string | Sealed; readonly path: string };

/**
 * The value with each personal part of it replaced. `caseId`: whose data it is when the mark says so. What the schema
 * does not know stays as it is. Throws when a mark names nobody: such data may not be recorded.
 */
export function replacePersonal(
  schema: z.ZodType,
  value: unknown,
  caseId: string,
  replace: (found: PersonalValue) => unknown,
): unknown {
  return holdsPersonal(schema) ? walk(schema, value, '', [{ id: caseId }], replace) : value;
}

type Scope = readonly Readonly<Record<string, unknown>>[];

function walk(
  schema: z.ZodType,
  value: unknown,
  path: string,
  scope: Scope,
  replace: (found: PersonalValue) => unknown,
): unknown {
  if (value === null || value === undefined) return value;
  const mark = lookUp(marks, schema);
  if (mark) {
    if (isSealed(value)) return replace({ value, path, subject: value.subject, category: value.category });
    if (typeof value !== 'string') throw new Error(`${path}: personal data is text`);
    return replace({ value, path, subject: subjectOf(mark.subject, scope, path), category: mark.category });
  }
  const inner = innerOf(schema);
  if (inner) return walk(inner, value, path, scope, replace);
  if (!holdsPersonal(schema)) return value;
  const inside = schema instanceof z.ZodObject ? [...scope, value as Record<string, unknown>] : scope;
  return mapBelow(schema, value, (below, item, key) => walk(below, item, pathBelow(path, key), inside, replace));
}

/** The innermost object that names somebody decides. */
function subjectOf(rule: SubjectRule, scope: Scope, path: string): string {
  const name = rule === 'case' ? 'id' : rule.field;
  const named = (rule === 'case' ? scope.slice(0, 1) : scope.slice(1).reverse()).find((one) => name in one)?.[name];
  if (typeof named !== 'string') throw new Error(`${path}: nobody is named whose data it is`);
  return named;
}

/** All personal values in it, in the order of the schema's walk. */
export function personalIn(schema: z.ZodType, value: unknown, caseId: string): readonly PersonalValue[] {
  const found: PersonalValue[] = [];
  replacePersonal(schema, value, caseId, (one) => {
    found.push(one);
    return one.value;
  });
  return found;
}
