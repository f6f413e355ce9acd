import type { Command } from 'commander';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { KeysUnavailable } from '../../domain/kernel/seal-ports.js';
import type { Closing } from '../../infra/closing.js';
import { closeAll } from '../../infra/closing.js';
import { readSettings } from '../../infra/config.js';
import type { KeySettings, OpenKeys } from '../../infra/seals/open.js';
import { cliRefusals, exitCodes, Failure, failure, toldOf } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import { examples, languageOption } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = { readonly lang: Language };

export function addPrivacy(program: Command, terminal: Terminal): void {
  const privacy = program
    .command('privacy')
    .summary('管理个人信息密钥 Keys of personal data')
    .description('管理个人信息密钥。\nLook after the keys of personal data.')
    .addHelpText('after', examples('wuji privacy rotate-key', 'wuji privacy copy-keys --to ./data-new'));
  privacy
    .command('rotate-key')
    .summary('以新主密钥重新加密 Wrap all keys anew')
    .description(
      '以最新的主密钥（首行）重新加密密钥库中的全部密钥；可在服务运行时执行。完成后即可移除旧主密钥。\n' +
        'Wrap every key in the vault by the newest master key, the first that WUJI_MASTER_KEY_FILE names. Nodes may run ' +
        'meanwhile when they know both. Afterwards the older master keys can be destroyed.',
    )
    .addOption(languageOption())
    .action(async ({ lang }: Options) => {
      await withKeys(terminal, {}, async ({ vault, wrapper }) => {
        const { rotateKeys } = await import('../../infra/seals/rotate.js');
        const { rewrapped, kept } = await rotateKeys(vault, wrapper);
        const text = [
          `wrapped anew: ${rewrapped}, as they were: ${kept}`,
          `已重新加密${rewrapped}个，未变${kept}个`,
        ] as const;
        print(terminal, say(lang, text));
      });
    });
  privacy
    .command('copy-keys')
    .summary('复制密钥库 Copy the key vault')
    .description(
      '将密钥库复制到另一数据目录或Redis，含已销毁的记录，以目标的主密钥加密。复制期间须停止服务。\n' +
        'Copy the key vault into another data folder or Redis, with the record of what was destroyed. Each ' +
        'key is wrapped by the master key of the target. Nothing may be served meanwhile.',
    )
    .requiredOption('--to <place>', '目标：数据目录或redis://… Target: a data folder, or redis://…')
    .addOption(languageOption())
    .action(async ({ lang, to }: Options & { readonly to: string }) => {
      await withKeys(terminal, {}, async (own) => {
        const target = /^rediss?:/.test(to) ? { keyVaultUrl: to } : { dataDir: to, keyVaultUrl: undefined };
        await withKeys(terminal, target, async (other) => {
          const { copyKeys } = await import('../../infra/seals/rotate.js');
          const done = await copyKeys(own, other);
          if (done === 'other keys') throw failure(cliRefusals.VAULT_HAS_OTHER_KEYS({ place: other.place }));
          const { copied, destroyed } = done;
          const text = [`keys ${copied}, destroyed ${destroyed}`, `密钥${copied}个，已销毁${destroyed}个`] as const;
          print(terminal, say(lang, text));
        });
      });
    });
}

/** The vault that the environment names, but for what is told otherwise. */
async function withKeys(terminal: Terminal, other: Partial<KeySettings>, work: (keys: OpenKeys) => Promise<void>) {
  const read = readSettings(terminal.env);
  if (!read.ok) throw new Failure(read.problems.map(toldOf), exitCodes.wrongUse);
  const { mode, dataDir, name, masterKey, keyVaultUrl } = read.settings;
  const own = { mode, dataDir, name, masterKey, keyVaultUrl };
  const closing: Closing = [];
  try {
    const { openKeys } = await import('../../infra/seals/open.js');
    const keys = await openKeys({ ...own, ...other }, { closing, onProblem: () => {}, onDevelopmentKey: () => {} });
    if (isRefusal(keys)) throw failure(keys);
    await work(keys);
  } catch (error) {
    if (!(error instanceof KeysUnavailable)) throw error;
    const [text, zhText] = error.text;
    throw failure(cliRefusals.STORE_UNAVAILABLE({ text, zhText }), exitCodes.unreachable);
  } finally {
    await closeAll(closing);
  }
}
