import { describe, expect, test } from 'vitest';
import { countsOf } from '../../../../src/domain/organization/import/plan.js';
import { official } from '../../../support/spec.js';
import { importHouse, linesOf, planned } from './import-house.js';

const header = '编号,姓名,蒙古文姓名,区划,届次,选区,资格确认日期';
const file = [
  header,
  'D1,萨仁,Саран,150802,5,第3选区,2022-01-05',
  'D1,萨仁,,150802100,第11届,,2022/1/5',
  'D2,巴雅尔,,150821,5,,',
].join('\n');

describe('importing deputies in two steps (S1; lessons.md T21)', () => {
  test('the preview tells what each row would do and writes nothing', async () => {
    const { preview, types } = await importHouse();
    const plan = planned(await preview('deputies', file));
    expect(linesOf(plan)).toEqual(['2 NEW', '3 NEW', '4 NEW']);
    expect(plan.rows.map((row) => row.commands.map((c) => c.action))).toEqual([
      ['registerPerson', 'registerMandate'],
      ['registerPerson', 'registerMandate'],
      ['registerPerson', 'registerMandate'],
    ]);
    expect(await types()).toEqual([]);
  });

  test('the commit registers people once and their mandates, one per row', async () => {
    const { preview, commit, types, statesOf } = await importHouse();
    const results = await commit(planned(await preview('deputies', file)));
    expect(results.map((r) => `${r.line} ${r.result}`)).toEqual(['2 DONE', '3 DONE', '4 DONE']);
    expect(await types()).toEqual([
      'PersonRegistered',
      'MandateRegistered',
      'MandateQualificationConfirmed',
      'MandateRegistered',
      'MandateQualificationConfirmed',
      'PersonRegistered',
      'MandateRegistered',
    ]);
    expect(await statesOf('MandateRegistered')).toMatchObject([
      { status: 'ACTIVE', region: '150802', term: 5, constituency: '第3选区', confirmedOn: '2022-01-05' },
      { status: 'ACTIVE', region: '150802100', term: 11, constituency: null, confirmedOn: '2022-01-05' },
      { status: 'ELECTED', region: '150821', term: 5 },
    ]);
  });

  test('the same file twice changes nothing', async () => {
    const { preview, commit, types } = await importHouse();
    const plan = planned(await preview('deputies', file));
    await commit(plan);
    const before = await types();
    const again = planned(await preview('deputies', file));
    expect(countsOf(again)).toEqual({ NEW: 0, CHANGED: 0, UNCHANGED: 3, ERROR: 0 });
    await commit(again);
    // The old preview too, which still believes that all is new.
    expect((await commit(plan)).map((r) => r.result)).toEqual(['UNCHANGED', 'UNCHANGED', 'UNCHANGED']);
    expect(await types()).toEqual(before);
  });

  test('the same preview committed by two people registers everybody once', async () => {
    const { preview, commit, types } = await importHouse();
    const plan = planned(await preview('deputies', file));
    await commit(plan);
    const before = await types();
    const other = await commit(plan, official('DWC', '150800', { name: 'colleague' }));
    expect(other.map((r) => r.result)).toEqual(['UNCHANGED', 'UNCHANGED', 'UNCHANGED']);
    expect(await types()).toEqual(before);
  });

  test('a wrong row never stops nor spoils the others; each tells its line and reason', async () => {
    const { preview, commit, statesOf } = await importHouse();
    const plan = planned(
      await preview(
        'deputies',
        [
          header,
          'D1,萨仁,,150802,5,,',
          'D2,,,150802,5,,', // no name
          'D3,乌兰,,150802,0,,', // no such term
          'D4,乌兰,,15080,5,,', // no code
          'D5,乌兰,,150899,5,,', // nobody knows it
          'D6,乌兰,,150802001,5,,', // a street
          'D7,乌兰,,150802,5,,2022-02-30',
          'D8,"乌兰,,150802,5,,', // a forgotten quotation mark
          'D9,乌兰,,150802,5,,,x',
          'D10,乌�兰,,150802,5,,', // broken characters
          'D11,巴图,,150902,5,,', // another city
          'D12,其木格,,150802,5',
        ].join('\n'),
      ),
    );
    expect(linesOf(plan)).toEqual([
      '2 NEW',
      '3 ERROR MISSING_CELL',
      '4 ERROR INVALID_CELL',
      '5 ERROR INVALID_CELL',
      '6 ERROR UNKNOWN_REGION',
      '7 ERROR NO_CONGRESS_HERE',
      '8 ERROR INVALID_CELL',
      '9 ERROR BROKEN_ROW',
      '10 ERROR TOO_MANY_CELLS',
      '11 ERROR INVALID_CELL',
      '12 ERROR UNKNOWN_REGION',
      '13 NEW',
    ]);
    expect(plan.rows[2]?.problem?.message).toEqual([
      'Column term: "0" is not the number of a term, 1 to 99.',
      '“届次”列的“0”不是届次（1至99）。',
    ]);
    const results = await commit(plan);
    expect(results.filter((r) => r.result === 'DONE').map((r) => r.line)).toEqual([2, 13]);
    expect(results.filter((r) => r.result === 'ERROR')).toHaveLength(10);
    expect(await statesOf('PersonRegistered')).toMatchObject([{ name: '萨仁' }, { name: '其木格' }]);
  });

  test('a row that is wrong does not take its person’s other rows with it', async () => {
    const { preview, commit } = await importHouse();
    const plan = planned(
      await preview('deputies', [header, 'D1,萨仁,,150802001,5,,', 'D1,萨仁高娃,,150802,5,,'].join('\n')),
    );
    expect(linesOf(plan)).toEqual(['2 ERROR NO_CONGRESS_HERE', '3 NEW']);
    expect((await commit(plan)).map((r) => r.result)).toEqual(['ERROR', 'DONE']);
  });

  test('duplicates and contradictions within the file', async () => {
    const { preview } = await importHouse();
    const plan = planned(
      await preview(
        'deputies',
        [
          header,
          'D1,萨仁,Саран,150802,5,,',
          'D1,萨仁,,150802,5,,', // the same seat
          'D1,巴图,,150802100,5,,', // another name
          'D1,萨仁,Саран гуа,150802100,5,,', // another Mongolian name
          'D1,萨仁,,150821,5,,', // EL 48
          'D1,萨仁,,150800,5,,',
        ].join('\n'),
      ),
    );
    expect(linesOf(plan)).toEqual([
      '2 NEW',
      '3 ERROR DUPLICATE_ROW',
      '4 ERROR ROWS_DISAGREE',
      '5 ERROR ROWS_DISAGREE',
      '6 ERROR REGIONS_NOT_SUBORDINATE',
      '7 NEW',
    ]);
    expect(plan.rows[1]?.problem?.params).toMatchObject({ line: 2 });
  });

  test('a mandate in the register forbids one in a region beside it (EL 48)', async () => {
    const { preview, commit, enterMandates } = await importHouse();
    await commit(planned(await preview('deputies', [header, 'D1,萨仁,,150802,5,,'].join('\n'))));
    await enterMandates();
    const plan = planned(
      await preview('deputies', [header, 'D1,萨仁,,150821,5,,', 'D1,萨仁,,150802100,5,,'].join('\n')),
    );
    expect(linesOf(plan)).toEqual(['2 ERROR REGIONS_NOT_SUBORDINATE', '3 NEW']);
  });

  test('what has changed: a name, and a qualification that is confirmed now', async () => {
    const { preview, commit, statesOf } = await importHouse();
    const row = (name: string, confirmedOn = '') => [header, `D1,${name},,150802,5,第3选区,${confirmedOn}`].join('\n');
    await commit(planned(await preview('deputies', row('萨仁'))));
    for (const [name, confirmedOn, actions] of [
      ['萨仁高娃', '', ['renamePerson']],
      ['萨仁', '2026-01-05', ['renamePerson', 'confirmQualification']],
      ['萨仁高娃', '2026-01-05', ['renamePerson']], // the same change again is another command
      ['萨仁', '', ['renamePerson']],
    ] as const) {
      const plan = planned(await preview('deputies', row(name, confirmedOn)));
      expect(plan.rows).toMatchObject([{ state: 'CHANGED', commands: actions.map((action) => ({ action })) }]);
      expect((await commit(plan)).map((r) => r.result)).toEqual(['DONE']);
      expect(await statesOf('PersonRegistered')).toMatchObject([{ name }]);
    }
    expect(await statesOf('MandateRegistered')).toMatchObject([{ status: 'ACTIVE', confirmedOn: '2026-01-05' }]);
  });

  test('what an import does not change: a constituency, a confirmation, a mandate that has ended', async () => {
    const { preview, commit, lookup, send } = await importHouse();
    const row = (constituency: string, confirmedOn: string) =>
      [header, `D1,萨仁,,150802,5,${constituency},${confirmedOn}`].join('\n');
    await commit(planned(await preview('deputies', row('第3选区', '2026-01-05'))));
    const states = async (content: string) => linesOf(planned(await preview('deputies', content)));
    expect(await states(row('第4选区', '2026-01-05'))).toEqual(['2 ERROR CANNOT_CHANGE']);
    expect(await states(row('第3选区', '2026-01-06'))).toEqual(['2 ERROR CANNOT_CHANGE']);
    expect(await states(row('', ''))).toEqual(['2 UNCHANGED']); // an empty cell says nothing
    const id = lookup.idFor('mandate', `${lookup.idFor('person', 'D1')} 150802 5`);
    await send('endMandate', { reason: 'MOVED_AWAY', on: '2026-02-01' }, { id });
    expect(await states(row('第3选区', '2026-01-05'))).toEqual(['2 ERROR SEAT_ENDED']);
  });

  test('a commit whose importer has lost the right since the preview is refused row by row', async () => {
    const { preview, commit, types } = await importHouse();
    const plan = planned(await preview('deputies', file));
    const results = await commit(plan, official('DWC', '150821'));
    expect(results.map((r) => `${r.line} ${r.result} ${r.problem?.refused ?? ''}`)).toEqual([
      '2 REFUSED NOT_YOUR_REGION',
      '3 REFUSED NOT_YOUR_REGION',
      '4 DONE ',
    ]);
    expect(await types()).toEqual(['PersonRegistered', 'MandateRegistered']);
  });
});
