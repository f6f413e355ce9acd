import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Bilingual } from '../../src/domain/kernel/refusal.js';
import { classesOf } from '../../src/domain/kernel/visibility.js';
import { wuji } from '../../src/domain/wuji.js';

const isEnglish = (text: string) => /[A-Za-z]/.test(text) && !/\p{Script=Han}/u.test(text);
const isChinese = (text: string) => /\p{Script=Han}/u.test(text);
const isBilingual = ([en, zh]: Bilingual) => isEnglish(en) && isChinese(zh);

type Field = { readonly path: string; readonly schema: z.ZodType; readonly description: string | undefined };

/** Every field of an object schema at any depth, with the description that it or a wrapper of it carries. */
function fieldsOf(schema: z.ZodType, path: string): Field[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([key, of]) => {
      const field = of as z.ZodType;
      return [
        { path: `${path}.${key}`, schema: field, description: describedIn(field) },
        ...fieldsOf(field, `${path}.${key}`),
      ];
    });
  return insideOf(schema).flatMap((inside) => fieldsOf(inside, path));
}

function insideOf(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodUnion) return schema.options as readonly z.ZodType[];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return [schema.unwrap() as z.ZodType];
  return [];
}

const describedIn = (schema: z.ZodType): string | undefined =>
  schema.description ??
  insideOf(schema)
    .map(describedIn)
    .find((found) => found !== undefined);

const undescribed = (schema: z.ZodType, path: string): string[] =>
  fieldsOf(schema, path)
    .filter(({ description }) => !description || !/[A-Za-z]/.test(description) || !isChinese(description))
    .map((field) => field.path);

/** The object schemas inside a stored one. Each must say who may see its fields, or be wholly of its field's class. */
const objectsIn = (schema: z.ZodType): readonly z.ZodObject[] =>
  schema instanceof z.ZodObject
    ? [schema, ...Object.values(schema.shape).flatMap((of) => objectsIn(of as z.ZodType))]
    : insideOf(schema).flatMap(objectsIn);

const withoutClass = (schema: z.ZodType, path: string): string[] => {
  const classOf = classesOf(schema) ?? {};
  const own = schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((key) => !classOf[key]) : [path];
  return own.map((key) => `${path}.${key}`);
};

const actions = [...wuji.actions];
const aggregates = [...wuji.aggregates.values()];
const events = [...wuji.events];

describe('every field has a visibility class (architecture.md §6)', () => {
  test('of states and of events', () => {
    expect([
      ...aggregates.flatMap(({ category, state }) => withoutClass(state, category)),
      ...events.flatMap(([type, { schema }]) => withoutClass(schema, type)),
    ]).toEqual([]);
  });

  test('every state has a status that is a closed list, and a region', () => {
    for (const { category, state } of aggregates) {
      const { status, region } = state.shape;
      expect(status instanceof z.ZodEnum, `${category}: status must be oneOf([...])`).toBe(true);
      expect(region, `${category} has no region`).toBeDefined();
    }
  });

  test('stored objects are strict: what no schema names cannot enter the log', () => {
    const loose = [...aggregates.map((a) => a.state), ...events.map(([, e]) => e.schema)]
      .flatMap(objectsIn)
      .filter((schema) => !(schema.def.catchall instanceof z.ZodNever));
    expect(loose.map((schema) => Object.keys(schema.shape))).toEqual([]);
  });
});

describe('everything that people read is there in English and Chinese', () => {
  test('actions, aggregates, events and authority rules', () => {
    const told: [string, Bilingual][] = [
      ...actions.map(([name, { describe: text }]): [string, Bilingual] => [name, text]),
      ...aggregates.map(({ category, term }): [string, Bilingual] => [category, term]),
      ...events.map(([type, { label }]): [string, Bilingual] => [type, label]),
      ...actions.flatMap(([name, { by }]) => by.map((who): [string, Bilingual] => [`${name} by`, who.name])),
    ];
    expect(told.filter(([, text]) => !isBilingual(text))).toEqual([]);
  });

  test('every field of inputs, states and events', () => {
    expect([
      ...actions.flatMap(([name, { input }]) => undescribed(input, name)),
      ...aggregates.flatMap(({ category, state }) => undescribed(state, category)),
      ...events.flatMap(([type, { schema }]) => undescribed(schema, type)),
    ]).toEqual([]);
  });

  test('every refusal, with what to do next, and the same parameters in both languages', () => {
    const paramsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    for (const [code, { message, next }] of Object.entries(wuji.refusals)) {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
      for (const text of [message, next]) {
        const words: Bilingual = [text[0].replaceAll(/\{\w+\}/g, 'x'), text[1]];
        expect(isBilingual(words), `${code}: ${text.join(' / ')}`).toBe(true);
        // {zhWho} is the Chinese of {who}.
        const [en, zh] = text.map((one) =>
          [...new Set(paramsOf(one).map((name) => name.replace(/^zh(.)/, (_, c) => c.toLowerCase())))].sort(),
        );
        expect(zh, `${code} names other parameters in Chinese`).toEqual(en);
      }
    }
  });

  test('every action needs a right, begins a case or names the states that it is for', () => {
    for (const [name, { by, from, category }] of actions) {
      expect(by.length, `${name} is open to nobody`).toBeGreaterThan(0);
      const { status } = wuji.aggregate(category).state.shape;
      const known = status instanceof z.ZodEnum ? status.options : [];
      if (from) expect(from.length > 0 && from.every((one) => known.includes(one)), `${name}: from`).toBe(true);
    }
  });
});
