import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { KeysUnavailable } from '../../domain/kernel/seal-ports.js';
import type { Settings } from '../../infra/config.js';
import { readSettings, settingsHelp } from '../../infra/config.js';
import { createLog } from '../../infra/log.js';
import { StoreUnavailable } from '../../infra/store-unavailable.js';
import { ownDocuments } from '../documents.js';
import { cliRefusals, exitCodes, Failure, failure, toldOf } from '../failure.js';
import type { Language } from '../language.js';
import { lines, say } from '../language.js';
import { examples, languageOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print, tell } from '../terminal.js';
import { toldText } from '../told-text.js';
import { pad, width } from '../width.js';

export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .summary('启动服务 Start the server')
    .description(
      '启动服务。设置取自环境变量，数据保存在WUJI_DATA目录，无需安装其他服务。\n' +
        'Start the server. Settings come from the environment; all data lies in WUJI_DATA; no other server is needed.',
    )
    .addOption(languageOption())
    .addHelpText('after', examples('wuji serve', 'PORT=8080 WUJI_DATA=/srv/wuji wuji serve'))
    .addHelpText('after', `\n${settingsHelp()}`)
    .action(({ lang }: { readonly lang: Language }) => serve(lang, terminal));
}

/** Variables of the other commands: no settings of the server, and no mistake. */
const ofClients = new Set(['WUJI_URL', 'WUJI_TOKEN']);

async function serve(language: Language, terminal: Terminal): Promise<void> {
  const given = Object.fromEntries(Object.entries(terminal.env).filter(([name]) => !ofClients.has(name)));
  const read = readSettings(given);
  for (const warning of read.warnings) tell(terminal, toldText(language, toldOf(warning), terminal.errorColumns));
  if (!read.ok) throw new Failure(read.problems.map(toldOf), exitCodes.wrongUse);
  const { settings } = read;
  const running = await start(settings).catch((error: unknown) => {
    // What was opened before it failed would keep the process alive.
    const known = error instanceof Failure ? error : startFailure(error, settings);
    if (!known) throw error;
    for (const told of known.told) tell(terminal, toldText(language, told, terminal.errorColumns));
    terminal.exit(known.exitCode);
    throw known;
  });
  const interrupted = terminal.interrupted(); // before anybody is told that it serves
  for (const line of greeting(language, running.url, settings, terminal)) print(terminal, line);

  await interrupted;
  const closed = new AbortController();
  for (const line of lines(language, ['Stopping; once more to force it.', '正在停止；再按一次将强制停止。']))
    tell(terminal, line);
  void insisted(terminal, closed.signal);
  await running.close();
  closed.abort();
}

async function start(settings: Settings) {
  const { startWuji } = await import('../../main.js'); // all layers: no other command needs them
  const log = createLog(settings.logLevel);
  const running = await startWuji(settings, { log, ownDocuments });
  if (isRefusal(running)) throw failure(running);
  return running;
}

function startFailure(error: unknown, { host, port }: Settings): Failure | undefined {
  if (error instanceof StoreUnavailable || error instanceof KeysUnavailable) {
    const [text, zhText] = error.text;
    return failure(cliRefusals.STORE_UNAVAILABLE({ text, zhText }));
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' ? failure(cliRefusals.ADDRESS_IN_USE({ address: `${host}:${port}` })) : undefined;
}

/** What is served, and how to come in. */
function greeting(
  language: Language,
  url: string,
  { dataDir, mode, jwksUrl }: Settings,
  { program }: Terminal,
): readonly string[] {
  const folder = dataDir === './data' ? '' : `WUJI_DATA='${resolve(dataDir)}' `;
  const rows: readonly (readonly [...label: Bilingual, value: string])[] = [
    ['Wuji serves', '五级系统已启动', `${url}/graphql`],
    ['data folder', '数据目录', resolve(dataDir)],
    ['mode', '运行模式', mode],
    ['get a token', '获取令牌', jwksUrl ?? `${folder}${program} token --operator`],
  ];
  const labels = rows.map(([en, zh]) => say(language, [en, zh]));
  const widest = Math.max(...labels.map(width));
  return rows.map(([, , value], index) => `${pad(labels[index] ?? '', widest)}  ${value}`);
}

/** `npm start` passes a Ctrl-C on that the terminal has sent here too: an echo, not a second wish. */
const echoMs = 250;

async function insisted(terminal: Terminal, closed: AbortSignal): Promise<void> {
  const first = performance.now();
  while ((await terminal.interrupted(closed)) === 'interrupted')
    if (performance.now() - first > echoMs) return terminal.exit(130);
}
