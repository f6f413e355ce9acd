import type { Command } from 'commander';
import { Option } from 'commander';
import type { Connection } from './api.js';
import type { Language } from './language.js';
import { languages } from './language.js';
import type { Terminal } from './terminal.js';

export const defaultUrl = 'http://127.0.0.1:4000';

export type CommonOptions = { readonly url?: string; readonly token?: string; readonly lang: Language };

export const languageOption = (): Option =>
  new Option('--lang <language>', '语言 Language of what is shown').choices(languages).default('both');

/** The options of every command that talks to a server. */
export const talksToServer = (command: Command): Command =>
  command
    .option('--url <url>', `服务地址 Address of the server (WUJI_URL; 默认 default ${defaultUrl})`)
    .option('--token <token>', '身份令牌 Token to act with (WUJI_TOKEN)')
    .addOption(languageOption());

export function connectionOf({ url, token }: CommonOptions, { env }: Terminal): Connection {
  const given = url ?? (env.WUJI_URL || defaultUrl);
  return { url: given.replace(/\/+$/, ''), token: token ?? (env.WUJI_TOKEN || undefined) };
}

/** Shown below a command's options. Each example can be pasted. */
export const examples = (...all: readonly string[]): string =>
  ['', '示例 Examples:', ...all.map((line) => `  ${line}`)].join('\n');
