import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { unrecorded } from '../../domain/ballots/casting.js';
import { systemWho } from '../../domain/kernel/actor.js';
import { wuji } from '../../domain/wuji.js';
import { nearest } from '../../infra/nearest.js';
import { ask } from '../api.js';
import { actionDocument, actions } from '../documents.js';
import type { ShownEvent } from '../events.js';
import { detailsOf, eventShape, labelOf } from '../events.js';
import { cliRefusals, exitCodes, Failure, failure, reasonOf, toldOf } from '../failure.js';
import { checkInput } from '../input-check.js';
import { inputFieldsOf } from '../inputs.js';
import type { Language } from '../language.js';
import { counted, lines, say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import { quoted } from '../quoted.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';
import { hanging, pad, width } from '../width.js';
import { cast } from './cast.js';

type Options = CommonOptions & {
  readonly list?: true;
  readonly id?: string;
  readonly commandId?: string;
  readonly expectedRevision?: number;
  readonly json?: true;
};

export function addDo(program: Command, terminal: Terminal): void {
  const command = program
    .command('do')
    .summary('执行一项操作 Take an action')
    .description(
      '执行一项操作。操作内容为JSON：直接给出、@文件名，或 - 表示标准输入。\n' +
        'Take an action. Its input is JSON: given here, as @file, or - for the standard input.\n' +
        '`wuji do --list [词 word]` 列出操作及其字段 lists the actions and what they ask for.',
    )
    .argument('[action]', '操作名称；与 --list 合用时为查找词 Name of the action; with --list a word to look for')
    .argument('[json]', '操作内容 Its input')
    .option('--list', '列出操作 List the actions')
    .option('--id <caseId>', '事项编号 The case to act on')
    .option('--command-id <id>', '命令编号；同一编号重复发送只生效一次 The same id sent again has no second effect')
    .option('--expected-revision <n>', '事项已更新则拒绝 Refuse when the case has moved on', revisionOf)
    .option('--json', '以JSON输出回执 The receipt as JSON');
  talksToServer(command)
    .addHelpText(
      'after',
      examples(
        'wuji do --list Suggestion',
        `wuji do registerOrgan '{"code":"DWC-150802","region":"150802","kind":"DWC","name":"临河区人大代表工委"}'`,
        'wuji do renameOrgan @更名.json --id 7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10 --expected-revision 0',
      ),
    )
    .action((action: string | undefined, json: string | undefined, options: Options) =>
      options.list ? list(action, options.lang, terminal) : act(action, json, options, terminal),
    );
}

function revisionOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('0, 1, 2 …');
  return Number(text);
}

function list(word: string | undefined, lang: Language, terminal: Terminal): void {
  const fits = (text: string) => text.toLowerCase().includes((word ?? '').toLowerCase());
  const found = [...actions, ...Object.entries(unrecorded)].filter(([name, { category, describe }]) =>
    [name, category, ...describe].some(fits),
  );
  if (found.length === 0) throw noSuchAction(word ?? '');
  for (const [name, { describe, from, input, by }] of found) {
    print(terminal, `${name}${from === null ? '' : ' --id <caseId>'}`);
    for (const text of lines(lang, describe))
      for (const line of hanging('    ', text, terminal.columns)) print(terminal, line);
    const who = by.filter((each) => each !== systemWho).map((each) => say(lang, each.name));
    for (const line of hanging(`    ${say(lang, ['by', '限'])}: `, who.join('; '), terminal.columns))
      print(terminal, line);
    if (name in unrecorded)
      for (const line of hanging('    ', say(lang, notGiven), terminal.columns)) print(terminal, line);
    const fields = inputFieldsOf(input).map((field) => ({ ...field, form: say(lang, field.form) }));
    const [nameWidth, formWidth] = [
      Math.max(0, ...fields.map((field) => width(field.name) + 1)),
      Math.min(34, Math.max(0, ...fields.map((field) => width(field.form)))),
    ];
    for (const { name: field, required, form, about } of fields)
      for (const line of hanging(
        `      ${pad(field + (required ? '*' : ''), nameWidth)}  ${pad(form, formWidth)}  `,
        say(lang, about),
        terminal.columns,
      ))
        print(terminal, line);
    print(terminal, '');
  }
  print(
    terminal,
    say(lang, [`${counted(found.length, 'action')}; * must be given`, `共${found.length}项操作，*为必填`]),
  );
}

const notGiven = [
  'Leaves no event. Its input is asked for at a prompt, or read from the standard input.',
  '不产生事件；内容按提示输入或取自标准输入。',
] as const;

const receipt = z.object({
  receipt: z.object({
    caseId: z.string(),
    revision: z.number(),
    position: z.string(),
    repeated: z.boolean(),
    stale: z.boolean(),
    events: z.array(eventShape),
  }),
});

async function act(
  action: string | undefined,
  json: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { id, commandId, expectedRevision, lang } = options;
  if (action !== undefined && action in unrecorded) return castAs(json, options, terminal);
  const known = actions.find(([name]) => name === action)?.[1];
  if (!action || !known) throw noSuchAction(action ?? '');
  const begins = known.from === null;
  if (!begins && id === undefined) throw failure(cliRefusals.CASE_NEEDED({ action }), exitCodes.wrongUse);
  if (begins && id !== undefined) throw failure(cliRefusals.BEGINS_A_CASE({ action }), exitCodes.wrongUse);
  const connection = connectionOf(options, terminal);
  if (connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  const input = await jsonFrom(json ?? '{}', terminal);
  const { details, completed } = checkInput(known.input, input);
  if (details.length > 0) {
    const parts = ['do', action, JSON.stringify(completed), ...(id === undefined ? [] : ['--id', id])];
    const command = `${terminal.program} ${parts.map(quoted).join(' ')}`;
    const told = toldOf(cliRefusals.INPUT_DOES_NOT_FIT({ action }));
    throw new Failure([{ ...told, details, command }], exitCodes.wrongUse);
  }
  const query = actionDocument(await derivedApi(), action);
  if (query === undefined) throw new Error(`no mutation ${action}`);
  const done = (await ask(connection, query, { id, input, commandId, expectedRevision }, receipt)).receipt;
  if (options.json) return print(terminal, JSON.stringify(done));
  show(done, lang, terminal);
}

async function castAs(json: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const { id, commandId, expectedRevision, lang } = options;
  const told = (json !== undefined && json !== '-') || commandId !== undefined || expectedRevision !== undefined;
  if (told) throw failure(cliRefusals.BALLOT_IN_ARGUMENTS(), exitCodes.wrongUse);
  if (id === undefined) throw failure(cliRefusals.CASE_NEEDED({ action: 'castBallot' }), exitCodes.wrongUse);
  const connection = connectionOf(options, terminal);
  if (connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  await cast(connection, { id, lang, json: options.json }, terminal);
}

function show(done: z.infer<typeof receipt>['receipt'], lang: Language, terminal: Terminal): void {
  const words = (en: string, zh: string) => say(lang, [en, zh]);
  const told = done.repeated
    ? words('This command had been carried out before.', '该命令此前已执行。')
    : done.events.length === 0
      ? words('There was nothing to do.', '无需变更。')
      : words('Done.', '已完成。');
  print(terminal, told);
  for (const event of done.events) showEvent(event, lang, terminal);
  print(terminal, `${words('case', '事项')}  ${done.caseId}`);
  print(terminal, `${words('revision', '版本')}  ${done.revision}`);
  print(terminal, `${words('position', '位置')}  ${done.position}`);
  if (done.stale) print(terminal, words('The read models are still behind.', '读模型尚未追平。'));
}

function showEvent(event: ShownEvent, lang: Language, terminal: Terminal): void {
  print(terminal, `  ${labelOf(lang, event)}`);
  for (const line of detailsOf(lang, event)) print(terminal, `    ${line}`);
}

let derived: Promise<GraphQLSchema> | undefined;

/** What the API calls an action's input, from the same derivation that the server's own schema comes from. */
function derivedApi(): Promise<GraphQLSchema> {
  derived ??= import('../../graphql/schema.js').then(({ createSchema }) =>
    createSchema({ registry: wuji, models: [] }, notRun),
  ); // no other command needs it
  return derived;
}

function notRun(): never {
  throw new Error('this schema is not run');
}

async function jsonFrom(given: string, terminal: Terminal): Promise<unknown> {
  const bytes =
    given === '-' ? await buffer(terminal.stdin) : given.startsWith('@') ? await file(given.slice(1)) : given;
  try {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof SyntaxError ? error.message : 'UTF-8';
    throw failure(cliRefusals.NOT_JSON({ problem }), exitCodes.wrongUse);
  }
}

async function file(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw failure(cliRefusals.FILE_UNREADABLE({ path, reason: reasonOf(error) }), exitCodes.wrongUse);
  }
}

function noSuchAction(name: string) {
  const meant = nearest(name, [...actions.map(([each]) => each), ...Object.keys(unrecorded)]);
  const hint = meant ? ` Did you mean ${meant}?` : '';
  const zhHint = meant ? `是否应为${meant}？` : '';
  return failure(cliRefusals.NO_SUCH_ACTION({ name: name || '-', hint, zhHint }), exitCodes.wrongUse);
}
