import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ref, refBeside, storedText } from '../../../src/domain/kernel/fields.js';
import { personal, replacePersonal } from '../../../src/domain/kernel/personal.js';
import { replaceReferences } from '../../../src/domain/kernel/references.js';
import { replaceTexts } from '../../../src/domain/kernel/texts.js';

/** One value in each place where a value can stand: what is left untouched in one of them would be shown to all. */
const places = <S extends z.ZodType>(leaf: S) =>
  z.object({
    itself: leaf,
    none: leaf.nullable(),
    wrapped: leaf.nullable().optional(),
    list: z.array(leaf),
    record: z.record(z.string(), leaf),
    either: z.union([z.object({ is: z.literal('number'), n: z.number() }), z.object({ is: z.literal('leaf'), leaf })]),
    deep: z.array(z.object({ record: z.record(z.string(), z.array(leaf).readonly()) })),
    piped: z.unknown().pipe(z.object({ leaf })),
  });
const filled = (one: unknown) => ({
  ...{ itself: one, none: null, wrapped: one, list: [one], record: { a: one }, either: { is: 'leaf', leaf: one } },
  ...{ deep: [{ record: { b: [one] } }], piped: { leaf: one }, unknown: 'stays' },
});
const id = 'e5cc9cee-35d4-49ca-9dce-72fd6de2f0d5';

describe('what stands below a value is found wherever it stands (issue 5, parts 3, 5 and 6)', () => {
  test('texts, by their paths', () => {
    const paths: string[] = [];
    const schema = places(storedText(['Text.', '文字']));
    const replaced = replaceTexts(schema, filled('old'), ({ path }) => {
      paths.push(path);
      return 'new';
    });
    // `is` is a word of a closed list, and no text.
    expect(replaced).toEqual(filled('new'));
    expect(paths).toEqual([
      ...['itself', 'wrapped', 'list.0', 'record.a', 'either.leaf'],
      ...['deep.0.record.b.0', 'piped.leaf'],
    ]);
  });

  test('ids of cases, of a kind that the field or one beside it names; a list loses those that are null', () => {
    const seen: string[] = [];
    const replace = (by: string | null) => (one: { category: string }) => {
      seen.push(one.category);
      return by;
    };
    const schema = places(ref('note', ['Note.', '便笺']));
    expect(replaceReferences(schema, filled(id), replace('other'))).toEqual(filled('other'));
    expect(replaceReferences(schema, filled(id), replace(null))).toEqual({
      ...{ ...filled(null), list: [], deep: [{ record: { b: [] } }] },
    });
    const beside = z.object({ kind: z.string(), target: refBeside('kind', ['Target.', '对象']) });
    expect(replaceReferences(beside, { kind: 'pin', target: id }, replace(null))).toEqual({
      kind: 'pin',
      target: null,
    });
    expect([...new Set(seen)]).toEqual(['note', 'pin']);
  });

  test('personal data, and whose it is', () => {
    const schema = places(personal(z.string(), 'IDENTITY', 'case'));
    const subjects = new Set<string>();
    const replaced = replacePersonal(schema, filled('王'), id, ({ subject }) => {
      subjects.add(subject);
      return '█';
    });
    expect(replaced).toEqual(filled('█'));
    expect([...subjects]).toEqual([id]);
  });
});
