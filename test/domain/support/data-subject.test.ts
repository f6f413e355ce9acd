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
const registered = (held: { readonly mandates: object[]; readonly posts: object[] }) => ({
  [streamOf(person.at(subject))]: {
    ...{ status: 'REGISTERED', region: county, code: 'P', name: '萨仁', nameMn: null, ...held },
  },
});
const seated = (ended: boolean) =>
  registered({ mandates: [{ mandate: self.mandate, congress: county, ended }], posts: [] });
const opened = {
  type: 'DataSubjectOpened',
  data: { region: county, subject, officer: officer.organ },
} as const;
const record = (ended = false) => specOf(dataSubject, dataSubjectActions, { known: seated(ended) }).given(opened);
type Spec = ReturnType<typeof record>;
const lastOf = (of: Spec) => dataSubject.state.parse(of.state()).requests.at(-1);
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
      .emits('CorrectionRequested', 'ClockStarted');
    const request = lastOf(asked)?.id ?? '';
    asked.when('requestCorrection', { field: 'TELEPHONE', wish: '2' }, self).refused('REQUEST_OPEN');
    asked.when('applyCorrection', { request: 'else', wish: '1' }, officer).refused('REQUEST_NOT_OPEN');
    asked
      .when('applyCorrection', { request, wish: '1' }, officer)
      .emits({ type: 'CorrectionApplied', data: { contact: '1', identity: null } }, 'ClockStopped')
      .when('applyCorrection', { request, wish: '1' }, officer)
      .refused('REQUEST_NOT_OPEN');
    expect(asked.state()).toMatchObject({ telephone: '1' });
  });

  test('a correction is denied by the officer with a reason, which the person finds with the request (PIPL arts 46, 50)', () => {
    const asked = record().after('requestCorrection', { field: 'NAME', wish: '高娃' }, self);
    const denial = { request: lastOf(asked)?.id ?? '', reason: '与身份证件不符' };
    asked.when('denyCorrection', denial, self).refused('NOT_ALLOWED');
    asked.when('denyCorrection', { ...denial, reason: ' ' }, officer).refused('INVALID_INPUT');
    asked.when('denyCorrection', { ...denial, request: 'else' }, officer).refused('REQUEST_NOT_OPEN');
    asked
      .when('denyCorrection', denial, officer)
      .emits({ type: 'CorrectionDenied', data: denial }, 'ClockStopped')
      .when('applyCorrection', { request: denial.request, wish: '高娃' }, officer)
      .refused('REQUEST_NOT_OPEN');
    expect(lastOf(asked)).toMatchObject({ kind: 'CORRECTION', status: 'DENIED', reason: denial.reason });
    asked.when('requestCorrection', { field: 'NAME', wish: '高娃' }, self).emits('CorrectionRequested', 'ClockStarted');
  });

  test('a denial answers the kind of request that it is of, and no other', () => {
    const asked = record().after('requestErasure', { categories: ['CONTACT'] }, self);
    const denial = { request: lastOf(asked)?.id ?? '', reason: '理由' };
    asked.when('denyCorrection', denial, officer).refused('REQUEST_NOT_OPEN');
    asked.after('requestCorrection', { field: 'NAME', wish: '高娃' }, self);
    asked
      .when('denyErasure', { request: lastOf(asked)?.id ?? '', reason: '理由' }, officer)
      .refused('REQUEST_NOT_OPEN');
  });
});

describe('the time to answer (T25: 15 working days)', () => {
  const clocks = (of: Spec) =>
    dataSubject.state.parse(of.state()).clocks.map(({ clock, status, dueOn }) => [clock, status, dueOn]);

  test('runs for each request from the day it was made, for the officer, and is done with the answer', () => {
    const asked = record()
      .after('requestAccess', {}, self)
      .after('requestCorrection', { field: 'NAME', wish: '高娃' }, self)
      .after('requestCorrection', { field: 'EMAIL', wish: 'a@example.cn' }, self)
      .after('requestErasure', { categories: ['CONTACT'] }, self);
    const due = '2026-03-23';
    expect(clocks(asked)).toEqual([
      ['T25:ACCESS', 'RUNNING', due],
      ['T25:CORRECTION:NAME', 'RUNNING', due],
      ['T25:CORRECTION:EMAIL', 'RUNNING', due],
      ['T25:ERASURE', 'RUNNING', due],
    ]);
    const state = dataSubject.state.parse(asked.state());
    expect(new Set(state.clocks.map(({ owner }) => owner))).toEqual(new Set([`organ:${officer.organ}`]));
    const [access, name, , erasing] = state.requests.map(({ id }) => id);
    asked
      .after('fulfilAccess', { request: access, digest: '0'.repeat(64) }, system)
      .after('denyCorrection', { request: name, reason: '无误' }, officer)
      .after('denyErasure', { request: erasing, reason: '任期内' }, officer);
    expect(clocks(asked).filter(([, status]) => status === 'RUNNING')).toEqual([
      ['T25:CORRECTION:EMAIL', 'RUNNING', due],
    ]);
  });

  test('of an erasure stands still while the data is held back, whichever came first (PIPL art. 47)', () => {
    const hold = { ground: 'LEGAL_HOLD', reason: '保全' };
    const first = record()
      .after('requestErasure', { categories: ['CONTACT'] }, self)
      .at('2026-03-03')
      .after('restrictProcessing', hold, officer);
    expect(clocks(first)).toEqual([['T25:ERASURE', 'PAUSED', '2026-03-23']]);
    first.at('2026-03-05').after('liftRestriction', { reason: '解除' }, officer);
    expect(clocks(first)).toEqual([['T25:ERASURE', 'RUNNING', '2026-03-25']]);

    const later = record()
      .after('restrictProcessing', hold, officer)
      .after('requestErasure', { categories: ['CONTACT'] }, self);
    expect(clocks(later)).toEqual([['T25:ERASURE', 'PAUSED', '2026-03-23']]);
    later.after('restrictProcessing', { ...hold, ground: 'UNLAWFUL_HANDLING' }, officer);
    expect(clocks(later)).toEqual([['T25:ERASURE', 'RUNNING', '2026-03-23']]);
  });

  test('ends with the record: of whom all is erased nothing is asked any more', () => {
    const all = record(true)
      .after('requestAccess', {}, self)
      .after('orderErasure', erasure(...personalCategories), officer)
      .after('recordErasure', { categories: [...personalCategories] }, system);
    expect(clocks(all)).toEqual([['T25:ACCESS', 'STOPPED', '2026-03-23']]);
  });
});

describe('a restriction with a last day (PIPL art. 47)', () => {
  const until = '2026-03-06';
  const held = () => record(true).after('restrictProcessing', { ground: 'LEGAL_HOLD', until, reason: '保全' }, officer);

  test('refuses the erasure and says until when; one without a day, until it is lifted', () => {
    expect(held().when('orderErasure', erasure('CONTACT'), officer).refused('LEGAL_HOLD').message).toEqual([
      expect.stringContaining(`until ${until}:`),
      expect.stringContaining(`保全至${until}，`),
    ]);
    const open = record(true).after('restrictProcessing', { ground: 'LEGAL_HOLD', reason: '保全' }, officer);
    expect(open.when('orderErasure', erasure('CONTACT'), officer).refused('LEGAL_HOLD').message).toEqual([
      expect.stringContaining('until it is lifted:'),
      expect.stringContaining('保全至解除时，'),
    ]);
  });

  test('is ended by the system after that day, not on it, and not by another day; the erasure then goes on', () => {
    const asked = held().after('requestErasure', { categories: ['CONTACT'] }, self);
    asked.when('expireRestriction', { until }, officer).refused('NOT_ALLOWED');
    asked.at(until).when('expireRestriction', { until }, system).emits();
    asked.at('2026-03-07').when('expireRestriction', { until: '2026-03-05' }, system).emits();
    asked
      .when('expireRestriction', { until }, system)
      .emits({ type: 'RestrictionExpired', data: { until } }, 'ClockResumed');
    expect(asked.state()).toMatchObject({ status: 'ACTIVE', restriction: null });
    asked
      .when('orderErasure', { ...erasure('CONTACT'), request: lastOf(asked)?.id }, officer)
      .emits('ErasureOrdered', 'ClockStopped');
  });

  test('may get another day or ground without being lifted; the same again, or a day that has passed, is nothing', () => {
    const again = held();
    again.when('restrictProcessing', { ground: 'LEGAL_HOLD', until, reason: '保全' }, officer).emits();
    again
      .when('restrictProcessing', { ground: 'LEGAL_HOLD', until: '2026-03-01', reason: '保全' }, officer)
      .refused('UNTIL_HAS_PASSED');
    again
      .when('restrictProcessing', { ground: 'LEGAL_HOLD', until: '2026-09-06', reason: '续保' }, officer)
      .emits('ProcessingRestricted');
    again.at('2026-03-07').when('expireRestriction', { until }, system).emits();
    expect(again.state()).toMatchObject({ restriction: { until: '2026-09-06' } });
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

  test('nor may that of whoever holds a post; of several posts and mandates the last one keeps it (domain.md §6)', () => {
    const post = (ended: boolean) => ({ post: officer.post, ended });
    const mandate = (ended: boolean) => ({ mandate: self.mandate, congress: county, ended });
    const holding = (held: Parameters<typeof registered>[0]) =>
      specOf(dataSubject, dataSubjectActions, { known: registered(held) }).given(opened);
    const order = (held: Parameters<typeof registered>[0], category: string) =>
      holding(held).when('orderErasure', erasure(category), officer);
    order({ mandates: [], posts: [post(false)] }, 'IDENTITY').refused('KEPT_IN_POST');
    order({ mandates: [], posts: [post(true), post(false)] }, 'IDENTITY').refused('KEPT_IN_POST');
    order({ mandates: [mandate(true)], posts: [post(false)] }, 'IDENTITY').refused('KEPT_IN_POST');
    order({ mandates: [mandate(false)], posts: [post(true)] }, 'IDENTITY').refused('KEPT_DURING_TERM');
    order({ mandates: [], posts: [post(false)] }, 'CONTACT').emits('ErasureOrdered');
    order({ mandates: [mandate(true)], posts: [post(true)] }, 'IDENTITY').emits('ErasureOrdered');
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
    const request = lastOf(asked)?.id ?? '';
    asked.when('requestErasure', { categories: ['CONTACT'] }, self).refused('REQUEST_OPEN');
    asked
      .when('denyErasure', { request, reason: '任期内依法公开' }, officer)
      .emits('ErasureDenied', 'ClockStopped')
      .when('requestErasure', { categories: ['IDENTITY'] }, self)
      .emits('ErasureRequested', 'ClockStarted');
  });
});
