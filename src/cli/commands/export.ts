import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { failureOf, reach } from '../api.js';
import { cliRefusals, exitCodes, failure, reasonOf } from '../failure.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import { counting } from '../progress.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = CommonOptions & {
  readonly out: string;
  readonly at?: string;
  readonly until?: string;
  readonly format: 'jsonl' | 'csv';
  readonly bom?: true;
};

export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command('export')
    .summary('导出事件日志 Export the event log')
    .description(
      '将事件日志导出为JSONL或CSV文件，每行一个事件。同一位置的导出逐字节相同，可用sha256核对。平台运维导出全部，审计监督人员导出其权限范围内的内容。\n' +
        'Write the event log to a file, one event a line (JSONL or CSV). Exports up to the same position are equal byte for ' +
        'byte; compare their sha256. For the platform’s operator; for an auditor what that right covers.',
    )
    .requiredOption('--out <file>', '导出文件 File to write')
    .option(
      '--at <point>',
      '截止的位置、时间或日期，不填为最新 Position, time or day to export up to; the newest when left out',
    )
    .addOption(new Option('--until <position>', '截止位置（同 --at）Position, as --at').conflicts('at'))
    .addOption(new Option('--format <format>', '文件格式 Form of the file').choices(['jsonl', 'csv']).default('jsonl'))
    .option('--bom', '以UTF-8 BOM开头，供旧版表格软件识别 Begin with a byte-order mark, for old spreadsheet programs');
  talksToServer(command)
    .addHelpText(
      'after',
      examples(
        'wuji export --out log.jsonl',
        'wuji export --out again.jsonl --at 0000000000000042',
        'wuji export --out 2026.csv --format csv --at 2026-12-31',
      ),
    )
    .action((options: Options) => exportLog(options, terminal));
}

async function exportLog({ out, at, until, format, bom, ...options }: Options, terminal: Terminal): Promise<void> {
  const connection = connectionOf(options, terminal);
  if (connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries({ at, until, bom: bom && '1' }))
    if (value !== undefined) query.set(name, value);
  const response = await reach(connection, `/export?${query}`);
  const position = response.headers.get('wuji-position');
  if (!response.ok || !response.body || position === null) throw await failureOf(connection, response);

  const words = (en: string, zh: string) => say(options.lang, [en, zh]);
  const heads = format === 'csv' ? 1 : 0;
  const moving = counting(terminal, words('events', '事件'));
  const counted = counter((lines) => moving.to(Math.max(0, lines - heads)));
  try {
    await writeWhole(out, Readable.fromWeb(response.body), counted.through);
  } finally {
    moving.end();
  }
  print(terminal, `${words('position', '位置')}  ${position || '-'}`);
  print(terminal, `${words('events', '事件')}  ${counted.lines() - heads}`);
  print(terminal, `sha256  ${counted.sha256()}`);
  print(terminal, `${words('file', '文件')}  ${out}`);
}

/** The file is there whole or not at all. */
async function writeWhole(path: string, from: Readable, through: Transform): Promise<void> {
  const draft = `${path}.part`;
  const file = createWriteStream(draft);
  // A pipeline that breaks ends all its parts with the same error: whose it was is told by who had it first.
  let culprit: 'server' | 'file' | undefined;
  from.once('error', () => {
    culprit ??= 'server';
  });
  file.once('error', () => {
    culprit ??= 'file';
  });
  try {
    await pipeline(from, through, file);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const reason = reasonOf(error);
    throw culprit === 'server'
      ? failure(cliRefusals.CONNECTION_BROKEN({ reason }), exitCodes.unreachable)
      : failure(cliRefusals.FILE_NOT_WRITTEN({ path, reason }));
  }
}

function counter(onLines: (lines: number) => void) {
  const hash = createHash('sha256');
  let lines = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      for (const byte of chunk) if (byte === 0x0a) lines++;
      onLines(lines);
      done(null, chunk);
    },
  });
  return { through, lines: () => lines, sha256: () => hash.digest('hex') };
}
