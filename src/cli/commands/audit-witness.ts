import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import type { SignedHead } from '../../domain/proof/tree-head.js';
import { endorsedKey, hashText, signedHead } from '../../domain/proof/tree-head.js';
import { appendHead } from '../../infra/head-file.js';
import type { Connection } from '../api.js';
import { ask } from '../api.js';
import { auditRefusals } from '../audit/refusals.js';
import { refusalOfHead } from '../audit/witness.js';
import { documents } from '../documents.js';
import { exitCodes, failure, reasonOf } from '../failure.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

type Options = CommonOptions & { readonly file?: string; readonly to?: string };

export function addWitness(audit: Command, terminal: Terminal): void {
  talksToServer(
    audit
      .command('witness')
      .summary('见证存证树头 Witness the tree head')
      .description(
        '核对新树头与上次见证的树头一致后，追加到文件或提交给他人保管的地址；不一致则拒绝并报警。宜定时执行。\n' +
          'Take the head, check that it follows from the one witnessed last, and append it to a file or post it to where others ' +
          'keep it. One that does not follow is refused, loudly. Run it by the clock.',
      )
      .option('--file <file>', '见证文件，每行一个树头 File of heads, one a line')
      .option(
        '--to <url>',
        '见证地址：GET取最近的树头（没有则404），POST提交 Where others keep heads: GET gives the newest (404: none), POST adds one',
      ),
  )
    .addHelpText(
      'after',
      examples('wuji audit witness --file heads.jsonl', 'wuji audit witness --to https://审计机关/heads'),
    )
    .action((options: Options) => witness(options, terminal));
}

/** Somebody who keeps heads. */
type Witness = {
  readonly where: string;
  newest(): Promise<SignedHead | undefined>;
  add(head: SignedHead): Promise<void>;
};

async function witness({ file, to, ...options }: Options, terminal: Terminal): Promise<void> {
  const witnesses = [...(file === undefined ? [] : [inFile(file)]), ...(to === undefined ? [] : [at(to)])];
  if (witnesses.length === 0) throw failure(auditRefusals.WITNESS_NEEDED(), exitCodes.wrongUse);
  const connection = connectionOf(options, terminal);
  const shape = z.object({ treeHead: signedHead, auditKeys: z.array(endorsedKey) });
  const { treeHead: head, auditKeys: keys } = await ask(connection, documents.witnessed, {}, shape);
  for (const one of witnesses) {
    const last = await trying(one, () => one.newest());
    const consistency =
      last && last.size < head.size ? await consistencyOf(connection, last.size, head.size) : undefined;
    const refusal = refusalOfHead(last, { head, keys, consistency });
    if (refusal) throw failure(refusal);
    if (last && last.size === head.size && last.key === head.key) continue;
    await trying(one, () => one.add(head));
  }
  print(terminal, `${say(options.lang, ['witnessed', '已见证'])}  ${head.size}  ${head.root}`);
}

async function trying<T>({ where }: Witness, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failure(auditRefusals.WITNESS_FAILED({ where, reason: reasonOf(error) }), exitCodes.unreachable);
  }
}

const tree = z.object({ size: z.int(), root: hashText });
const consistencyShape = z.object({
  treeConsistency: z.object({ from: tree, to: tree, path: z.array(hashText).max(128) }),
});

async function consistencyOf(connection: Connection, from: number, to: number) {
  return (await ask(connection, documents.treeConsistency, { from, to }, consistencyShape)).treeConsistency;
}

/** The whole file is one log's; a line of it that cannot be read is told and not passed over. */
function inFile(path: string): Witness {
  return {
    where: path,
    async newest() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
        throw error;
      });
      const last = text.trimEnd().split('\n').at(-1);
      return last ? signedHead.parse(JSON.parse(last)) : undefined;
    },
    add: (head) => appendHead(path, head),
  };
}

function at(url: string): Witness {
  return {
    where: url,
    async newest() {
      const answer = await fetch(url);
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return signedHead.parse(await answer.json());
    },
    async add(head) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(head) });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    },
  };
}
