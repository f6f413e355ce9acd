import type { Command } from 'commander';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { FeedError, FeedState } from '../../../client/feed.js';
import { openFeed } from '../../../client/feed.js';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import { ask } from '../api.js';
import { documents } from '../documents.js';
import { actorOf, detailsOf, eventShape, labelOf, type ShownEvent } from '../events.js';
import { cliRefusals, Failure, failure } from '../failure.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, talksToServer } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print, tell } from '../terminal.js';
import { timeOf } from '../time.js';
import { hanging } from '../width.js';

type Options = CommonOptions & { readonly after?: string; readonly json?: true; readonly once?: true };

export function addWatch(program: Command, terminal: Terminal): void {
  const command = program
    .command('watch')
    .summary('实时查看履职动态 Follow your feed, live')
    .description(
      '实时显示与您有关的动态，或某一事项的变化。断线自动重连，不漏不重。按Ctrl-C结束，结束时显示游标。\n' +
        'Shows what concerns you as it happens, or what happens in one case. It reconnects by itself; nothing is missed or ' +
        'shown twice. Ctrl-C ends it and prints the cursor to go on from.',
    )
    .argument('[caseId]', '事项编号；不填为本人的履职动态 Id of a case. Left out: your own feed')
    .option('--after <cursor>', '从该游标之后继续，不填则从现在开始 Go on after this cursor. Left out: from now')
    .option('--once', '显示至最新后结束 End when all there is has been shown')
    .option('--json', '每行一个事件的JSON As JSON, one event a line');
  talksToServer(command)
    .addHelpText('after', examples('wuji watch', 'wuji watch 7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10 --lang zh'))
    .action((caseId: string | undefined, options: Options) => watch(caseId, options, terminal));
}

type Message = { readonly cursor: string; readonly caughtUp: boolean; readonly event: unknown };

const states: Readonly<Record<FeedState, Bilingual>> = {
  connecting: ['connecting …', '正在连接……'],
  'catching up': ['connected, catching up …', '已连接，正在追平……'],
  live: ['live', '已追平，实时显示'],
  ended: ['ended', '已结束'],
};

async function watch(caseId: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const { lang, after, json, once } = options;
  const connection = connectionOf(options, terminal);
  if (caseId === undefined && connection.token === undefined) throw failure(cliRefusals.TOKEN_NEEDED());
  // Asked first over HTTP: a feed would go on trying a wrong address for ever.
  await ask(connection, documents.viewer, {}, z.object({ viewer: z.object({ kind: z.string() }) }));

  const ended = new AbortController();
  let problem: FeedError | undefined;
  let shown: FeedState | undefined;
  let closing = false;
  const feed = openFeed<Message>({
    url: `${connection.url.replace(/^http/, 'ws')}/graphql`,
    ...(connection.token !== undefined && { token: connection.token }),
    webSocketImpl: WebSocket,
    query: caseId === undefined ? documents.feed : documents.caseFeed,
    variables: caseId === undefined ? {} : { caseId },
    after,
    onMessage({ event, caughtUp }) {
      if (event) show(eventShape.parse(event), options, terminal);
      if (caughtUp && once) ended.abort();
    },
    onState(state) {
      if (closing) return;
      if (state !== shown && state !== 'ended' && !json) tell(terminal, `· ${say(lang, states[state])}`);
      shown = state;
      if (state === 'ended') ended.abort();
    },
    onError(error) {
      problem = error;
      // What ends the feed is told once, by the end of the command.
      queueMicrotask(() => {
        if (shown === 'ended' || json) return;
        tell(
          terminal,
          hanging('· ', `${error.code} ${say(lang, [error.en, error.zh])}`, terminal.errorColumns).join('\n'),
        );
      });
    },
  });
  await terminal.interrupted(ended.signal);
  closing = true;
  feed.close();
  // A cursor that was given and led nowhere is no place to go on from.
  if (feed.cursor !== undefined && !(problem && shown === 'ended' && feed.cursor === after)) {
    const again = `${terminal.program} watch ${caseId === undefined ? '' : `${caseId} `}--after ${feed.cursor}`;
    tell(terminal, `${say(lang, ['To go on from here:', '继续查看：'])} ${again}`);
  }
  if (shown === 'ended') throw endedBecause(problem);
}

function show(event: ShownEvent, { lang, json }: Options, terminal: Terminal): void {
  if (json) {
    print(terminal, JSON.stringify(event));
    return;
  }
  print(terminal, `${timeOf(event.recordedAt)}  ${labelOf(lang, event)}  ${actorOf(lang, event)}`);
  const indent = ' '.repeat(18);
  for (const detail of detailsOf(lang, event))
    for (const line of hanging(indent, detail, terminal.columns)) print(terminal, line);
  print(terminal, `${indent}${event.category} ${event.caseId}`);
}

const notSeen: Bilingual = [
  'Check the id. A case shows only to those who take part: act with the token of one (--token, WUJI_TOKEN), or leave ' +
    'the id out to follow your own feed.',
  '请核对编号。事项仅参与者可见：请使用参与者的令牌（--token 或 WUJI_TOKEN）；或不填编号，查看本人的履职动态。',
];

function endedBecause(problem: FeedError | undefined): Failure {
  const ended = failure(cliRefusals.FEED_ENDED());
  const [told] = ended.told;
  if (!problem || !told) return ended;
  const [en, zh] = notSeen;
  const next = problem.code === 'NOT_FOUND' ? { en, zh } : (problem.next ?? told.next);
  return new Failure([{ ...problem, next }]);
}
