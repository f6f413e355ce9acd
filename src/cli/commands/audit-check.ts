import { join } from 'node:path';
import type { Command } from 'commander';
import { LogUnavailable } from '../../domain/kernel/ports.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { readAuditKey } from '../../infra/audit-keys.js';
import { compareLog, headsOfLog, keysIn, refusalOfHeads } from '../audit/log-check.js';
import { exitCodes, failure } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import { fromEnvironment, openPlace } from '../log-place.js';
import { logProgress } from '../log-progress.js';
import { logRefusals } from '../log-refusals.js';
import { examples, languageOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = {
  readonly heads: string;
  readonly data?: string;
  readonly keys?: string;
  readonly key?: string;
  readonly lang: Language;
};

export function addAuditCheck(audit: Command, terminal: Terminal): void {
  audit
    .command('check')
    .summary('以树头离线核对整个日志 Check a whole log against heads, offline')
    .description(
      '读取整个日志，重新计算各流的链与整棵树，核对每个树头的签名、密钥背书与树根，指出首个不符的事件或树头。' +
        '不需要服务器；数据目录须先停止服务。\n' +
        'Read a whole log, work out the chain of each stream and the tree anew, compare them with heads that were kept ' +
        '(signature, endorsement of keys, root), and name the first event or head that does not agree. Needs no server; a ' +
        'data folder must not be served meanwhile.',
    )
    .requiredOption(
      '--heads <file>',
      '树头文件（见证文件或audit/heads.jsonl） File of heads: of a witness, or audit/heads.jsonl',
    )
    .option(
      '--data <place>',
      '日志：数据目录（默认取WUJI_DATA或./data）、esdb://…，或EVENTSTORE_URL（取该环境变量） The log: data folder (by default WUJI_DATA, or ./data), esdb://…, or the word EVENTSTORE_URL for what this variable holds',
    )
    .option(
      '--keys <file>',
      '`wuji audit keys` 的输出；默认取数据目录的密钥文件 What `wuji audit keys` printed; by default the key file of the data folder',
    )
    .option(
      '--key <fingerprint>',
      '首个树头须由此指纹的密钥签署 Fingerprint of the key that must have signed the first head',
    )
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        'wuji audit check --heads heads.jsonl',
        'wuji audit check --heads heads.jsonl --data /srv/backup/data --keys keys.jsonl --key 3f9c…',
        `wuji audit check --heads heads.jsonl --data ${fromEnvironment}`,
      ),
    )
    .action((options: Options) => check(options, terminal));
}

async function check({ heads: path, keys: keyFile, key, lang, ...rest }: Options, terminal: Terminal): Promise<void> {
  const place = rest.data ?? terminal.env.WUJI_DATA ?? './data';
  try {
    const { store, name } = await openPlace(place, terminal, 'source');
    try {
      const heads = await headsOfLog(path, store.epoch);
      const keys = keyFile === undefined ? await keysOf(name) : await keysIn(keyFile);
      const wrong = refusalOfHeads(heads, keys, key);
      if (wrong) throw failure(wrong);
      const checking = logProgress(terminal, lang, ['checking', '核对']);
      const seen = await compareLog(store, heads, (pace) => checking.to(pace)).finally(() => checking.end());
      if (seen.refusal) throw failure(seen.refusal);
      const line = (en: string, zh: string, value: string | number) =>
        print(terminal, `${say(lang, [en, zh])}  ${value}`);
      print(terminal, say(lang, ['THE LOG AGREES WITH EVERY HEAD', '日志与全部树头一致']));
      line('log', '日志', name);
      line('events', '事件', seen.events);
      line('streams', '流', seen.streams);
      line('heads', '树头', seen.heads);
      line(
        'events behind the newest head, which none vouches for',
        '最新树头之后尚无树头佐证的事件',
        seen.events - seen.vouched,
      );
      line('root', '树根', seen.root);
      line('key of the first head', '首个树头的密钥指纹', heads[0]?.key ?? '-');
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    const [text, zhText] = error.text;
    throw failure(logRefusals.CHECK_STOPPED({ text, zhText }), exitCodes.unreachable);
  }
}

/** What lies beside the log; an auditor's copy mostly has no key file, and most logs have had one key only. */
async function keysOf(folder: string) {
  const found = await readAuditKey(join(folder, 'keys', 'audit.json'));
  return found === undefined || isRefusal(found) ? [] : found.keys;
}
