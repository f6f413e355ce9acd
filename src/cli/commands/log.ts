import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LogUnavailable } from '../../domain/kernel/ports.js';
import { closeAll } from '../../infra/closing.js';
import type { CopyResult } from '../../infra/event-store/copy.js';
import type { LogDigest, Verification } from '../../infra/event-store/verify-copy.js';
import { exitCodes, Failure, failure, toldOf } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import { fromEnvironment, openPlace } from '../log-place.js';
import { logProgress } from '../log-progress.js';
import { logRefusals } from '../log-refusals.js';
import { examples, languageOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';
import { addLogCheck } from './log-check.js';

type Options = { readonly from: string; readonly to: string; readonly lang: Language };

export function addLog(program: Command, terminal: Terminal): void {
  const log = program
    .command('log')
    .summary('搬迁与检查事件日志 Move and check the event log')
    .description('搬迁与检查事件日志。\nMove and check the event log.')
    .addHelpText('after', examples('wuji log check', `wuji log copy --from ./data --to ${fromEnvironment}`));
  addLogCheck(log, terminal);
  log
    .command('copy')
    .summary('复制日志并核对 Copy a log, and verify')
    .description(
      '将日志按原顺序逐个事件复制到另一数据目录或EventStoreDB，并核对全部内容。中断后重新执行同一命令即可继续。\n' +
        '编号、流、版本、类型、内容、元数据与法定时间均不变；记录时间在目标为数据目录时不变，在EventStoreDB中为其写入时间。' +
        '复制期间不得有任何程序使用目标；数据目录须先停止服务。复制后的日志是新的日志：客户端将收到CURSOR_EXPIRED并重新开始。\n' +
        'Copy a log, event by event in its own order, into another data folder or into EventStoreDB, and verify all of it. ' +
        'When it was broken off, the same command again goes on where it stopped.\n' +
        'Ids, streams, revisions, types, data, metadata and effectiveAt stay as they are. recordedAt stays when the target is ' +
        'a data folder; in EventStoreDB it is the time of the copy. Nothing else may use the target meanwhile, and a data ' +
        'folder must not be served. The copy is a new log: clients hear CURSOR_EXPIRED once and begin anew.',
    )
    .requiredOption(
      '--from <place>',
      '源：数据目录（同WUJI_DATA）、esdb://…，或EVENTSTORE_URL（取该环境变量） Source: data folder as in WUJI_DATA, esdb://…, or the word EVENTSTORE_URL for what this variable holds',
    )
    .requiredOption('--to <place>', '目标，写法同上 Target, written likewise')
    .addOption(languageOption())
    .addHelpText(
      'after',
      examples(
        `wuji log copy --from ./data --to ${fromEnvironment}`,
        `wuji log copy --from ${fromEnvironment} --to ./data-again`,
        'wuji log copy --from ./data --to /srv/wuji/data',
      ),
    )
    .action((options: Options) => copy(options, terminal));
}

async function copy({ from, to, lang }: Options, terminal: Terminal): Promise<void> {
  if (from === to || resolve(from) === resolve(to)) throw failure(logRefusals.SAME_LOG(), exitCodes.wrongUse);
  const [{ copyLog }, { verifyCopy }] = await Promise.all([
    import('../../infra/event-store/copy.js'),
    import('../../infra/event-store/verify-copy.js'),
  ]);
  const closing: (() => unknown)[] = [];
  try {
    const source = await openPlace(from, terminal, 'source');
    closing.push(() => source.store.close());
    const target = await openPlace(to, terminal, 'target');
    closing.push(() => target.store.close());

    const copying = logProgress(terminal, lang, ['copying', '复制']);
    const copied = await copyLog(source.store, target, (pace) => copying.to(pace)).finally(() => copying.end());
    if (copied.is !== 'copied') throw failure(refusalOf(copied));

    const verifying = logProgress(terminal, lang, ['verifying', '核对']);
    const verified = await verifyCopy(source.store, target.store, {
      until: copied.until,
      recordedAt: target.recordAs !== undefined,
      onVerified: (pace) => verifying.to(pace),
    }).finally(() => verifying.end());
    if (verified.difference || verified.streamsThatDiffer > 0) throw differs(verified);
    for (const line of report(lang, { source: source.name, target: target.name }, copied, verified))
      print(terminal, line);
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error;
    const [text, zhText] = error.text;
    throw failure(logRefusals.COPY_STOPPED({ text, zhText }), exitCodes.unreachable);
  } finally {
    await closeAll(closing);
  }
}

function refusalOf(result: Exclude<CopyResult, { readonly is: 'copied' }>) {
  switch (result.is) {
    case 'same log':
      return logRefusals.SAME_LOG();
    case 'other events':
      return logRefusals.TARGET_HOLDS_OTHER_EVENTS({ stream: result.stream, revision: result.revision });
    case 'history missing':
      return logRefusals.SOURCE_HISTORY_MISSING({ stream: result.stream, revision: result.revision });
  }
}

/** What is unequal is told by ids and names: what an event says is nobody's business here. */
function differs({ source, target, difference, streamsThatDiffer }: Verification): Failure {
  const refusal = logRefusals.COPY_DIFFERS({
    ...{ events: target.events, sourceEvents: source.events, streams: streamsThatDiffer },
  });
  const told = toldOf(refusal);
  if (!difference) return new Failure([told]);
  const { at, part, byItself } = difference;
  const event = (of: typeof difference.source) => (of ? `${of.stream}@${of.revision} ${of.type} ${of.id}` : '-');
  const [where, zhWhere] = byItself ? ['of its stream, read by itself', '（单独读取该流）'] : ['of the log', ''];
  const details = [
    {
      at: `#${at}`,
      text: [[`event ${where}; not the same: ${part}`, `事件序号${zhWhere}；不同之处：${part}`] as const],
    },
    { at: 'source 源', text: [[event(difference.source), event(difference.source)] as const] },
    { at: 'target 目标', text: [[event(difference.target), event(difference.target)] as const] },
  ];
  return new Failure([{ ...told, details }]);
}

function report(
  lang: Language,
  names: { readonly source: string; readonly target: string },
  copied: Extract<CopyResult, { readonly is: 'copied' }>,
  { source, target }: Verification,
): readonly string[] {
  const words = (en: string, zh: string) => say(lang, [en, zh]);
  const digest = ({ events, streams, sha256 }: LogDigest) =>
    `${words('events', '事件')} ${events}  ${words('streams', '流')} ${streams}  sha256 ${sha256}`;
  return [
    `${words('copied', '已复制')}  ${copied.events}${copied.resumed ? words(' (the rest was there already)', '（其余此前已在）') : ''}`,
    `${words('source', '源')}  ${names.source}`,
    `  ${digest(source)}`,
    `${words('target', '目标')}  ${names.target}`,
    `  ${digest(target)}`,
    words('verified: equal', '核对一致'),
  ];
}
