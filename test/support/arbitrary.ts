import fc from 'fast-check';
import { z } from 'zod';
import { addDays } from '../../src/domain/kernel/clock.js';
import { targetOf } from '../../src/domain/kernel/fields.js';

/** What a drawn input can refer to. An input of pure chance would hardly ever be accepted. */
export type Pool = {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Ids of the cases of a category, the likeliest first; empty for a category that has no cases. */
  ids(category: string): readonly string[];
  /** Every id that stands in the case at hand. */
  readonly idsInCase: readonly string[];
  /** The values that the case at hand has in fields of this name, at any depth. */
  values(field: string): readonly unknown[];
  readonly regions: readonly string[];
};

/** One draw after the other from arbitraries that depend on what was drawn before. */
export type Draw = <T>(from: fc.Arbitrary<T>) => T;

class Draws extends fc.Arbitrary<Draw> {
  generate(random: fc.Random): fc.Value<Draw> {
    const own = random.clone();
    random.nextInt(); // the next run draws otherwise
    return new fc.Value((from) => from.generate(own, undefined).value, undefined);
  }
  canShrinkWithoutContext(value: unknown): value is Draw {
    return value === undefined; // never: a draw has no smaller form
  }
  shrink(): fc.Stream<fc.Value<Draw>> {
    return fc.Stream.nil();
  }
}
export const draws = (): fc.Arbitrary<Draw> => new Draws();

const texts = ['水', 'Road repair', 'Булаг ус', '道路', 'a', '学校食堂、采暖与饮水', 'x y\nz'];
const dayOffsets = [0, 0, 0, 1, -1, 3, 7, -10, 30, 45, 90, 180, 366];

/** Values that `schema` accepts, as far as its kind tells; rules across fields stay to the action to refuse. */
export function arbitraryOf(schema: z.ZodType, pool: Pool, field = ''): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional) return maybe(arbitraryOf(inner(schema), pool, field), undefined);
  if (schema instanceof z.ZodNullable) return maybe(arbitraryOf(inner(schema), pool, field), null);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly) return arbitraryOf(inner(schema), pool, field);
  if (schema instanceof z.ZodObject)
    return fc.record(
      Object.fromEntries(
        Object.entries(schema.shape).map(([key, of]) => [key, arbitraryOf(of as z.ZodType, pool, key)]),
      ),
    );
  if (schema instanceof z.ZodArray) {
    const { minimum, maximum } = lengthOf(schema);
    const item = arbitraryOf(schema.element as z.ZodType, pool, field);
    return fc.array(item, { minLength: minimum, maxLength: Math.min(maximum, minimum + 3) });
  }
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((option) => arbitraryOf(option as z.ZodType, pool, field)));
  return known(schema, leafOf(schema, pool), pool.values(field));
}

function leafOf(schema: z.ZodType, pool: Pool): fc.Arbitrary<unknown> {
  const target = targetOf(schema);
  if (target === 'region') return fc.constantFrom(...pool.regions);
  if (schema instanceof z.ZodUUID) return idOf(pool, target);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) {
    const least = Math.max(schema.minValue ?? 0, -1000);
    return fc.integer({ min: least, max: Math.min(schema.maxValue ?? least + 9, least + 9) });
  }
  if (schema instanceof z.ZodISODate) return fc.constantFrom(...dayOffsets.map((days) => addDays(pool.today, days)));
  if (schema instanceof z.ZodISODateTime)
    return fc.constantFrom(...dayOffsets.map((days) => `${addDays(pool.today, days)}T04:00:00.000Z`));
  if (schema instanceof z.ZodPipe) {
    const out: unknown = schema.out;
    if (out instanceof z.ZodString) return textOf(out);
  }
  if (schema instanceof z.ZodString) return textOf(schema);
  throw new Error(`no arbitrary for ${schema.constructor.name}: teach test/support/arbitrary.ts this kind`);
}

function textOf({ minLength, maxLength, def }: z.ZodString): fc.Arbitrary<string> {
  for (const check of def.checks ?? []) {
    const rule: Readonly<Record<string, unknown>> = { ...check._zod.def };
    if (rule.pattern instanceof RegExp) return fc.stringMatching(rule.pattern);
  }
  return fc.constantFrom(...texts.map((text) => text.padEnd(minLength ?? 0, '。').slice(0, maxLength ?? 100)));
}

/** Mostly an id that means something here; now and then one that nobody knows. */
function idOf(pool: Pool, category: string | undefined): fc.Arbitrary<string> {
  const cases = category === undefined ? [] : pool.ids(category);
  const inCase = cases.length === 0 ? pool.idsInCase : pool.idsInCase.filter((id) => cases.includes(id));
  const choices: fc.WeightedArbitrary<string>[] = [{ weight: 1, arbitrary: fc.uuid({ version: 4 }) }];
  if (inCase.length > 0) choices.push({ weight: 4, arbitrary: fc.constantFrom(...inCase) });
  if (cases.length > 0) choices.push({ weight: 3, arbitrary: fc.constantFrom(...cases.slice(0, 6)) });
  if (cases.length > 6) choices.push({ weight: 2, arbitrary: fc.constantFrom(...cases) });
  return fc.oneof(...choices);
}

/** Half of the time a value that the case already has in a field of this name, or the number after it. */
function known(schema: z.ZodType, other: fc.Arbitrary<unknown>, values: readonly unknown[]): fc.Arbitrary<unknown> {
  const fitting = values
    .flatMap((value) => (typeof value === 'number' ? [value, value + 1] : [value]))
    .filter((value) => schema.safeParse(value).success);
  return fitting.length === 0 ? other : fc.oneof(fc.constantFrom(...fitting), other);
}

const maybe = (some: fc.Arbitrary<unknown>, none: undefined | null): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 2, arbitrary: some }, { weight: 1, arbitrary: fc.constant(none) });

const inner = (schema: { unwrap(): unknown }): z.ZodType => {
  const inside = schema.unwrap();
  if (inside instanceof z.ZodType) return inside;
  throw new Error('a wrapper around something that is no schema');
};

function lengthOf(schema: z.ZodArray): { minimum: number; maximum: number } {
  const length = { minimum: 0, maximum: 3 };
  for (const check of schema.def.checks ?? []) {
    const def: Readonly<Record<string, unknown>> = { ...check._zod.def };
    if (def.check === 'min_length' && typeof def.minimum === 'number') length.minimum = def.minimum;
    if (def.check === 'max_length' && typeof def.maximum === 'number') length.maximum = def.maximum;
    if (def.check === 'length_equals' && typeof def.length === 'number')
      Object.assign(length, { minimum: def.length, maximum: def.length });
  }
  return length;
}
