import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import type { Connection } from '../api.js';
import { ask } from '../api.js';
import { documents } from '../documents.js';
import { cliRefusals, type Failure, failure } from '../failure.js';
import { counted, lines, say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import { progress } from '../progress.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';

const place = { name: z.string(), position: z.string().nullable(), lagEvents: z.number() };
const rebuild = z.object({
  state: z.enum(['running', 'done', 'failed']),
  ratio: z.number(),
  error: z.string().nullable(),
});
const model = z.object({
  ...place,
  version: z.string().nullable(),
  events: z.number(),
  rebuild: rebuild.nullable(),
});
const policy = z.object({
  ...place,
  state: z.string(),
  taken: z.number(),
  refused: z.number(),
  error: z.string().nullable(),
});
const status = z.object({
  state: z.string(),
  head: z.string().nullable(),
  lagMs: z.number(),
  error: z.string().nullable(),
  models: z.array(model),
  policies: z.array(policy),
});
type Status = z.infer<typeof status>;

export function addProjections(program: Command, terminal: Terminal): void {
  const command = program
    .command('projections')
    .summary('读模型的状态与重建 Read models: how they stand, rebuild')
    .description(
      '查看或重建读模型。限平台运维。\nLook at the read models, or rebuild one. For the platform’s operator.',
    )
    .addHelpText('after', examples('wuji projections status', 'wuji projections rebuild suggestion'));
  talksToServer(command.command('status'))
    .description('各读模型与自动策略的进度。\nHow far each read model and each policy has come.')
    .option('--json', '以JSON输出 As JSON')
    .addHelpText('after', examples('wuji projections status --json'))
    .action((options: CommonOptions & { readonly json?: true }) => show(options, terminal));
  talksToServer(command.command('rebuild'))
    .description(
      '从日志起点重建读模型；重建期间读模型仍可使用。\nFold a read model anew from the whole log; it can be read meanwhile.',
    )
    .argument('<name>', '读模型名称 Name of the read model')
    .addHelpText('after', examples('wuji projections rebuild suggestion'))
    .action((name: string, options: CommonOptions) => rebuildOne(name, options, terminal));
}

const tokenFor = (options: CommonOptions, terminal: Terminal): Connection => {
  const connection = connectionOf(options, terminal);
  if (connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  return connection;
};

const statusOf = async (connection: Connection): Promise<Status> =>
  (await ask(connection, documents.projections, {}, z.object({ projections: status }))).projections;

const leastForPositions = 90;

async function show(options: CommonOptions & { readonly json?: true }, terminal: Terminal): Promise<void> {
  const now = await statusOf(tokenFor(options, terminal));
  if (options.json) return print(terminal, JSON.stringify(now, null, 2));
  const words = (en: string, zh: string) => say(options.lang, [en, zh]);
  const about = [
    [words('state', '状态'), now.state],
    [words('end of the log', '日志末尾'), now.head ?? '-'],
    [words('lag', '延迟'), `${Math.round(now.lagMs)} ms`],
    ...(now.error ? [[words('error', '错误'), now.error]] : []),
  ];
  for (const [label, value] of about) print(terminal, `${label}  ${value}`);
  const lag = { title: words('behind', '落后'), right: true };
  // On a narrow terminal each position would take a second line: `behind` says as much, and --json has them.
  const roomy = terminal.columns >= leastForPositions;
  const position = roomy ? [{ title: words('position', '位置') }] : [];
  const positionOf = (at: string | null) => (roomy ? [at ?? '-'] : []);
  const note = (any: boolean) => (any ? [{ title: words('note', '备注') }] : []);
  const models = now.models.map((each) => [
    each.name,
    each.version ?? '-',
    String(each.events),
    String(each.lagEvents),
    ...positionOf(each.position),
    rebuildText(each.rebuild),
  ]);
  const heads = [
    { title: words('read model', '读模型') },
    { title: words('version', '版本') },
    { title: words('events', '事件'), right: true },
    lag,
    ...position,
    ...note(now.models.some((each) => rebuildText(each.rebuild) !== '')),
  ];
  print(terminal, `\n${table(heads, models, terminal.columns)}`);
  if (now.policies.length === 0) return;
  const policies = now.policies.map((each) => [
    each.name,
    each.state,
    String(each.taken),
    String(each.refused),
    String(each.lagEvents),
    ...positionOf(each.position),
    each.error ?? '',
  ]);
  const policyHeads = [
    { title: words('policy', '自动策略') },
    { title: words('state', '状态') },
    { title: words('taken', '已执行'), right: true },
    { title: words('refused', '被拒'), right: true },
    lag,
    ...position,
    ...note(now.policies.some(({ error }) => error !== null)),
  ];
  print(terminal, `\n${table(policyHeads, policies, terminal.columns)}`);
}

const rebuildText = (now: z.infer<typeof rebuild> | null): string => {
  if (!now || now.state === 'done') return '';
  return now.state === 'running' ? `rebuild ${Math.round(now.ratio * 100)}%` : `rebuild failed: ${now.error}`;
};

const askAgainAfterMs = 200;

async function rebuildOne(name: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  const connection = tokenFor(options, terminal);
  const modelOf = ({ models }: Status) => models.find((each) => each.name === name);
  const begun = await ask(connection, documents.rebuildProjection, { name }, z.object({ rebuildProjection: status }));
  let now = modelOf(begun.rebuildProjection);
  const bar = progress(terminal, name, 100);
  try {
    while (now?.rebuild?.state === 'running') {
      bar.to(Math.round(now.rebuild.ratio * 100));
      await delay(askAgainAfterMs);
      now = modelOf(await statusOf(connection));
    }
    if (now?.rebuild?.state === 'done') bar.to(100);
  } finally {
    bar.end();
  }
  if (now?.rebuild?.state !== 'done') throw rebuildFailed(name, now?.rebuild?.error ?? 'the server has started anew');
  const { version, events, position } = now;
  const done: Bilingual = [
    `Read model ${name} was rebuilt: version ${version}, ${counted(events, 'event')}, up to ${position ?? '-'}.`,
    `读模型${name}已重建：版本${version}，事件${events}个，至位置${position ?? '-'}。`,
  ];
  for (const line of lines(options.lang, done)) print(terminal, line);
}

const rebuildFailed = (name: string, reason: string): Failure => failure(cliRefusals.REBUILD_FAILED({ name, reason }));
