import { z } from 'zod';

/**
 * Who may see a field, from the widest circle to the narrowest. A viewer holds one class per case; a field shows when
 * the viewer's class is at least the field's own. `internal` never leaves the process.
 */
export const visibilities = ['public', 'follower', 'participant', 'office', 'internal'] as const;
export type Visibility = (typeof visibilities)[number];

/** A class that a viewer can hold. */
export type ViewerClass = Exclude<Visibility, 'internal'>;

const rank: Record<Visibility, number> = { public: 0, follower: 1, participant: 2, office: 3, internal: 9 };
export const sees = (viewer: ViewerClass, field: Visibility): boolean => rank[viewer] >= rank[field];
export const widest = (a: ViewerClass, b: ViewerClass): ViewerClass => (rank[a] >= rank[b] ? a : b);
export const narrowest = (a: ViewerClass, b: ViewerClass): ViewerClass => (rank[a] >= rank[b] ? b : a);

type Shape = z.ZodRawShape;
// biome-ignore lint/complexity/noBannedTypes: the neutral element of an intersection of shapes
type None = {};
/** An object schema whose every field has a visibility class, because fields are written in groups by class. */
export type Facts<S extends Shape = Shape> = z.ZodObject<S>;

const classes = new WeakMap<z.ZodType, Readonly<Record<string, Visibility>>>();

/** `facts({ public: { title }, participant: { text } })`: one strict object schema; a field without a class cannot be written. */
export function facts<
  P extends Shape = None,
  F extends Shape = None,
  M extends Shape = None,
  O extends Shape = None,
  I extends Shape = None,
>(by: {
  public?: P;
  follower?: F;
  participant?: M;
  office?: O;
  internal?: I;
}): z.ZodObject<P & F & M & O & I, z.core.$strict> {
  const classOf: Record<string, Visibility> = {};
  const shape: Record<string, z.core.$ZodType> = {};
  for (const visibility of visibilities)
    for (const [field, schema] of Object.entries(by[visibility] ?? {})) {
      if (field in shape) throw new Error(`field ${field} has two visibility classes`);
      shape[field] = schema;
      classOf[field] = visibility;
    }
  const schema = z.strictObject(shape);
  classes.set(schema, classOf);
  return schema as unknown as z.ZodObject<P & F & M & O & I, z.core.$strict>;
}

/** The class of each field; `undefined` for a schema that was not made by `facts`. A description changes nothing. */
export const classesOf = (schema: z.ZodType): Readonly<Record<string, Visibility>> | undefined =>
  lookUp(classes, schema);

/** `describe` gives a copy whose parent is the original: what is known of the one holds for the other. */
export function lookUp<T>(known: WeakMap<z.ZodType, T>, schema: z.ZodType): T | undefined {
  const parent = schema._zod.parent as z.ZodType | undefined;
  return known.get(schema) ?? (parent && lookUp(known, parent));
}

/** A schema without what makes it optional, nullable, read-only or gives it a default. */
export const unwrap = (schema: z.ZodType): z.ZodType => {
  let s = schema;
  while (isWrapper(s)) s = s.unwrap() as z.ZodType;
  return s;
};
export const isWrapper = (schema: z.ZodType) =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly;

/** One field of such a value, as `redact` leaves it; `undefined`: it is not the viewer's to see. */
export function redactField(schema: Facts, value: unknown, field: string, viewer: ViewerClass): unknown {
  const fieldSchema = schema.shape[field] as z.ZodType | undefined;
  if (!fieldSchema || typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  if (!sees(viewer, classesOf(schema)?.[field] ?? 'internal')) return undefined;
  return redact(fieldSchema, (value as Record<string, unknown>)[field], viewer);
}

/** The value with every field removed that `viewer` may not see; nested `facts` are cut by their own classes. */
export function redact(schema: z.ZodType, value: unknown, viewer: ViewerClass): unknown {
  const s = unwrap(schema);
  if (value === null || value === undefined) return value;
  if (s instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => redact(s.element as z.ZodType, item, viewer));
  if (s instanceof z.ZodRecord && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, redact(s.valueType as z.ZodType, item, viewer)]),
    );
  if (s instanceof z.ZodUnion) {
    // Default deny: a value that fits none of the shapes is not shown.
    const fits = (s.options as readonly z.ZodType[]).find((option) => option.safeParse(value).success);
    return fits && redact(fits, value, viewer);
  }
  if (!(s instanceof z.ZodObject) || typeof value !== 'object') return value;
  const classOf = classesOf(s);
  const out: Record<string, unknown> = {};
  for (const [field, item] of Object.entries(value)) {
    const fieldSchema = s.shape[field] as z.ZodType | undefined;
    if (!fieldSchema) continue; // default deny: a field that the schema does not know is not shown
    if (!sees(viewer, classOf?.[field] ?? 'internal')) continue; // nor one that has no class
    out[field] = redact(fieldSchema, item, viewer);
  }
  return out;
}
