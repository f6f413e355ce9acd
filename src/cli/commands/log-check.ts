import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LogUnavailable } from '../../domain/kernel/ports.js';
import { exitCodes, failure } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import { logProgress } from '../log-progress.js';
import { logRefusals } from '../log-refusals.js';
import { examples, languageOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = { readonly data?: string; readonly lang: Language };

export function addLogCheck(log: Command, terminal: Terminal): void {
  log
    .command('check')
    .summary('检查日志是否完好 Check that a log is whole')
    .description(
      '读取数据目录中日志的全部记录，核对校验和与各流的版本次序，指出首处损坏；再将索引与段文件逐项比对。不作任何改动。检查前须先停止服务。\n' +
        'Read every record of the log in a data folder, compare checksums and the order of each stream, and name the first ' +
        'that is wrong; then compare all of the index with the segments. Changes nothing. The folder must not be served meanwhile.',
    )
    .option('--data <folder>', '数据目录，默认取WUJI_DATA或./data Data folder; by default WUJI_DATA, or ./data')
    .addOption(languageOption())
    .addHelpText('after', examples('wuji log check', 'wuji log check --data /srv/backup/data'))
    .action((options: Options) => check(options, terminal));
}

async function check({ data, lang }: Options, terminal: Terminal): Promise<void> {
  const folder = resolve(data ?? terminal.env.WUJI_DATA ?? './data');
  if (!existsSync(join(folder, 'log/log'))) throw failure(logRefusals.NO_LOG_THERE({ folder }), exitCodes.wrongUse);
  const { checkLog } = await import('../../infra/event-store/check-log.js');
  const checking = logProgress(terminal, lang, ['checking', '检查']);
  try {
    const found = await checkLog(join(folder, 'log'), (pace) => checking.to(pace)).finally(() => checking.end());
    switch (found.is) {
      case 'damaged':
        throw failure(logRefusals.LOG_DAMAGED({ ...found.damage, events: found.events, wrong: found.wrong }));
      case 'other format':
        throw failure(logRefusals.LOG_OF_OTHER_FORMAT({ folder }));
      case 'whole': {
        const { events, segments, unfinished } = found;
        print(
          terminal,
          say(lang, [`whole: events ${events}, segments ${segments}`, `完好：事件${events}个，段文件${segments}个`]),
        );
        if (unfinished > 0)
          print(
            terminal,
            say(lang, [
              `${unfinished} bytes of a write that was not acknowledged stand at the end; the next start cuts them off`,
              `末尾有${unfinished}字节未确认的写入，下次启动时将被截去`,
            ]),
          );
        await compareIndex(folder, lang, terminal);
      }
    }
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    const [text, zhText] = error.text;
    throw failure(logRefusals.CHECK_STOPPED({ text, zhText }), exitCodes.unreachable);
  }
}

/** After the log has been spoken of: a damaged index may end the process. */
async function compareIndex(folder: string, lang: Language, terminal: Terminal): Promise<void> {
  const { checkIndex } = await import('../../infra/event-store/check-index.js');
  const index = await checkIndex(join(folder, 'log'));
  if (index.is === 'other') throw failure(logRefusals.INDEX_DIFFERS({ file: index.file, wrong: index.wrong }));
  const { missing } = index;
  print(
    terminal,
    missing === 0
      ? say(lang, ['the index agrees with the segments', '索引与段文件一致'])
      : say(lang, [
          `the index agrees with the segments; the next start adds ${missing}`,
          `索引与段文件一致，下次启动时将补入段文件${missing}个`,
        ]),
  );
}
