import { describe, test } from 'vitest';
import { organ, organActions } from '../../../src/domain/organization/organ.js';
import { idOf, official, specOf } from '../../support/spec.js';

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
