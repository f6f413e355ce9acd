import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditRefusals } from '../../src/cli/audit/refusals.js';
import { cliRefusals } from '../../src/cli/failure.js';
import { logRefusals } from '../../src/cli/log-refusals.js';
import { unrecorded } from '../../src/domain/ballots/casting.js';
import type { RefusalTable } from '../../src/domain/kernel/refusal.js';
import { classesOf, visibilities } from '../../src/domain/kernel/visibility.js';
import { wuji } from '../../src/domain/wuji.js';
import { apiRefusalTables } from '../../src/graphql/api.js';
import { auditKeyRefusals } from '../../src/infra/audit-keys.js';
import { authRefusals } from '../../src/infra/auth.js';
import { ballotKeyRefusals } from '../../src/infra/ballot-box/ballot-key.js';
import { settingRefusals, settingsHelp } from '../../src/infra/config.js';
import { csvRefusals } from '../../src/infra/csv.js';
import { developmentKeyRefusals } from '../../src/infra/development-key.js';
import { masterKeyRefusals } from '../../src/infra/seals/master-key.js';
import { secretRefusals } from '../../src/infra/secrets.js';
import { trustedRefusals } from '../../src/infra/trusted-documents.js';

/** Reference pages that follow from the definitions: `npm run docs` writes them, and this test says when it is due. */
const docs = resolve(import.meta.dirname, '../../docs');
const writing = process.env.WUJI_WRITE === '1';

function holds(name: string, text: string): void {
  const file = join(docs, name);
  if (writing) writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '', `docs/${name} is out of date: npm run docs`).toBe(text);
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

describe('reference pages', () => {
  it('docs/refusals.md has every code, with its texts and the next step', () => {
    const tables: readonly (readonly [string, RefusalTable])[] = [
      ['The domain 业务规则', wuji.refusals],
      ['The API 接口', Object.assign({}, ...apiRefusalTables)],
      ['Tokens and keys 令牌与密钥', { ...authRefusals.table, ...auditKeyRefusals.table }],
      ['Import files 导入文件', csvRefusals.table],
      [
        'Start 启动',
        {
          ...settingRefusals.table,
          ...secretRefusals.table,
          ...developmentKeyRefusals.table,
          ...masterKeyRefusals.table,
          ...ballotKeyRefusals.table,
          ...trustedRefusals.table,
        },
      ],
      ['Command line 命令行', { ...cliRefusals.table, ...logRefusals.table, ...auditRefusals.table }],
    ];
    const sections = tables.map(([title, table]) =>
      [
        `## ${title}`,
        '',
        '| Code | Message | Next step |',
        '|---|---|---|',
        ...Object.entries(table)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([code, { message, next }]) =>
            row(`\`${code}\``, `${message[1]}<br>${message[0]}`, `${next[1]}<br>${next[0]}`),
          ),
        '',
      ].join('\n'),
    );
    const head =
      '# Refusals\n\nEvery "no" has a stable code, the reason in Chinese and English, and the next step. Generated: `npm run docs`.\n';
    holds('refusals.md', [head, ...sections].join('\n'));
  });

  it('docs/events.md has every event with its fields and their visibility classes', () => {
    const sections = [...wuji.aggregates.values()].map(({ category, term, events }) =>
      [
        `## \`${category}\` ${term[1]} ${term[0]}`,
        '',
        '| Event | | Version | Fields by visibility class |',
        '|---|---|---|---|',
        ...Object.entries(events).map(([type, { label, version, schema }]) => {
          const classOf = Object.entries(classesOf(schema) ?? {});
          const fields = visibilities.flatMap((visibility) => {
            const of = classOf.filter(([, other]) => other === visibility).map(([field]) => field);
            return of.length > 0 ? [`${visibility}: ${of.join(', ')}`] : [];
          });
          return row(`\`${type}\``, `${label[1]} ${label[0]}`, String(version), fields.join('; ') || '–');
        }),
        '',
      ].join('\n'),
    );
    const head =
      '# Events\n\nStreams are named `<category>-<id>`. Published events never change in place; JSON schemas: `test/recorded/schemas`. Generated: `npm run docs`.\n';
    holds('events.md', [head, ...sections].join('\n'));
  });

  it('docs/actions.md is the transition table: action, states, who, input', () => {
    const sections = [...wuji.aggregates.values()].map(({ category, term }) =>
      [
        `## \`${category}\` ${term[1]} ${term[0]}`,
        '',
        '| Action | | From | Who | Input |',
        '|---|---|---|---|---|',
        ...[...wuji.actions]
          .concat(Object.entries(unrecorded))
          .filter(([, action]) => action.category === category)
          .map(
            ([
              name,
              {
                describe: [en, zh],
                from,
                by,
                input,
              },
            ]) =>
              row(
                `\`${name}\`${name in unrecorded ? ' †' : ''}`,
                `${zh}<br>${en}`,
                from === null ? '–' : from.length > 8 ? `${from.length} states` : from.join(', '),
                by.map((who) => who.name[0]).join(' / '),
                input instanceof z.ZodObject ? Object.keys(input.shape).join(', ') : '',
              ),
          ),
        '',
      ].join('\n'),
    );
    const head =
      '# Actions\n\nWhatever is not listed is refused. †: leaves no event (`docs/ballots.md`). Generated: `npm run docs`.\n';
    holds('actions.md', [head, ...sections].join('\n'));
  });

  it('docs/settings.md has every setting', () => {
    holds(
      'settings.md',
      `# Settings\n\nWhat \`wuji serve --help\` lists. Generated: \`npm run docs\`.\n\n\`\`\`text\n${settingsHelp().trim()}\n\`\`\`\n`,
    );
  });
});
