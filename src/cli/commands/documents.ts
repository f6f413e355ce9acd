import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { DocumentNode } from 'graphql';
import { Kind } from 'graphql';
import { wuji } from '../../domain/wuji.js';
import { readSettings } from '../../infra/config.js';
import type { Detail } from '../failure.js';
import { cliRefusals, exitCodes, Failure, failure, reasonOf, toldOf } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import { examples, languageOption } from '../options.js';
import { quoted } from '../quoted.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = { readonly out?: string; readonly lang: Language };

export function addDocuments(program: Command, terminal: Terminal): void {
  program
    .command('documents')
    .summary('生成可信文档清单 Make the list of trusted documents')
    .description(
      '将客户端的GraphQL文档核对后汇成可信文档清单（SHA-256与原文），供WUJI_TRUSTED_DOCUMENTS使用。一个文件即一份文档，' +
        '原文逐字节与客户端发送的一致，片段须写在同一文件内。查询限额取自环境变量，与 serve 相同。不连接服务器。\n' +
        'Checks the GraphQL documents of client apps and makes the list of them (SHA-256 and text) that WUJI_TRUSTED_DOCUMENTS ' +
        'names. One file is one document, byte for byte as clients send it, with the fragments that it uses. The limits of ' +
        'queries come from the environment, as with `serve`. Asks no server.',
    )
    .argument('<files...>', '文档文件（.graphql，UTF-8） The documents: .graphql, UTF-8')
    .option('--out <file>', '清单文件；不填则输出到标准输出 File to write; the standard output when left out')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'wuji documents app/*.graphql --out trusted.json',
        'WUJI_TRUSTED_DOCUMENTS=trusted.json wuji serve',
        'wuji documents app/*.graphql | diff trusted.json -',
      ),
    )
    .action((files: readonly string[], options: Options) => makeList(files, options, terminal));
}

async function makeList(files: readonly string[], { out, lang }: Options, terminal: Terminal): Promise<void> {
  const check = await checker(terminal);
  const { hashOf } = await import('../../graphql/documents.js');
  const listed: { readonly hash: string; readonly text: string; readonly file: string; readonly names: string }[] = [];
  const wrong: Detail[] = [];
  for (const file of files) {
    const text = await textOf(file);
    const checked = check(text, file);
    if ('problems' in checked) wrong.push(...checked.problems);
    else listed.push({ hash: hashOf(text), text, file, names: namesOf(checked.document) });
  }
  if (wrong.length > 0) {
    const told = toldOf(cliRefusals.DOCUMENTS_WRONG({ problems: wrong.length }));
    throw new Failure([{ ...told, details: wrong }], exitCodes.refused);
  }
  const list = `${JSON.stringify(Object.fromEntries(listed.map(({ hash, text }) => [hash, text])), null, 2)}\n`;
  if (out === undefined) {
    terminal.stdout.write(list);
    return;
  }
  await writeWhole(out, list);
  for (const { hash, names, file } of listed) print(terminal, `${hash}  ${names}  ${file}`);
  const serve = `WUJI_TRUSTED_DOCUMENTS=${quoted(out)} ${terminal.program} serve`;
  print(terminal, `${say(lang, ['To serve these only:', '仅执行以上文档：'])} ${serve}`);
}

type Checked = { readonly document: DocumentNode } | { readonly problems: readonly Detail[] };

/** Checks as the server does when it starts: its schema, and the limits that these settings give it. */
async function checker({ env }: Terminal): Promise<(text: string, file: string) => Checked> {
  const read = readSettings(env);
  if (!read.ok) throw new Failure(read.problems.map(toldOf), exitCodes.wrongUse);
  // No other command needs them.
  const [{ createApi }, { caseModels }, { errorFormatter }, { documentGate, limitsOf }] = await Promise.all([
    import('../../graphql/api.js'),
    import('../../projections/cases/index.js'),
    import('../../graphql/errors.js'),
    import('../../graphql/limits.js'),
  ]);
  const limits = limitsOf(read.settings);
  const broken = (error: unknown): never => {
    throw error;
  };
  const errors = errorFormatter({ hideSuggestions: false, tokens: limits.tokens, newId: () => '', log: broken });
  const schema = createApi({ registry: wuji, models: caseModels }, () => broken(new Error('this schema is not run')));
  const gate = documentGate(schema, limits, errors);
  return (text, file) => {
    const document = gate(text);
    if ('kind' in document) return { document };
    const problems = document.map(({ locations = [], extensions: { code, en, zh } }): Detail => {
      const place = [file, ...locations.slice(0, 1).flatMap(({ line, column }) => [line, column])].join(':');
      return { at: `${place} ${code}`, text: [[String(en), String(zh)]] };
    });
    return { problems };
  };
}

const namesOf = ({ definitions }: DocumentNode): string =>
  definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? (each.name?.value ?? '-') : [])).join(',');

async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    const reason = error instanceof TypeError ? 'UTF-8' : reasonOf(error);
    throw failure(cliRefusals.FILE_UNREADABLE({ path, reason }), exitCodes.wrongUse);
  }
}

/** The list is there whole or not at all: a server may be started with it at any time. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.part`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw failure(cliRefusals.FILE_NOT_WRITTEN({ path, reason: reasonOf(error) }));
  }
}
