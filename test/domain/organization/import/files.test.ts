import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../../../src/domain/kernel/refusal.js';
import { importColumns, importKinds } from '../../../../src/domain/organization/import/columns.js';
import { commitImport } from '../../../../src/domain/organization/import/commit.js';
import { importRefusals } from '../../../../src/domain/organization/import/refusals.js';
import { csvRefusals } from '../../../../src/infra/csv.js';
import { system } from '../../../support/spec.js';
import { importHouse, linesOf, planned, registrar } from './import-house.js';

const organs = ['code,name,kind,region', 'DWC,代表工委,DWC,150802', 'WATER,水务局,承办单位,150802'].join('\n');

describe('importing organs', () => {
  test('new ones are registered, in English or Chinese words', async () => {
    const { preview, commit, statesOf } = await importHouse();
    const plan = planned(await preview('organs', organs));
    expect(linesOf(plan)).toEqual(['2 NEW', '3 NEW']);
    await commit(plan);
    expect(await statesOf('OrganRegistered')).toMatchObject([
      { code: 'DWC', kind: 'DWC' },
      { code: 'WATER', kind: 'ORG' },
    ]);
    expect(linesOf(planned(await preview('organs', organs)))).toEqual(['2 UNCHANGED', '3 UNCHANGED']);
  });

  test('a new name is a change; another kind or region is not the same organ', async () => {
    const { preview, commit, statesOf, lookup, send } = await importHouse();
    await commit(planned(await preview('organs', organs)));
    const plan = planned(
      await preview(
        'organs',
        [
          'code,name,kind,region',
          'WATER,水利局,ORG,150802',
          'WATER,水务局,ORG,150802',
          'DWC,代表工委,SC,150802',
          'DWC,代表工委,DWC,150821',
          'X,某局,BANK,150802',
        ].join('\n'),
      ),
    );
    expect(linesOf(plan)).toEqual([
      '2 CHANGED',
      '3 ERROR DUPLICATE_ROW',
      '4 ERROR CANNOT_CHANGE',
      '5 ERROR CANNOT_CHANGE',
      '6 ERROR INVALID_CELL',
    ]);
    await commit(plan);
    expect(await statesOf('OrganRegistered')).toMatchObject([{ name: '代表工委' }, { name: '水利局' }]);
    const [id, into] = [lookup.idFor('organ', 'WATER'), lookup.idFor('organ', 'DWC')];
    await send('mergeOrgan', { into }, { id });
    expect(linesOf(planned(await preview('organs', organs)))).toEqual(['2 UNCHANGED', '3 ERROR UNKNOWN_ORGAN']);
  });
});

describe('importing posts', () => {
  const header = '人员编号,姓名,机关编号,岗位';
  const posts = [header, 'P1,巴图,WATER,经办人', 'P1,巴图,WATER,head', 'P2,乌兰,DWC,负责人'].join('\n');

  test('people are registered where the organ is, and assigned; the same file twice changes nothing', async () => {
    const { preview, commit, types, statesOf } = await importHouse();
    await commit(planned(await preview('organs', organs)));
    const plan = planned(await preview('posts', posts));
    expect(linesOf(plan)).toEqual(['2 NEW', '3 NEW', '4 NEW']);
    await commit(plan);
    expect(await statesOf('PostAssigned')).toMatchObject([
      { role: 'clerk', organKind: 'ORG' },
      { role: 'head', organKind: 'ORG' },
      { role: 'head', organKind: 'DWC' },
    ]);
    const before = await types();
    expect(linesOf(planned(await preview('posts', posts)))).toEqual(['2 UNCHANGED', '3 UNCHANGED', '4 UNCHANGED']);
    expect((await commit(plan)).map((r) => r.result)).toEqual(['UNCHANGED', 'UNCHANGED', 'UNCHANGED']);
    expect(await types()).toEqual(before);
  });

  test('somebody who has left a post can be assigned to it again', async () => {
    const { preview, commit, statesOf, handle } = await importHouse();
    await commit(planned(await preview('organs', organs)));
    const first = planned(await preview('posts', [header, 'P1,巴图,WATER,clerk'].join('\n')));
    const assign = first.rows[0]?.commands.at(-1);
    await commit(first);
    // The post's id is known from the answer to the same command.
    const again = assign && (await handle({ ...assign, actor: registrar }));
    if (!again || isRefusal(again)) throw new Error('the post was not assigned');
    await handle({ action: 'endPost', id: again.id, input: {}, actor: system, commandId: 'end' });
    const plan = planned(await preview('posts', [header, 'P1,巴图,WATER,clerk'].join('\n')));
    expect(linesOf(plan)).toEqual(['2 NEW']);
    expect((await commit(plan)).map((r) => r.result)).toEqual(['DONE']);
    expect(await statesOf('PostAssigned')).toMatchObject([{ status: 'ENDED' }, { status: 'HELD' }]);
  });

  test('wrong rows', async () => {
    const { preview, commit } = await importHouse();
    await commit(planned(await preview('organs', organs)));
    await commit(planned(await preview('posts', posts)));
    const wrong = [
      header,
      'P1,乌兰,WATER,leader', // another name than the register's
      'P9,其木格,NONE,clerk', // no such organ
      'P9,其木格,WATER,king',
      'P9,其木格,WATER,clerk',
      'P9,其木格,WATER,经办人', // the same post
      'P9,其其格,DWC,clerk', // another name than line 5's
    ].join('\n');
    expect(linesOf(planned(await preview('posts', wrong)))).toEqual([
      '2 ERROR NAME_DIFFERS',
      '3 ERROR UNKNOWN_ORGAN',
      '4 ERROR INVALID_CELL',
      '5 NEW',
      '6 ERROR DUPLICATE_ROW',
      '7 ERROR ROWS_DISAGREE',
    ]);
  });
});

describe('the columns of a file', () => {
  test.each([
    ['organs', 'code,name,kind\n1,2,3', 'MISSING_COLUMN', '区划'],
    ['organs', 'code,name,kind,region,phone\n1,2,3,4,5', 'UNKNOWN_COLUMN', 'phone'],
    ['organs', 'code,name,名称,kind,region\n1,2,3,4,5', 'DUPLICATE_COLUMN', '名称'],
    ['deputies', 'code,name,kind,region\n1,2,3,4', 'UNKNOWN_COLUMN', 'kind'],
  ] as const)('%s: %s is refused as a whole', async (kind, content, code, told) => {
    const { preview } = await importHouse();
    const refusal = await preview(kind, content);
    if (!isRefusal(refusal)) throw new Error('not refused');
    expect(refusal.refused).toBe(code);
    expect(refusal.message[1]).toContain(told);
  });

  test('in any order, with any spelling of the header that is listed, and empty columns at the edge', async () => {
    const { preview } = await importHouse();
    const content = ' 区划代码 ,CODE,名称,name_mn,类别,,\n150802,W,水务局,,ORG,,';
    expect(linesOf(planned(await preview('organs', content)))).toEqual(['2 NEW']);
  });

  test('every column has a header in both languages, and no two of a file share one', () => {
    for (const kind of importKinds) {
      const headers = Object.values(importColumns[kind]).flatMap((column) => [...column.headers]);
      expect(new Set(headers).size).toBe(headers.length);
      for (const {
        headers: [en, zh],
      } of Object.values(importColumns[kind])) {
        expect(en).toMatch(/^[a-zA-Z]+$/);
        expect(zh).toMatch(/^\p{Script=Han}+$/u);
      }
    }
  });

  test('refusals of files and rows have both languages and a next step', () => {
    for (const { message, next } of Object.values({ ...importRefusals.table, ...csvRefusals.table }))
      for (const [en, zh] of [message, next]) {
        expect(en).not.toMatch(/\p{Script=Han}/u);
        expect(zh).toMatch(/\p{Script=Han}/u);
      }
  });
});

describe('a commit', () => {
  test('tells how far it is after every row', async () => {
    const { preview, handle } = await importHouse();
    const told: string[] = [];
    const plan = planned(await preview('organs', organs));
    await commitImport(
      plan,
      (command) => handle({ ...command, actor: system }),
      (row, of) => told.push(`${row}/${of}`),
    );
    expect(told).toEqual(['1/2', '2/2']);
  });

  test('that was broken off by a failing store is taken up again without doing anything twice', async () => {
    const { preview, commit, handle, types } = await importHouse();
    const plan = planned(await preview('organs', organs));
    let left = 1;
    const failing = commitImport(plan, async (command) => {
      if (left-- === 0) throw new Error('disk full');
      return handle({ ...command, actor: registrar });
    });
    await expect(failing).rejects.toThrow('disk full');
    expect((await commit(plan)).map((r) => r.result)).toEqual(['UNCHANGED', 'DONE']);
    expect(await types()).toEqual(['OrganRegistered', 'OrganRegistered']);
  });
});
