import { describe, expect, test } from 'vitest';
import { refusalOfOrgan } from '../../../src/domain/collaboration/suggestion/assignment.js';
import { organ, organActions } from '../../../src/domain/organization/organ.js';
import { idOf, official, specOf, system } from '../../support/spec.js';

const dwc = official('DWC', '150802');
const water = { code: 'WATER', name: '水务局', region: '150802', kind: 'ORG' };
const other = idOf('other organ');
const merged = idOf('merged organ');
const known = {
  [`organ-${other}`]: { status: 'ACTIVE', ...water, nameMn: null, successor: null },
  [`organ-${merged}`]: { status: 'MERGED', ...water, nameMn: null, successor: other },
};
const spec = () => specOf(organ, organActions, { known });
const active = () => spec().after('registerOrgan', water, dwc);

describe('an organ in the register (S1)', () => {
  test('is registered once per code, in a known region of one’s own charge', () => {
    spec().when('registerOrgan', water, dwc).emits('OrganRegistered');
    active().when('registerOrgan', water, dwc).refused('ALREADY_EXISTS');
    spec()
      .when('registerOrgan', { ...water, region: '150899' }, dwc)
      .refused('UNKNOWN_REGION');
    spec()
      .when('registerOrgan', { ...water, region: '150821' }, dwc)
      .refused('NOT_YOUR_REGION');
    spec()
      .when('registerOrgan', { ...water, kind: 'BANK' }, dwc)
      .refused('INVALID_INPUT');
    spec().when('registerOrgan', water, official('ORG', '150802')).refused('NOT_ALLOWED');
  });

  test('a street has an organ, though no congress (OL 59)', () => {
    spec()
      .when('registerOrgan', { ...water, region: '150802001', kind: 'STW' }, dwc)
      .emits('OrganRegistered');
  });

  test('a court is no department: the congress’s office assigns to it, the government does not (domain.md §3a)', () => {
    const court = { ...water, kind: 'JUD', name: '法院' };
    spec()
      .when('registerOrgan', court, dwc)
      .emits({ type: 'OrganRegistered', data: { kind: 'JUD' } });
    const known = { status: 'ACTIVE', region: '150802', kind: 'JUD' } as const;
    expect(refusalOfOrgan(known, '150802', 'DWC')).toBeUndefined();
    expect(refusalOfOrgan(known, '150802', 'GOVO')?.refused).toBe('NOT_A_DEPARTMENT');
  });

  test('is renamed; the same name changes nothing', () => {
    active().when('renameOrgan', { name: '水利局' }, dwc).emits('OrganRenamed');
    active().when('renameOrgan', { name: water.name }, dwc).emits();
  });

  test.each([
    ['mergeOrgan', 'into', 'OrganMerged'],
    ['abolishOrgan', 'successor', 'OrganAbolished'],
  ])('%s names another organ in force, which takes over the open work', (action, field, event) => {
    const to = (id: string) => active().when(action, { [field]: id }, dwc);
    to(other).emits({ type: event, data: { [field]: other } });
    to(idOf('the organ')).refused('SAME_ORGAN');
    to(merged).refused('UNKNOWN_ORGAN');
    to(idOf('no organ')).refused('UNKNOWN_ORGAN');
    active().when(action, {}, dwc).refused('INVALID_INPUT');
  });

  test('the platform’s operator is entered by the system and the operator alone, in the city (domain.md §1, ADM)', () => {
    const city = official('DWC', '150800');
    const adm = { ...water, region: '150800', kind: 'ADM' };
    for (const by of [city, official('SC', '150800'), official('PRES', '150800')])
      spec().when('registerOrgan', adm, by).refused('OPERATOR_ONLY');
    for (const by of [system, official('ADM', '150800')]) {
      spec().when('registerOrgan', adm, by).emits('OrganRegistered');
      spec()
        .when('registerOrgan', { ...adm, region: '150802' }, by)
        .refused('OPERATOR_OF_THE_CITY');
    }
  });

  test('nobody else merges an organ into the operator’s, nor renames, merges or abolishes that (domain.md §1, ADM)', () => {
    const city = official('DWC', '150800');
    const admOrgan = idOf('operator');
    const also = { [`organ-${admOrgan}`]: { ...known[`organ-${other}`], kind: 'ADM', region: '150800' } };
    active().when('mergeOrgan', { into: admOrgan }, dwc, also).refused('OPERATOR_ONLY');
    active().when('abolishOrgan', { successor: admOrgan }, dwc, also).refused('OPERATOR_ONLY');
    const operator = () => spec().after('registerOrgan', { ...water, region: '150800', kind: 'ADM' }, system);
    operator().when('renameOrgan', { name: '新名' }, city).refused('OPERATOR_ONLY');
    operator().when('mergeOrgan', { into: other }, city).refused('OPERATOR_ONLY');
    operator().when('abolishOrgan', { successor: other }, city).refused('OPERATOR_ONLY');
    operator().when('renameOrgan', { name: '新名' }, official('ADM', '150800')).emits('OrganRenamed');
  });

  test('what is merged or abolished does nothing more', () => {
    for (const gone of [
      active().after('mergeOrgan', { into: other }, dwc),
      active().after('abolishOrgan', { successor: other }, dwc),
    ]) {
      gone.when('renameOrgan', { name: '新名' }, dwc).refused('WRONG_STATE');
      gone.when('mergeOrgan', { into: other }, dwc).refused('WRONG_STATE');
      gone.when('abolishOrgan', { successor: other }, dwc).refused('WRONG_STATE');
    }
  });
});
