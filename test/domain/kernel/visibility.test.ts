import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { classIn, tagsOf } from '../../../src/domain/kernel/actor.js';
import { classesOf, facts, redact, sees, widest } from '../../../src/domain/kernel/visibility.js';
import { deputy, idOf, official, system } from '../../support/spec.js';

const line = facts({ public: { title: z.string() }, participant: { text: z.string() }, internal: { rank: z.int() } });
const schema = facts({
  public: { name: z.string(), lines: z.array(line) },
  follower: { stage: z.string().nullable() },
  participant: { lead: line.nullable(), more: z.array(line).optional() },
  office: { reason: z.string() },
  internal: { key: z.string() },
});
const one = { title: 't', text: 'x', rank: 1 };
const value = { name: 'n', lines: [one], stage: null, lead: one, more: [one], reason: 'r', key: 'k' };

describe('every field has a class, and each viewer sees up to his or her own (architecture.md §6, §9)', () => {
  test.each([
    ['public', { name: 'n', lines: [{ title: 't' }] }],
    ['follower', { name: 'n', lines: [{ title: 't' }], stage: null }],
    [
      'participant',
      {
        name: 'n',
        lines: [{ title: 't', text: 'x' }],
        stage: null,
        lead: { title: 't', text: 'x' },
        more: [{ title: 't', text: 'x' }],
      },
    ],
    [
      'office',
      {
        name: 'n',
        lines: [{ title: 't', text: 'x' }],
        stage: null,
        lead: { title: 't', text: 'x' },
        more: [{ title: 't', text: 'x' }],
        reason: 'r',
      },
    ],
  ] as const)('as %s', (viewer, shown) => {
    expect(redact(schema, value, viewer)).toEqual(shown);
  });

  test('internal fields never leave, whoever asks', () => {
    for (const viewer of ['public', 'follower', 'participant', 'office'] as const) {
      expect(sees(viewer, 'internal')).toBe(false);
      expect(JSON.stringify(redact(schema, value, viewer))).not.toMatch(/"key"|"rank"/);
    }
  });

  test('a field that the schema does not know is not shown', () => {
    expect(redact(schema, { name: 'n', leaked: 'secret' }, 'office')).toEqual({ name: 'n' });
  });

  test('nested facts are cut inside a choice between shapes too', () => {
    const either = facts({ public: { of: z.union([line, facts({ public: { n: z.int() } })]) } });
    expect(redact(either, { of: one }, 'public')).toEqual({ of: { title: 't' } });
    expect(redact(either, { of: { n: 1 } }, 'public')).toEqual({ of: { n: 1 } });
  });

  test('a value that fits no shape of a choice is not shown', () => {
    const either = facts({ public: { of: z.union([line, z.string()]) } });
    expect(redact(either, { of: { title: 't', other: 's' } }, 'office')).toEqual({ of: undefined });
    expect(redact(either, { of: 's' }, 'public')).toEqual({ of: 's' });
  });

  test('a field cannot stand in two classes, and a shape made by hand has none', () => {
    expect(() => facts({ public: { a: z.string() }, office: { a: z.string() } })).toThrow('two visibility classes');
    expect(classesOf(z.object({ a: z.string() }))).toBeUndefined();
    expect(classesOf(line)).toEqual({ title: 'public', text: 'participant', rank: 'internal' });
  });
});

describe('tags and circles (default deny)', () => {
  test('a deputy is addressed as mandate and as deputy of every region around the congress', () => {
    const saren = deputy('Saren', '150802100');
    expect(tagsOf(saren)).toEqual([
      'public',
      `person:${saren.person}`,
      `mandate:${saren.mandate}`,
      'deputies:150802100',
      'deputies:150802',
      'deputies:150800',
      'deputies:150000',
      'deputies:000000',
    ]);
  });

  test('an official as post, organ and, in a congress or government office, as that office', () => {
    const own = (kind: 'DWC' | 'GOVO' | 'ORG' | 'ADM') => tagsOf(official(kind, '150802')).slice(4);
    expect(tagsOf(official('DWC', '150802')).slice(0, 4)).toEqual([
      'public',
      `person:${official('DWC', '150802').person}`,
      `post:${idOf('post DWC 150802')}`,
      `organ:${idOf('DWC 150802')}`,
    ]);
    expect([own('DWC'), own('GOVO'), own('ORG'), own('ADM')]).toEqual([
      ['office:150802'],
      ['government:150802'],
      [],
      [],
    ]);
    expect(tagsOf(system)).toEqual([]);
  });

  test('the widest class of all one’s tags counts; without a tag there is no case', () => {
    const audience = { public: 'public', 'organ:1': 'participant', 'mandate:1': 'follower' } as const;
    expect(classIn(audience, ['public', 'mandate:1', 'organ:1'])).toBe('participant');
    expect(classIn(audience, ['mandate:1'])).toBe('follower');
    expect(classIn(audience, ['mandate:2'])).toBeUndefined();
    expect(widest('follower', 'office')).toBe('office');
  });
});
