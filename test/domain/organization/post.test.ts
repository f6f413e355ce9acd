import { describe, test } from 'vitest';
import { post, postActions } from '../../../src/domain/organization/post.js';
import { idOf, official, specOf, system } from '../../support/spec.js';

const dwc = official('DWC', '150802');
const holder = idOf('holder');
const [water, merged, cityOrgan] = [idOf('water'), idOf('merged'), idOf('city organ')];
const operator = idOf('operator');
const organ = { code: 'c', name: 'n', nameMn: null, successor: null, kind: 'ORG', region: '150802', status: 'ACTIVE' };
const known = {
  [`person-${holder}`]: { status: 'REGISTERED', region: '150802', code: 'P', name: 'n', nameMn: null, mandates: [] },
  [`organ-${water}`]: organ,
  [`organ-${merged}`]: { ...organ, status: 'MERGED', successor: water },
  [`organ-${cityOrgan}`]: { ...organ, kind: 'DWC', region: '150800' },
  [`organ-${operator}`]: { ...organ, kind: 'ADM', region: '150800' },
};
const assign = { person: holder, organ: water, role: 'clerk' };
const spec = () => specOf(post, postActions, { known });
const held = () => spec().after('assignPost', assign, dwc);

describe('a post in an organ (S1)', () => {
  test('takes the region and kind of its organ', () => {
    spec()
      .when('assignPost', assign, dwc)
      .emits({ type: 'PostAssigned', data: { ...assign, region: '150802', organKind: 'ORG' } });
  });

  test('needs a registered person and an organ in force, in one’s own charge', () => {
    spec()
      .when('assignPost', { ...assign, person: idOf('nobody') }, dwc)
      .refused('UNKNOWN_PERSON');
    spec()
      .when('assignPost', { ...assign, organ: merged }, dwc)
      .refused('UNKNOWN_ORGAN');
    spec()
      .when('assignPost', { ...assign, organ: idOf('none') }, dwc)
      .refused('UNKNOWN_ORGAN');
    spec()
      .when('assignPost', { ...assign, organ: cityOrgan }, dwc)
      .refused('NOT_YOUR_REGION');
    spec()
      .when('assignPost', { ...assign, role: 'king' }, dwc)
      .refused('INVALID_INPUT');
  });

  test('ends once', () => {
    held().when('endPost', {}, official('DWC', '150821')).refused('NOT_ALLOWED');
    held().after('endPost', {}, dwc).when('endPost', {}, dwc).refused('WRONG_STATE');
  });

  test('nobody but the system and the operator makes or ends an operator (domain.md §1, ADM)', () => {
    const [city, adm] = [official('DWC', '150800'), official('ADM', '150800')];
    const operate = { ...assign, organ: operator };
    spec().when('assignPost', operate, city).refused('OPERATOR_ONLY');
    for (const by of [system, adm]) spec().when('assignPost', operate, by).emits('PostAssigned');
    spec().after('assignPost', operate, system).when('endPost', {}, city).refused('OPERATOR_ONLY');
    spec().after('assignPost', operate, system).when('endPost', {}, adm).emits('PostEnded');
  });

  test('nobody comes to be an operator by the succession of an organ', () => {
    held().when('movePost', { organ: operator }, system).refused('OPERATOR_ONLY');
  });

  test('moves to the organ that succeeds its own, by the system, and takes its region and kind', () => {
    held()
      .when('movePost', { organ: cityOrgan }, system)
      .emits({ type: 'PostMoved', data: { organ: cityOrgan, region: '150800', organKind: 'DWC' } });
    held().when('movePost', { organ: water }, system).emits();
    held().when('movePost', { organ: merged }, system).refused('UNKNOWN_ORGAN');
    held().when('movePost', { organ: cityOrgan }, dwc).refused('NOT_ALLOWED');
    held().after('endPost', {}, dwc).when('movePost', { organ: cityOrgan }, system).refused('WRONG_STATE');
  });
});
