import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refused } from '../../demo/api.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { World } from '../live/support/world.js';
import { openWorld } from '../live/support/world.js';
import { refusedWhole } from './support/refused.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Row = {
  readonly line: number;
  readonly state: string;
  readonly result: string | null;
  readonly problem: { readonly code: string } | null;
};
type Import = { readonly headers: readonly string[]; readonly total: number; readonly rows: readonly Row[] };
const query = `mutation ($kind: ImportKind!, $content: String!, $commit: Boolean!) { importRegister(kind: $kind, content: $content, commit: $commit) {
  headers total rows { line state result problem { code } } } }`;
async function imported(bytes: Uint8Array | string, commit: boolean, kind = 'deputies'): Promise<Import> {
  const content = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64');
  const { importRegister } = await world.api.ask<{ importRegister: Import }>(world.operator, query, {
    kind,
    content,
    commit,
  });
  return importRegister;
}
const refusal = async (bytes: Uint8Array | string, commit = true): Promise<string> => {
  try {
    await imported(bytes, commit);
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
  throw new Error('not refused');
};

/** Of the people whom these events register: in the log a name is sealed. */
const namesOf = (events: readonly RecordedEvent[]): Promise<string[]> =>
  Promise.all(
    events
      .filter(({ type }) => type === 'PersonRegistered')
      .map(async ({ stream }) => {
        const of = 'query ($id: ID!) { person(id: $id) { name } }';
        const id = stream.slice('person-'.length);
        return (await world.api.ask<{ person: { name: string } }>(world.operator, of, { id })).person.name;
      }),
  );

const table = (code: string) => `code,name,region,term,confirmedOn\n${code},水利,150802,5,2022-01-10\n`;
const utf16 = (text: string, big: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};
/** 水利 in GBK; the rest is ASCII. */
const gbk = (text: string) => {
  const [before = '', after = ''] = text.split('水利');
  return Buffer.concat([Buffer.from(before), Buffer.from([0xcb, 0xae, 0xc0, 0xfb]), Buffer.from(after)]);
};

describe('import files as offices have them (issue 2 “Bad input”; part 5)', () => {
  it.each([
    ['UTF-8', Buffer.from(table('F-1'))],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${table('F-2')}`)],
    ['GBK', gbk(table('F-3'))],
    ['UTF-16, little end first', utf16(table('F-4'), false)],
    ['UTF-16, big end first', utf16(table('F-5'), true)],
  ])('%s: a preview writes nothing, a commit the row with its name, a second one nothing', async (_, bytes) => {
    const before = await world.log();
    expect((await imported(bytes, false)).rows).toEqual([{ line: 2, state: 'NEW', result: null, problem: null }]);
    expect(await world.log()).toHaveLength(before.length);
    expect((await imported(bytes, true)).rows).toMatchObject([{ line: 2, problem: null }]);
    await world.settle();
    const after = await world.log();
    expect(await namesOf(after.slice(before.length))).toEqual(['水利']);
    expect((await imported(bytes, true)).rows).toMatchObject([{ state: 'UNCHANGED' }]);
    expect(await world.log()).toHaveLength(after.length);
  });

  it.each([
    ['binary', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x01, 0xff, 0xfe]), 'FILE_NOT_TEXT'],
    ['an encoding that nobody knows', Buffer.from([0x63, 0x6f, 0xff, 0xff, 0x0a, 0x80]), 'FILE_NOT_TEXT'],
    ['empty', Buffer.alloc(0), 'FILE_EMPTY'],
    ['only a header', Buffer.from('code,name,region,term,confirmedOn\n'), 'FILE_EMPTY'],
    ['a broken header', Buffer.from('"code,name\nx,y\n'), 'FILE_HEADER_BROKEN'],
    ['an unknown column', Buffer.from('code,name,region,term,shoe\nx,y,150802,5,2\n'), 'UNKNOWN_COLUMN'],
    ['no base64', '%%%', 'NOT_BASE64'],
  ])('a file that is %s is refused whole with its code', async (_, bytes, code) => {
    await refusedWhole(world, code, () => refusal(bytes));
  });

  it('a wrong row has its line and reason, and spoils no other', async () => {
    const rows = [
      'G-1,甲,150802,5,2022-01-10',
      'G-2,乙,999999,5,2022-01-10',
      'G-3,丙,150802,5,2022-02-30',
      ',丁,150802,5,2022-01-10',
      'G-5,"戊,150802,5,2022-01-10',
      'G-6,己\u200b,150802,5,2022-01-10',
    ];
    const before = await world.log();
    const { rows: told } = await imported(Buffer.from(['code,name,region,term,confirmedOn', ...rows].join('\n')), true);
    expect(told.map(({ line, problem }) => [line, problem?.code ?? null]).slice(0, 5)).toEqual([
      [2, null],
      [3, expect.any(String)],
      [4, 'INVALID_CELL'],
      [5, 'MISSING_CELL'],
      [6, 'BROKEN_ROW'],
    ]);
    await world.settle();
    const names = await namesOf((await world.log()).slice(before.length));
    expect(names).toContain('甲');
    for (const name of ['乙', '丙', '丁', '戊']) expect(names).not.toContain(name);
  });
});
