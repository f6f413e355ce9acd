import { describe, expect, test } from 'vitest';
import { streamOf } from '../../../src/domain/kernel/aggregate.js';
import { personalCategories } from '../../../src/domain/kernel/personal.js';
import { person } from '../../../src/domain/organization/person.js';
import { dataSubjectActions } from '../../../src/domain/support/data-subject/actions.js';
import { dataSubject } from '../../../src/domain/support/data-subject/data-subject.js';
import { deputy, official, specOf, system } from '../../support/spec.js';

const county = '150802';
const self = deputy('Saren', county);
const other = deputy('Bat', county);
const officer = official('ADM', '150800');
const office = official('DWC', county);
const subject = self.person;
const seated = (ended: boolean) => ({
  [streamOf(person.at(subject))]: {
    ...{ status: 'REGISTERED', region: county, code: 'P', name: '萨仁', nameMn: null },
    mandates: [{ mandate: self.mandate, congress: county, ended }],
  },
});
const opened = {
  type: 'DataSubjectOpened',
  data: { region: county, subject, officer: officer.organ },
} as const;
const record = (ended = false) => specOf(dataSubject, dataSubjectActions, { known: seated(ended) }).given(opened);
const erasure = (...categories: string[]) => ({ categories, basis: '个人信息保护法第四十七条' });

describe('the record of a person’s data (domain.md §6)', () => {
  test('is opened by the person or the officer, and by nobody else', () => {
    const none = () => specOf(dataSubject, dataSubjectActions, { known: seated(false) });
    none().when('openDataSubject', { subject }, self).emits({ type: 'DataSubjectOpened', data: { subject } });
    none().when('openDataSubject', { subject }, officer).emits({ type: 'DataSubjectOpened', data: { subject } });
    none().when('openDataSubject', { subject }, other).refused('NOT_THE_SUBJECT');
    none().when('openDataSubject', { subject }, office).refused('NOT_THE_SUBJECT');
  });

  test('consent is given and withdrawn by the person alone; to the same again there is nothing to do', () => {
    const purpose = { purpose: 'PUBLICITY' };
    record()
      .when('giveConsent', purpose, self)
      .emits('ConsentGiven')
      .when('giveConsent', purpose, self)
      .emits()
      .when('withdrawConsent', purpose, self)
      .emits('ConsentWithdrawn')
      .when('withdrawConsent', purpose, self)
      .emits();
    record().when('giveConsent', purpose, officer).refused('NOT_ALLOWED');
  });

  test('contact data is for the office of the region; consents, requests and reasons are not', () => {
    expect(record().audience()).toEqual({
      [`organ:${officer.organ}`]: 'office',
      [`audit:${county}`]: 'office',
      [`office:${county}`]: 'follower',
      [`person:${subject}`]: 'office',
    });
  });

  test('a correction is applied by the officer, once, and only when it was asked for', () => {
    const asked = record()
      .when('requestCorrection', { field: 'TELEPHONE', wish: '1' }, self)
      .emits('CorrectionRequested');
    const request = dataSubject.state.parse(asked.state()).requests.at(-1)?.id ?? '';
    asked.when('requestCorrection', { field: 'TELEPHONE', wish: '2' }, self).refused('REQUEST_OPEN');
    asked.when('applyCorrection', { request: 'else', wish: '1' }, officer).refused('REQUEST_NOT_OPEN');
    asked
      .when('applyCorrection', { request, wish: '1' }, officer)
      .emits({ type: 'CorrectionApplied', data: { contact: '1', identity: null } })
      .when('applyCorrection', { request, wish: '1' }, officer)
      .refused('REQUEST_NOT_OPEN');
    expect(asked.state()).toMatchObject({ telephone: '1' });
  });
});

describe('erasure (PIPL art. 47)', () => {
  test('a deputy’s identity may not be erased during the term (Deputies Law art. 58); the contact data may', () => {
    record().when('orderErasure', erasure('IDENTITY'), officer).refused('KEPT_DURING_TERM');
    record()
      .when('orderErasure', erasure(...personalCategories), officer)
      .refused('KEPT_DURING_TERM');
    record().when('orderErasure', erasure('CONTACT'), officer).emits('ErasureOrdered');
    record(true).when('orderErasure', erasure('IDENTITY'), officer).emits('ErasureOrdered');
  });

  test('what is under a legal hold may not be erased until it is lifted; what was unlawfully handled may', () => {
    const hold = (ground: string) => record(true).after('restrictProcessing', { ground, reason: '保全' }, officer);
    for (const ground of ['LEGAL_HOLD', 'DISPUTED', 'RETENTION_RUNS'])
      hold(ground).when('orderErasure', erasure('CONTACT'), officer).refused('LEGAL_HOLD');
    hold('UNLAWFUL_HANDLING').when('orderErasure', erasure('CONTACT'), officer).emits('ErasureOrdered');
    hold('LEGAL_HOLD')
      .after('liftRestriction', { reason: '解除' }, officer)
      .when('orderErasure', erasure('CONTACT'), officer)
      .emits('ErasureOrdered');
  });

  test('is ordered by the officer alone, recorded by the system after the order, and nothing is erased twice', () => {
    record(true).when('orderErasure', erasure('CONTACT'), self).refused('NOT_ALLOWED');
    record(true).when('orderErasure', erasure('CONTACT'), office).refused('NOT_ALLOWED');
    record(true)
      .when('recordErasure', { categories: ['CONTACT'] }, system)
      .emits();
    record(true)
      .after('orderErasure', erasure('CONTACT'), officer)
      .when('recordErasure', { categories: ['CONTACT', 'IDENTITY'] }, system)
      .emits({ type: 'PersonalDataErased', data: { categories: ['CONTACT'] } })
      .when('orderErasure', erasure('CONTACT'), officer)
      .refused('ERASED_ALREADY');
  });

  test('of all categories ends the record; a denied request can be asked for again', () => {
    const all = record(true)
      .after('orderErasure', erasure(...personalCategories), officer)
      .after('recordErasure', { categories: [...personalCategories] }, system);
    expect(all.state()).toMatchObject({ status: 'ERASED' });
    all.when('giveConsent', { purpose: 'PUBLICITY' }, self).refused('WRONG_STATE');

    const asked = record().after('requestErasure', { categories: ['IDENTITY'] }, self);
    const request = dataSubject.state.parse(asked.state()).requests.at(-1)?.id ?? '';
    asked.when('requestErasure', { categories: ['CONTACT'] }, self).refused('REQUEST_OPEN');
    asked
      .when('denyErasure', { request, reason: '任期内依法公开' }, officer)
      .emits('ErasureDenied')
      .when('requestErasure', { categories: ['IDENTITY'] }, self)
      .emits('ErasureRequested');
  });
});
