import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Argument } from 'commander';
import { z } from 'zod';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import { importColumns, importKinds } from '../../domain/organization/import/columns.js';
import { rowResults } from '../../domain/organization/import/commit.js';
import { rowStates } from '../../domain/organization/import/plan.js';
import { ask } from '../api.js';
import { documents } from '../documents.js';
import { cliRefusals, exitCodes, Failure, failure, reasonOf } from '../failure.js';
import type { Language } from '../language.js';
import { counted, lines, say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import { progress } from '../progress.js';
import { quoted } from '../quoted.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';
import { toldText } from '../told-text.js';
import { clip, hanging } from '../width.js';

type Kind = (typeof importKinds)[number];
type Options = CommonOptions & { readonly commit?: true; readonly all?: true };

export function addImport(program: Command, terminal: Terminal): void {
  const columns = importKinds.map((kind) => {
    const named = Object.values(importColumns[kind]).map(
      ({ headers: [en, zh], required }) => `${zh} ${en}${required ? '*' : ''}`,
    );
    return hanging(`  ${kind}: `, named.join(', '), Math.min(terminal.columns, 110)).join('\n');
  });
  const command = program
    .command('import')
    .summary('从CSV文件导入名册 Import a register from CSV')
    .description(
      '从CSV文件导入名册，分两步：先预览每行的结果与问题，再加 --commit 提交。错误的行不影响其他行；同一文件重复导入不产生变化。\n' +
        'Import a register from a CSV file in two steps: first see what each row would do and what is wrong, then again with ' +
        '--commit. A wrong row never stops the others; the same file twice changes nothing.',
    )
    .addArgument(new Argument('<kind>', '类别 What the rows are').choices(importKinds))
    .argument('<file>', 'CSV文件（UTF-8或GBK） The file, UTF-8 or GBK')
    .option('--commit', '提交；不加则只预览 Carry it out; else it is only a preview')
    .option('--all', '列出全部行 Show every row');
  talksToServer(command)
    .addHelpText('after', `\n列（*必填） Columns (* needed):\n${columns.join('\n')}`)
    .addHelpText('after', examples('wuji import deputies 代表名册.csv', 'wuji import deputies 代表名册.csv --commit'))
    .action((kind: Kind, file: string, options: Options) => importFile(kind, file, options, terminal));
}

const row = z.object({
  line: z.number(),
  state: z.enum(rowStates),
  result: z.enum(rowResults).nullable(),
  cells: z.array(z.string()),
  problem: z
    .object({
      code: z.string(),
      message: z.object({ en: z.string(), zh: z.string() }),
      next: z.object({ en: z.string(), zh: z.string() }),
    })
    .nullable(),
});
type Row = z.infer<typeof row>;
const answer = z.object({
  importRegister: z.object({
    headers: z.array(z.string()),
    total: z.number(),
    counts: z.object({ new: z.number(), changed: z.number(), unchanged: z.number(), error: z.number() }),
    rows: z.array(row),
  }),
});
type Answer = z.infer<typeof answer>['importRegister'];

const words: Readonly<Record<Row['state'] | NonNullable<Row['result']>, Bilingual>> = {
  NEW: ['new', '新增'],
  CHANGED: ['changed', '变更'],
  UNCHANGED: ['unchanged', '无变化'],
  ERROR: ['error', '错误'],
  DONE: ['done', '已完成'],
  REFUSED: ['refused', '被拒'],
};

async function importFile(kind: Kind, file: string, options: Options, terminal: Terminal): Promise<void> {
  const connection = connectionOf(options, terminal);
  if (connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  const content = (await bytesOf(file)).toString('base64');
  const send = async (part: { readonly commit: boolean; readonly from: number; readonly rows: number | null }) =>
    (await ask(connection, documents.importRegister, { kind, content, ...part }, answer)).importRegister;
  const bad = options.commit
    ? await commit(send, options, terminal)
    : preview(
        await send({ commit: false, from: 0, rows: null }),
        `${terminal.program} import ${kind} ${quoted(file)}`,
        options,
        terminal,
      );
  if (bad.length > 0) throw new Failure([], exitCodes.refused);
}

type Send = (part: { commit: boolean; from: number; rows: number | null }) => Promise<Answer>;

function preview(read: Answer, command: string, options: Options, terminal: Terminal): readonly Row[] {
  const { lang } = options;
  const { counts, total } = read;
  showRows(read, ({ state }) => state, options, terminal);
  const bad = read.rows.filter(({ problem }) => problem);
  showProblems(bad, lang, terminal);
  const count = (state: Row['state'], number: number) => `${say(lang, words[state])} ${number}`;
  const parts = [
    count('NEW', counts.new),
    count('CHANGED', counts.changed),
    count('UNCHANGED', counts.unchanged),
    count('ERROR', counts.error),
  ];
  print(terminal, `\n${say(lang, [counted(total, 'row'), `共${total}行`])}: ${parts.join(', ')}`);
  const good = counts.new + counts.changed;
  const next: Bilingual =
    good === 0
      ? ['Nothing was written, and there is nothing to commit.', '未写入任何内容，也没有可提交的行。']
      : [
          `Nothing was written yet. To carry out the ${counted(good, 'good row')}: ${command} --commit`,
          `尚未写入。提交${good}行有效数据：${command} --commit`,
        ];
  for (const line of lines(lang, next)) print(terminal, line);
  return bad;
}

const leastAtOnce = 25;
const mostRequests = 40;

/** In parts, so that one sees it go on; whatever breaks it off, the same command again does the rest. */
async function commit(send: Send, options: Options, terminal: Terminal): Promise<readonly Row[]> {
  const { lang } = options;
  const { total, headers, counts } = await send({ commit: false, from: 0, rows: 0 });
  const atOnce = Math.max(leastAtOnce, Math.ceil(total / mostRequests));
  const rows: Row[] = [];
  const bar = progress(terminal, say(lang, ['rows', '行']), total);
  try {
    for (let from = 0; from < total; from += atOnce) {
      rows.push(...(await send({ commit: true, from, rows: atOnce })).rows);
      bar.to(rows.length);
    }
  } finally {
    bar.end();
  }
  const bad = rows.filter(({ problem }) => problem);
  if (options.all)
    showRows({ headers, total, counts, rows }, ({ result, state }) => result ?? state, options, terminal);
  showProblems(bad, lang, terminal);
  const parts = rowResults.map(
    (result) => `${say(lang, words[result])} ${rows.filter((each) => each.result === result).length}`,
  );
  print(terminal, `\n${say(lang, [counted(total, 'row'), `共${total}行`])}: ${parts.join(', ')}`);
  return bad;
}

const mostShown = 40;
const widestCells = 70;

function showRows(
  { headers, rows }: Answer,
  stateOf: (row: Row) => keyof typeof words,
  { lang, all }: Options,
  terminal: Terminal,
): void {
  const shown = all ? rows : rows.slice(0, mostShown);
  const heads = [
    { title: say(lang, ['line', '行号']), right: true },
    { title: say(lang, ['state', '状态']) },
    { title: clip(headers.join(' | '), widestCells) },
  ];
  const cells = shown.map((each) => [
    String(each.line),
    say(lang, words[stateOf(each)]),
    clip(each.cells.join(' | ').replaceAll(/\s+/g, ' '), widestCells),
  ]);
  print(terminal, table(heads, cells, terminal.columns));
  const more = rows.length - shown.length;
  if (more > 0)
    print(
      terminal,
      say(lang, [
        `… and ${counted(more, 'more row')} (--all shows ${more === 1 ? 'it' : 'them'})`,
        `……另有${more}行（--all 显示全部）`,
      ]),
    );
}

function showProblems(bad: readonly Row[], lang: Language, terminal: Terminal): void {
  for (const { line, problem } of bad) {
    if (!problem) continue;
    const { code, message, next } = problem;
    print(terminal, `\n${say(lang, [`line ${line}`, `第${line}行`])}`);
    const text = toldText(lang, { code, ...message, next }, terminal.columns - 2);
    for (const part of text.split('\n')) print(terminal, `  ${part}`);
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw failure(cliRefusals.FILE_UNREADABLE({ path, reason: reasonOf(error) }), exitCodes.wrongUse);
  }
}
