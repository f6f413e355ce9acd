import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportKind } from '../../src/domain/organization/import/columns.js';
import { importColumns, importKinds } from '../../src/domain/organization/import/columns.js';
import type { World } from '../live/support/world.js';
import { openWorld } from '../live/support/world.js';
import { ask, assertFit } from './support/answers.js';
import { inRounds, roundsTimeout } from './support/rounds.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ WUJI_RATE_MUTATIONS: '1000000', WUJI_RATE_CONNECTIONS: '1000000' });
});
afterAll(() => world.close());

const odd = [
  '',
  ' ',
  '"',
  '""',
  "'",
  'NULL',
  '=1+1',
  '\u0000',
  '\u200b',
  '\ufeff',
  '😀',
  '\ud800',
  'ᠮᠣᠩᠭᠣᠯ',
  '长'.repeat(300),
];
/** What stands in a good file, by column. */
const good: Readonly<Record<string, readonly string[]>> = {
  code: ['F-1', 'F-2', 'F-3', 'D-041', 'NMJ-150802'],
  personCode: ['F-1', 'F-2', 'O-14', 'D-041'],
  organCode: ['NMJ-150802', 'DWC-150802', 'F-3'],
  name: ['水利', '巴图', 'Булаг'],
  nameMn: ['', 'ᠪᠠᠲᠤ'],
  kind: ['ORG', '承办单位', 'DWC'],
  region: ['150802', '150800', '150823101', '990000'],
  role: ['clerk', '负责人', 'expert'],
  term: ['5', '第5届', '17'],
  constituency: ['', '第一选区'],
  confirmedOn: ['', '2022-01-10', '2022/1/10', '2022年1月10日', '2022-02-30'],
};

type File = { readonly kind: ImportKind; readonly bytes: Buffer };

const cellOf = (column: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...(good[column] ?? odd)) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  );

/** A table as offices write them, or nearly: columns in any order, some missing or twice, cells of any kind. */
const tableOf = (
  kind: ImportKind,
): fc.Arbitrary<{ headers: readonly string[]; rows: readonly (readonly string[])[] }> => {
  const columns = Object.entries(importColumns[kind]);
  const whole = fc.shuffledSubarray(columns, { minLength: columns.length });
  return fc
    .oneof(
      { weight: 5, arbitrary: whole },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...columns), { maxLength: 9 }) },
    )
    .chain((chosen) =>
      fc.record({
        headers: fc.tuple(...chosen.map(([, { headers }]) => fc.constantFrom(...headers))),
        rows: fc.array(fc.tuple(...chosen.map(([name]) => cellOf(name))), { maxLength: 6 }),
      }),
    );
};

const quoted = (cell: string, always: boolean) =>
  always || /[",;\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

const encode: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16le': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-16be': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  latin1: (text) => Buffer.from(text, 'latin1'),
};

const fileOf = (): fc.Arbitrary<File> =>
  fc.constantFrom(...importKinds).chain((kind) =>
    fc
      .record({
        table: tableOf(kind),
        separator: fc.constantFrom(',', ',', '\t', ';'),
        end: fc.constantFrom('\n', '\r\n', '\r'),
        quotes: fc.boolean(),
        encoding: fc.constantFrom(...Object.keys(encode)),
        harm: fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { minLength: 1, maxLength: 4 }) },
        ),
      })
      .map(({ table, separator, end, quotes, encoding, harm }) => {
        const lines = [table.headers, ...table.rows].map((cells) =>
          cells.map((cell) => quoted(cell, quotes)).join(separator),
        );
        const bytes = encode[encoding]?.(lines.join(end)) ?? Buffer.alloc(0);
        for (const [at, byte] of harm) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return { kind, bytes };
      }),
  );

const query = `mutation ($kind: ImportKind!, $content: String!, $commit: Boolean!, $from: Int!, $rows: Int) {
  importRegister(kind: $kind, content: $content, commit: $commit, from: $from, rows: $rows) {
    headers total rows { line state result problem { code message { en zh } next { en zh } } cells } } }`;

async function imported({ kind, bytes }: File, commit: boolean, part: { from: number; rows: number | null }) {
  const variables = { kind, content: bytes.toString('base64'), commit, ...part };
  const { codes, data } = await ask(
    world.url,
    world.operator,
    { query, variables },
    `${kind} ${bytes.toString('base64')}`,
  );
  return codes.length > 0 ? undefined : data.importRegister;
}

it(
  'any file: a preview writes nothing, a commit what it says, the same again nothing; a bad row has its line and code (issue 5 part 7)',
  async () => {
    let taken = 0;
    await inRounds({ target: 'imports', runs: 70 }, (round) =>
      fc.assert(
        fc.asyncProperty(
          fileOf(),
          fc.oneof(
            fc.constant({ from: 0, rows: null }),
            fc.record({ from: fc.integer({ min: -2, max: 9 }), rows: fc.integer({ min: -2, max: 9 }) }),
          ),
          async (file, part) => {
            const before = (await world.log()).length;
            const preview = await imported(file, false, part);
            expect(await world.log()).toHaveLength(before);
            const done = await imported(file, true, part);
            expect(done === undefined).toBe(preview === undefined);
            for (const { state, problem, line } of done?.rows ?? []) {
              expect(line).toBeGreaterThan(1);
              if (state === 'ERROR') expect(problem?.code).toEqual(expect.stringMatching(/^[A-Z_]+$/));
            }
            await world.settle();
            const after = (await world.log()).length;
            if (after > before) taken++;
            await imported(file, true, part);
            await world.settle();
            expect(await world.log()).toHaveLength(after);
          },
        ),
        round,
      ),
    );
    expect(taken).toBeGreaterThan(3);
    await assertFit(world.url);
  },
  roundsTimeout,
);

it('what is no file at all has a code (issue 5 part 7)', async () => {
  for (const content of ['', ' ', '%', 'YQ', 'YQ=', 'YQ===', '\u0000', 'A'.repeat(200_001)]) {
    const variables = { kind: 'organs', content, commit: true, from: 0, rows: null };
    const { codes } = await ask(world.url, world.operator, { query, variables });
    expect([content.slice(0, 9), codes.length]).toEqual([content.slice(0, 9), 1]);
  }
});
