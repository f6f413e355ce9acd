import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { classesOf } from '../../../src/domain/kernel/visibility.js';
import { wuji } from '../../../src/domain/wuji.js';
import { pascal, singular } from '../../../src/graphql/derive/names.js';
import type { Class, Finds } from './plain.js';
import { bare, pointsTo, shows } from './plain.js';
import type { Json } from './rig.js';
import { fieldsOf, isCaseField, typeOfField } from './selection.js';

/** What came of looking at one answer: what should not have been shown, or should have. */
export type Looked = {
  readonly wrong: string[];
  /** Fields that showed something, by type and field. */
  readonly shown: Set<string>;
};

/**
 * Lays an answer beside the value that it was made of. `finds`: whether a case is the viewer's to see.
 * Fields of the API that stand for no field of the schema are no affair of this function: `strayFields` finds them.
 */
export function compare(
  schema: GraphQLSchema,
  of: { readonly schema: z.ZodType; readonly typeName: string; readonly prefix: string },
  value: Json,
  answer: Json,
  viewer: Class,
  finds: Finds,
  looked: Looked,
): void {
  const shape = bare(of.schema);
  if (!(shape instanceof z.ZodObject) || typeof answer !== 'object' || answer === null) return;
  const declared = classesOf(shape) ?? {};
  for (const key of Object.keys(shape.shape)) {
    const names = namesOf(schema, of.typeName, of.prefix, key);
    // Without `facts` around it, a shape belongs as a whole to the field it stands in.
    const visible = classesOf(shape) === undefined || shows(viewer, declared[key]);
    const there = value?.[key] !== null && value?.[key] !== undefined;
    for (const name of names) {
      const at = `${of.typeName}.${name}`;
      const given = answer[name];
      const filled = given !== null && given !== undefined;
      if (filled) looked.shown.add(`${at} ${viewer}`);
      if (isCaseField(schema, of.typeName, name)) {
        const target = categoryOf(typeOfField(schema, of.typeName, name) ?? '');
        const ids = visible && there ? [value[key]].flat().filter((id: string) => finds(target, id)) : [];
        const got = [given ?? []].flat().map((one: Json) => one?.id);
        if (JSON.stringify(got) !== JSON.stringify(ids)) looked.wrong.push(`${at}: ${got} and not ${ids}`);
        continue;
      }
      const schemaOf = bare(shape.shape[key] as z.ZodType);
      const target = pointsTo(schemaOf instanceof z.ZodArray ? (schemaOf.element as z.ZodType) : schemaOf, value);
      if (target !== undefined) {
        const ids = visible && there ? [value[key]].flat().filter((id: string) => finds(target, id)) : [];
        if (JSON.stringify([given ?? []].flat()) !== JSON.stringify(ids))
          looked.wrong.push(`${at} tells of ${given} and not of ${ids}`);
        continue;
      }
      if (!visible && filled) looked.wrong.push(`${at} shows to ${viewer}`);
      if (visible && there && !filled) looked.wrong.push(`${at} does not show to ${viewer}`);
      if (visible && there && filled) {
        const inner = bare(shape.shape[key] as z.ZodType);
        const typeName = typeOfField(schema, of.typeName, name) ?? '';
        const item = inner instanceof z.ZodArray ? bare(inner.element as z.ZodType) : inner;
        const values = [value[key]].flat();
        const answers = [given].flat();
        if (inner instanceof z.ZodArray && values.length !== answers.length)
          looked.wrong.push(`${at} has ${answers.length} items and not ${values.length}`);
        values.forEach((one: Json, n: number) => {
          const next = { schema: item, typeName, prefix: '' };
          if (item instanceof z.ZodObject) compare(schema, next, one, answers[n], viewer, finds, looked);
          else if (typeof one === 'string' && typeof answers[n] === 'string' && !isWord(item, name)) {
            const same = one === answers[n] || Date.parse(one) === Date.parse(answers[n]);
            if (!same) looked.wrong.push(`${at} is ${answers[n]} and not ${one}`);
          }
        });
      }
    }
  }
}

/** `nameShown` says what became of `name`; of words the API has names of its own. */
const isWord = (schema: z.ZodType, name: string): boolean => schema instanceof z.ZodEnum || name.endsWith('Shown');

/** How the API calls a field: itself, the id of a reference, the reference; after a clash with the case's name before it. */
function namesOf(schema: GraphQLSchema, typeName: string, prefix: string, key: string): readonly string[] {
  const has = new Set(fieldsOf(schema, typeName));
  const prefixed = prefix && envelope.has(key) ? prefix + pascal(key) : key;
  const bareName = prefixed.endsWith('Id') ? prefixed.slice(0, -2) : prefixed;
  return [...new Set([prefixed, `${prefixed}Id`, `${singular(prefixed)}Ids`, `${prefixed}Shown`, bareName])].filter(
    (name) => has.has(name),
  );
}

/** What every case or every event has besides its own fields. */
export const envelope = new Set(
  'id category statusCode revision position correlationId openedAt changedAt viewerClass availableActions redactions'.split(
    ' ',
  ),
);

/** Fields of a type that stand for no field of the schema, and fields of the schema that the type has not. */
export function strayFields(
  schema: GraphQLSchema,
  of: { readonly schema: z.ZodType; readonly typeName: string; readonly prefix: string },
  known: ReadonlySet<string>,
): readonly string[] {
  const shape = bare(of.schema);
  if (!(shape instanceof z.ZodObject)) return [];
  const declared = classesOf(shape) ?? {};
  const found = new Set<string>(known);
  const lost: string[] = [];
  for (const key of Object.keys(shape.shape)) {
    if (declared[key] === 'internal') continue;
    const names = namesOf(schema, of.typeName, of.prefix, key);
    if (names.length === 0) lost.push(`${of.typeName} has nothing for ${key}`);
    for (const name of names) found.add(name);
  }
  return [
    ...lost,
    ...fieldsOf(schema, of.typeName)
      .filter((name) => !found.has(name))
      .map((name) => `${of.typeName}.${name} has no rule`),
  ];
}

/** `JointMeeting` is the type of a `jointMeeting`. */
const categoryOf = (typeName: string): string =>
  [...wuji.aggregates.keys()].find((category) => pascal(category) === typeName) ?? typeName;
