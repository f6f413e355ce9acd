import { describe, expect, test } from 'vitest';
import { officialWho, tagsOf } from '../../../src/domain/kernel/actor.js';
import { anyOffice, anyRegistrar, officeOf, registrar } from '../../../src/domain/organization/who.js';
import { deputy, idOf, official } from '../../support/spec.js';

const saren = (standing: 'elected' | 'active' | 'suspended' | 'ended') => deputy('Saren', '150802', standing);
const own = ['public', `person:${saren('active').person}`, `mandate:${idOf('Saren')}`];
const sitting = [...own, 'deputies:150802', 'deputies:150800', 'deputies:150000', 'deputies:000000'];
const clerk = official('DWC', '150802');
const expert = official('DWC', '150802', { name: 'expert', role: 'expert' });

describe('what somebody is addressed by (domain.md P6)', () => {
  test.each([
    ['elected', own],
    ['active', sitting],
    ['suspended', sitting],
    ['ended', own],
  ] as const)('a deputy with a mandate that is %s', (standing, tags) => {
    expect(tagsOf(saren(standing))).toEqual(tags);
  });

  test('an official, and one whose post has ended', () => {
    expect(tagsOf(clerk)).toEqual([
      ...['public', `person:${clerk.person}`, `post:${clerk.post}`, `organ:${clerk.organ}`, 'office:150802'],
    ]);
    expect(tagsOf({ ...clerk, standing: 'ended' })).toEqual(['public', `person:${clerk.person}`]);
  });

  test('an expert in person, not for the organ that named him or her (domain.md §1, EXP)', () => {
    expect(tagsOf(expert)).toEqual(['public', `person:${expert.person}`, `post:${expert.post}`]);
    expect(tagsOf(official('GOVO', '150802', { role: 'expert' }))).not.toContain('government:150802');
  });
});

describe('an expert has no authority of an organ (domain.md §1, EXP)', () => {
  const state = { region: '150802' };

  test('neither of an office nor of the register', () => {
    for (const who of [officeOf('DWC'), anyOffice('DWC'), anyRegistrar, registrar])
      expect([who.allows(clerk, state), who.allows(expert, state)]).toEqual([true, false]);
  });

  test('nor of the organ that a case names', () => {
    const handling = officialWho<{ organ: string }>(['its organ', '承办单位'], (one, { organ }) => one.organ === organ);
    expect(handling.allows(clerk, { organ: clerk.organ })).toBe(true);
    expect(handling.allows(expert, { organ: expert.organ })).toBe(false);
  });

  test('but what is asked of the person, he or she may do', () => {
    const invited = officialWho<{ post: string }>(['invited', '受邀'], (one, { post }) => one.post === post);
    expect(invited.allows(expert, { post: expert.post })).toBe(true);
  });
});
