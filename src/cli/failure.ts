import type { Bilingual, Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals } from '../domain/kernel/refusal.js';

export const cliRefusals = defineRefusals({
  SERVER_UNREACHABLE: {
    message: ['No server answers at {url} ({reason}).', '无法连接服务器{url}（{reason}）。'],
    next: [
      'Start it with `wuji serve`, or name another address with --url or WUJI_URL.',
      '请用 `wuji serve` 启动服务，或用 --url 或 WUJI_URL 指定其他地址。',
    ],
  },
  NOT_A_WUJI_SERVER: {
    message: ['What answers at {url} is not Wuji (status {status}).', '{url}的应答不是五级系统（状态码{status}）。'],
    next: ['Check the address given with --url or WUJI_URL.', '请核对 --url 或 WUJI_URL 指定的地址。'],
  },
  TOKEN_NEEDED: {
    message: ['This needs a token.', '此操作需要令牌。'],
    next: [
      'Give it with --token or WUJI_TOKEN; in development `wuji token` makes one.',
      '请用 --token 或 WUJI_TOKEN 提供；开发环境可用 `wuji token` 生成。',
    ],
  },
  WRONG_USE: {
    message: ['The command cannot be read: {problem}', '命令有误：{zhProblem}'],
    next: ['`wuji {command}--help` shows how it is used.', '用法见 `wuji {command}--help`。'],
  },
  FILE_UNREADABLE: {
    message: ['The file {path} cannot be read ({reason}).', '无法读取文件{path}（{reason}）。'],
    next: ['Check the name and that you may read it.', '请核对文件名及读取权限。'],
  },
  FILE_NOT_WRITTEN: {
    message: ['The file {path} cannot be written ({reason}).', '无法写入文件{path}（{reason}）。'],
    next: ['Check the folder, its free space, and that you may write there.', '请核对目录、剩余空间及写入权限。'],
  },
  NOT_JSON: {
    message: ['The input is not JSON: {problem}', '输入不是有效的JSON：{problem}'],
    next: [
      'Put it in single quotes, or in a file and give @file, or - for the standard input.',
      '请用单引号括起，或写入文件后以 @文件名 提供，或用 - 从标准输入读取。',
    ],
  },
  NO_SUCH_ACTION: {
    message: ['There is no action {name}.{hint}', '没有名为{name}的操作。{zhHint}'],
    next: ['`wuji do --list` shows all actions.', '全部操作见 `wuji do --list`。'],
  },
  CASE_NEEDED: {
    message: ['{action} acts on a case: its id is missing.', '{action}须针对某一事项，缺少事项编号。'],
    next: ['Give it with --id.', '请用 --id 提供事项编号。'],
  },
  BEGINS_A_CASE: {
    message: ['{action} begins a case of its own and takes no --id.', '{action}用于新建事项，不能指定 --id。'],
    next: ['Leave --id out.', '请去掉 --id。'],
  },
  INPUT_DOES_NOT_FIT: {
    message: ['The input does not fit {action}:', '操作内容不符合{action}的要求：'],
    next: [
      'Put in what is shown as … (`wuji do --list {action}` explains the fields):',
      '请补全“…”处（各字段说明见 `wuji do --list {action}`）：',
    ],
  },
  BALLOT_IN_ARGUMENTS: {
    message: [
      'A ballot is given neither on the command line nor in a file, nor with the id of a command: each would stay there, beside who gave it.',
      '选票不得写在命令行、文件或命令编号中：其内容会与投票人一同留存。',
    ],
    next: [
      'Say `wuji do castBallot --id <ballot>` alone, and answer at the prompt; a program gives JSON with `picks` to the standard input.',
      '请只输入 `wuji do castBallot --id <投票编号>` 并按提示作答；程序可由标准输入提供含picks的JSON。',
    ],
  },
  BALLOT_UNREADABLE: {
    message: ['This cannot be read as a ballot; nothing was cast.', '无法识别为选票，未投票。'],
    next: [
      'Give the numbers of your choices, from 0, or “blank”; to the standard input JSON with `picks`.',
      '请输入所选序号（从0起）或“空白”；标准输入须为含picks的JSON。',
    ],
  },
  BALLOT_NOT_REPEATED: {
    message: ['The two answers are not the same; nothing was cast.', '两次输入不一致，未投票。'],
    next: ['Begin again.', '请重新开始。'],
  },
  UNKNOWN_HOLDER: {
    message: ['The server knows no {what} {id}.', '服务器中没有该{zhWhat}：{id}。'],
    next: ['Check the id; with --person no server is asked.', '请核对编号；如用 --person 指定人员，则不查询服务器。'],
  },
  DOCUMENTS_WRONG: {
    message: ['These documents cannot be served ({problems}):', '以下文档无法使用（{problems}处）：'],
    next: [
      'Nothing was written. Correct them and try again; the limits are those of WUJI_QUERY_… (`wuji serve --help`).',
      '未写入任何内容。请更正后重试；查询限额见WUJI_QUERY_…（`wuji serve --help`）。',
    ],
  },
  ADDRESS_IN_USE: {
    message: ['Another program listens on {address} already.', '地址{address}已被其他程序占用。'],
    next: [
      'End it, or start with another port: PORT=4001 wuji serve',
      '请先结束该程序，或换用其他端口：PORT=4001 wuji serve',
    ],
  },
  STORE_UNAVAILABLE: {
    message: ['{text}', '{zhText}'],
    next: ['Then start again.', '处理后请重新启动。'],
  },
  VAULT_HAS_OTHER_KEYS: {
    message: [
      'The vault at {place} has other keys under the same names: it is the vault of another log. Nothing was written.',
      '密钥库（{place}）中已有同名的其他密钥，属于另一日志；未写入任何内容。',
    ],
    next: [
      'Name an empty folder or Redis, or the one that this vault was copied to before.',
      '请指定空目录、空的Redis，或此前由本密钥库复制而成的密钥库。',
    ],
  },
  FEED_ENDED: {
    message: ['The server has ended the feed.', '服务器已结束推送。'],
    next: ['Start again after the cursor shown.', '请从所示游标之后重新开始。'],
  },
  REBUILD_FAILED: {
    message: ['Read model {name} was not rebuilt ({reason}).', '读模型{name}未能重建（{reason}）。'],
    next: [
      'The one that was there still serves. Look at the server’s log, then try again.',
      '原读模型仍可使用。请查看服务日志后重试。',
    ],
  },
  CONNECTION_BROKEN: {
    message: ['The connection broke before the end ({reason}).', '传输未完成，连接中断（{reason}）。'],
    next: ['Nothing was kept. Try again.', '未保留任何内容，请重试。'],
  },
});

/** What is said of `at`, in parts. */
export type Detail = { readonly at: string; readonly text: readonly Bilingual[] };

/** A refusal as the server or the program itself tells it. */
export type Told = {
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly next: { readonly en: string; readonly zh: string };
  /** More that belongs to it: what has changed since. */
  readonly details?: readonly Detail[];
  /** A command to paste: shown on a line of its own, which is never broken. */
  readonly command?: string;
};

export const toldOf = ({ refused: code, message: [en, zh], next }: Refusal): Told => ({
  code,
  en,
  zh,
  next: { en: next[0], zh: next[1] },
});

/** What the shell sees. Refused: by the server or the rules. Wrong use: the command or the settings. */
export const exitCodes = { refused: 1, wrongUse: 2, unreachable: 3 } as const;

/** Ends a command. Thrown here only, at the edge: the terminal is told, and the process ends with `exitCode`. */
export class Failure extends Error {
  constructor(
    readonly told: readonly Told[],
    readonly exitCode: number = exitCodes.refused,
  ) {
    super(told.map(({ code, en }) => `${code}: ${en}`).join('; '));
    this.name = 'Failure';
  }
}

export const failure = (refusal: Refusal, exitCode?: number): Failure => new Failure([toldOf(refusal)], exitCode);

/** The reason of an error of the system, as people search for it: `ENOENT`, `ECONNREFUSED`. */
export function reasonOf(error: unknown): string {
  let current: unknown = error;
  while (current instanceof Error) {
    if ('code' in current && typeof current.code === 'string' && current.code) return current.code;
    if (!current.cause) return current.message;
    current = current.cause;
  }
  return String(error);
}
