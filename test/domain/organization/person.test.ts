import { describe, expect, test } from 'vitest';
import { person, personActions } from '../../../src/domain/organization/person.js';
import { deputy, idOf, official, specOf, system } from '../../support/spec.js';

const dwc = official('DWC', '150802');
const saren = { code: 'P1', name: '萨仁', region: '150802' };
const spec = () => specOf(person, personActions);
const registered = () => spec().after('registerPerson', saren, dwc);

describe('a person in the register (S1; DL 58)', () => {
  test('is registered by whoever keeps the register of the region', () => {
    spec()
      .when('registerPerson', saren, dwc)
      .emits({ type: 'PersonRegistered', data: { ...saren, nameMn: null } });
  });

  test('has one record per code', () => {
    registered()
      .when('registerPerson', { ...saren, name: '别人' }, dwc)
      .refused('ALREADY_EXISTS');
  });

  test('is not registered in another county, in an unknown region, or by a deputy', () => {
    spec()
      .when('registerPerson', { ...saren, region: '150821' }, dwc)
      .refused('NOT_YOUR_REGION');
    spec()
      .when('registerPerson', { ...saren, region: '990000' }, dwc)
      .refused('UNKNOWN_REGION');
    spec().when('registerPerson', saren, deputy('Bayar', '150802')).refused('NOT_ALLOWED');
  });

  test('is renamed once; the same name again changes nothing', () => {
    const name = { name: '萨仁高娃', nameMn: 'Сарангуа' };
    registered().when('renamePerson', name, dwc).emits('PersonRenamed').when('renamePerson', name, dwc).emits();
  });

  test('is visible to everybody with what is public by law, and with nothing else (DL 58)', () => {
    const state = registered();
    expect(state.audience()).toEqual({ public: 'public' });
    const shown = ['status', 'region', 'code', 'name', 'nameMn', 'mandates', 'posts'];
    expect(Object.keys(person.state.shape)).toEqual(shown);
  });

  test('holds several posts, which keep the name as mandates do; only the system keeps that list (domain.md §6)', () => {
    const post = { post: idOf('clerk') };
    const holder = registered()
      .when('takeUpPost', post, system)
      .emits('PostTakenUp')
      .when('takeUpPost', post, system)
      .emits()
      .when('takeUpPost', { post: idOf('head') }, system)
      .emits('PostTakenUp')
      .when('layDownPost', post, system)
      .emits('PostLaidDown')
      .when('layDownPost', post, system)
      .emits();
    holder.when('takeUpPost', post, dwc).refused('NOT_ALLOWED');
    expect(holder.state()).toMatchObject({
      posts: [
        { post: post.post, ended: true },
        { post: idOf('head'), ended: false },
      ],
    });
  });

  test('holds several mandates; only the system keeps that list', () => {
    const county = { mandate: idOf('county seat'), congress: '150802' };
    registered()
      .when('takeUpMandate', county, system)
      .emits('MandateTakenUp')
      .when('takeUpMandate', county, system)
      .emits()
      .when('takeUpMandate', { mandate: idOf('city seat'), congress: '150800' }, system)
      .emits('MandateTakenUp')
      .when('layDownMandate', { mandate: county.mandate }, system)
      .emits('MandateLaidDown')
      .when('layDownMandate', { mandate: county.mandate }, system)
      .emits()
      .when('layDownMandate', { mandate: idOf('no seat') }, system)
      .emits()
      .when('takeUpMandate', county, dwc)
      .refused('NOT_ALLOWED');
  });
});
