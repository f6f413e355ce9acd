import { Command, CommanderError } from 'commander';
import { addAudit } from './commands/audit.js';
import { addDo } from './commands/do.js';
import { addDocuments } from './commands/documents.js';
import { addExport } from './commands/export.js';
import { addHistory } from './commands/history.js';
import { addImport } from './commands/import.js';
import { addLog } from './commands/log.js';
import { addPrivacy } from './commands/privacy.js';
import { addProjections } from './commands/projections.js';
import { addServe } from './commands/serve.js';
import { addToken } from './commands/token.js';
import { addWatch } from './commands/watch.js';
import { cliRefusals, exitCodes, Failure, toldOf } from './failure.js';
import type { Language } from './language.js';
import { languages } from './language.js';
import { examples } from './options.js';
import type { Terminal } from './terminal.js';
import { tell, unlinked } from './terminal.js';
import { toldText } from './told-text.js';
import { width } from './width.js';

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法 Usage:',
  'Arguments:': '参数 Arguments:',
  'Options:': '选项 Options:',
  'Commands:': '命令 Commands:',
};

/** Commander's own words. */
const bothTongues = (text: string): string =>
  text.replace('(choices: ', '(可选 choices: ').replace(/(?<=[(] ?|, )default: /, '默认 default: ');

function programFor(terminal: Terminal): Command {
  const program = new Command('wuji')
    .description(
      '五级人大代表协同履职系统的命令行工具。\nThe command line of Wuji: joint work of People’s Congress deputies of five levels.',
    )
    .helpOption('-h, --help', '显示帮助 Show this help')
    .helpCommand('help [command]', '显示命令的帮助 Show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => Math.min(terminal.columns, 110),
      getErrHelpWidth: () => Math.min(terminal.columns, 110),
      outputError: () => undefined, // told by `run`, in both languages
    })
    .configureHelp({
      minWidthToWrap: 24,
      displayWidth: width,
      styleTitle: (title) => titles[title] ?? title,
      styleOptionDescription: bothTongues,
      styleArgumentDescription: bothTongues,
    })
    .addHelpText(
      'after',
      examples(
        'wuji serve                                  启动服务 start the server',
        'export WUJI_TOKEN=$(wuji token --operator)  以平台运维身份 act as the operator',
        'wuji import deputies 代表名册.csv           导入前先预览 preview an import',
        'wuji watch                                  实时查看履职动态 follow your feed',
      ),
    );
  if (terminal.program === unlinked)
    program.addHelpText('afterAll', `\n尚未安装为命令，请用 Not linked: ${unlinked} …   (npm link)`);
  for (const add of [
    addServe,
    addToken,
    addImport,
    addDo,
    addHistory,
    addWatch,
    addProjections,
    addExport,
    addLog,
    addAudit,
    addPrivacy,
    addDocuments,
  ])
    add(program, terminal);
  for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    command.copyInheritedSettings(program).helpOption('-h, --help', '显示帮助 Show this help');
  return program;
}

/** Runs one command line (without the program's name). Resolves with the exit code; rejects when something is broken. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = programFor(terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.wrongUse;
    const failed = error instanceof CommanderError ? wrongUse(error, program, args) : error;
    if (!(failed instanceof Failure)) throw failed;
    for (const told of failed.told) tell(terminal, toldText(languageOf(args), told, terminal.errorColumns));
    return failed.exitCode;
  }
}

/** What commander says, also in Chinese. */
const zhProblems: Readonly<Record<string, string>> = {
  'commander.unknownOption': '没有此选项',
  'commander.unknownCommand': '没有此命令',
  'commander.missingArgument': '缺少参数',
  'commander.excessArguments': '参数过多',
  'commander.optionMissingArgument': '选项缺少取值',
  'commander.missingMandatoryOptionValue': '缺少必填选项',
  'commander.invalidArgument': '取值不在允许范围内',
  'commander.conflictingOption': '选项不能同时使用',
};

function wrongUse({ code, message }: CommanderError, program: Command, args: readonly string[]): Failure {
  const problem = message.replace(/^error: /, '').replaceAll('\n', ' ');
  const said = [...problem.matchAll(/'([^']*)'/g)].map(([, text]) => text).join(' ');
  const [, choices] = /Allowed choices are (.*)\.$/.exec(problem) ?? [];
  const zhProblem = `${zhProblems[code] ?? '用法不符'}：${said || problem}${choices ? `；可选：${choices}` : ''}`;
  const command = args.find((arg) => program.commands.some((each) => each.name() === arg));
  const refusal = cliRefusals.WRONG_USE({ problem, zhProblem, command: command ? `${command} ` : '' });
  return new Failure([toldOf(refusal)], exitCodes.wrongUse);
}

/** Errors may come before the options are read. */
function languageOf(args: readonly string[]): Language {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const given = args[at]?.split('=')[1] ?? args[at + 1];
  return (at >= 0 && languages.find((each) => each === given)) || 'both';
}
