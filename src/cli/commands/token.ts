import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { operatorIds } from '../../domain/organization/bootstrap.js';
import { openAuth } from '../../infra/auth.js';
import { readSettings } from '../../infra/config.js';
import { nameId } from '../../infra/ids.js';
import { ask } from '../api.js';
import { documents } from '../documents.js';
import { cliRefusals, exitCodes, Failure, failure, toldOf } from '../failure.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print, tell } from '../terminal.js';

type Options = CommonOptions & {
  readonly mandate?: string;
  readonly post?: string;
  readonly operator?: true;
  readonly person?: string;
  readonly days: number;
};

export function addToken(program: Command, terminal: Terminal): void {
  const command = program
    .command('token')
    .summary('签发开发令牌 Make a token for development')
    .description(
      '签发开发用身份令牌（仅开发模式）。标准输出只有令牌本身。\n' +
        'Make a token to act with, signed by the development key in WUJI_DATA. Standard output is the token alone.',
    )
    .addOption(
      new Option('--mandate <id>', '以该代表职务履职 Act as the deputy under this mandate').conflicts([
        'post',
        'operator',
      ]),
    )
    .addOption(new Option('--post <id>', '以该岗位工作 Act in this post of an organ').conflicts('operator'))
    .option('--operator', '平台运维 Act as the platform’s operator')
    .option('--person <id>', '人员编号；不填则向服务器查询 Who holds it; else the running server is asked')
    .option('--days <days>', '有效天数 Days until it ends, 1…366', daysOf, 30);
  talksToServer(command)
    .addHelpText(
      'after',
      examples(
        'export WUJI_TOKEN=$(wuji token --operator)',
        'wuji token --mandate 7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10 --days 1',
      ),
    )
    .action((options: Options) => token(options, terminal));
}

function daysOf(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > 366) throw new InvalidArgumentError('1…366');
  return Number(text);
}

async function token(options: Options, terminal: Terminal): Promise<void> {
  const read = readSettings(terminal.env);
  if (!read.ok) throw new Failure(read.problems.map(toldOf), exitCodes.wrongUse);
  const { settings } = read;
  const held = await heldBy(options, terminal);
  const isNew = !(await exists(join(settings.dataDir, 'keys', 'development.json')));
  const auth = await openAuth(settings, { now: () => new Date() });
  if (isRefusal(auth)) throw failure(auth);
  const issued = await auth.issueToken({ ...held, ttlSeconds: options.days * 24 * 3600 });
  if (isRefusal(issued)) throw failure(issued);
  if (isNew && settings.jwksUrl === undefined) {
    const folder = resolve(settings.dataDir);
    const text = [
      `A new key was made in ${folder}: the token holds for a server with this data folder (WUJI_DATA) only.`,
      `已在${folder}生成新密钥：令牌仅对使用该数据目录（WUJI_DATA）的服务有效。`,
    ] as const;
    tell(terminal, say(options.lang, text));
  }
  print(terminal, issued);
}

const holder = z.object({ holder: z.object({ personId: z.string() }).nullable() });

/** Whose token it is to be. */
async function heldBy(options: Options, terminal: Terminal) {
  const { mandate, post, operator, person } = options;
  if (operator) {
    const ids = operatorIds(nameId);
    return { person: ids.person, post: ids.post };
  }
  const what = mandate === undefined ? 'post' : 'mandate';
  const id = mandate ?? post;
  if (id === undefined) {
    const refusal = cliRefusals.WRONG_USE({
      problem: 'one of --mandate, --post and --operator is needed',
      zhProblem: '须指定 --mandate、--post 或 --operator 之一',
      command: 'token ',
    });
    throw failure(refusal, exitCodes.wrongUse);
  }
  const found = person ?? (await personOf(what, id, options, terminal));
  return what === 'mandate' ? { person: found, mandate: id } : { person: found, post: id };
}

/** Who holds what is public, so no token is sent. */
async function personOf(what: 'mandate' | 'post', id: string, options: Options, terminal: Terminal): Promise<string> {
  const connection = { ...connectionOf(options, terminal), token: undefined };
  const query = what === 'mandate' ? documents.holderOfMandate : documents.holderOfPost;
  const found = await ask(connection, query, { id }, holder);
  if (found.holder) return found.holder.personId;
  throw failure(cliRefusals.UNKNOWN_HOLDER({ what, id, zhWhat: what === 'mandate' ? '代表职务' : '岗位' }));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
