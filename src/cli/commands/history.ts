import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from '../api.js';
import { documents } from '../documents.js';
import { actorOf, detailsOf, eventShape, labelOf, type ShownEvent } from '../events.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';
import { timeOf } from '../time.js';
import { hanging } from '../width.js';

export function addHistory(program: Command, terminal: Terminal): void {
  const command = program
    .command('history')
    .summary('查看事项的办理过程 What happened in a case')
    .description(
      '按时间顺序列出事项的全部记录（北京时间）。\nAll that happened in a case, oldest first (Beijing time).',
    )
    .argument('<caseId>', '事项编号 Id of the case')
    .option('--json', '每行一个事件的JSON As JSON, one event a line');
  talksToServer(command)
    .addHelpText('after', examples('wuji history 7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10 --lang zh'))
    .action((caseId: string, options: CommonOptions & { readonly json?: true }) => history(caseId, options, terminal));
}

const page = z.object({
  caseHistory: z.object({
    nodes: z.array(eventShape),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

async function history(
  caseId: string,
  { json, ...options }: CommonOptions & { readonly json?: true },
  terminal: Terminal,
): Promise<void> {
  const connection = connectionOf(options, terminal);
  for (let after: string | null = null, more = true; more; ) {
    const read: z.infer<typeof page> = await ask(connection, documents.history, { caseId, after }, page);
    const { nodes, pageInfo } = read.caseHistory;
    for (const event of nodes) {
      if (json) print(terminal, JSON.stringify(event));
      else for (const line of entry(options.lang, event, terminal.columns)) print(terminal, line);
    }
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage && after !== null;
  }
}

function entry(language: Language, event: ShownEvent, columns: number): readonly string[] {
  const head = `${String(event.revision).padStart(4)}  ${timeOf(event.at)}  `;
  const indent = ' '.repeat(head.length);
  const by = say(language, ['by', '操作人']);
  const below = [`${by}: ${actorOf(language, event)}`, ...detailsOf(language, event)];
  return [head + labelOf(language, event), ...below.flatMap((line) => hanging(indent, line, columns))];
}
