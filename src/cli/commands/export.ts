import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { failureOf, reach } from '../api.js';
import { cliRefusals, exitCodes, failure, reasonOf } from '../failure.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = CommonOptions & { readonly out: string; readonly until?: string };

export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command('export')
    .summary('导出事件日志 Export the event log')
    .description(
      '将事件日志导出为JSONL文件，每行一个事件。同一位置的导出逐字节相同，可用sha256核对。限平台运维。\n' +
        'Write the event log to a file, one event a line (JSONL). Exports up to the same position are equal byte for byte; ' +
        'compare their sha256. For the platform’s operator.',
    )
    .requiredOption('--out <file>', '导出文件 File to write')
    .option('--until <position>', '截止位置，不填为最新 Last position to export; the newest when left out');
  talksToServer(command)
    .addHelpText(
      'after',
      examples('wuji export --out log.jsonl', 'wuji export --out again.jsonl --until 0000000000000042'),
    )
    .action((options: Options) => exportLog(options, terminal));
}

async function exportLog({ out, until, ...options }: Options, terminal: Terminal): Promise<void> {
  const connection = connectionOf(options, terminal);
  if (connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  const query = until === undefined ? '' : `?${new URLSearchParams({ until })}`;
  const response = await reach(connection, `/export${query}`);
  const position = response.headers.get('wuji-position');
  if (!response.ok || !response.body || position === null) throw await failureOf(connection, response);

  const counted = counter();
  await writeWhole(out, Readable.fromWeb(response.body), counted.through);
  const words = (en: string, zh: string) => say(options.lang, [en, zh]);
  print(terminal, `${words('position', '位置')}  ${position || '-'}`);
  print(terminal, `${words('events', '事件')}  ${counted.lines()}`);
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

function counter() {
  const hash = createHash('sha256');
  let lines = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      for (const byte of chunk) if (byte === 0x0a) lines++;
      done(null, chunk);
    },
  });
  return { through, lines: () => lines, sha256: () => hash.digest('hex') };
}
