import { WebSocket } from 'ws';
import { type Message, openFeed } from '../client/feed.js';
import type { Api } from './api.js';
import type { Part } from './cast.js';

type Told = {
  readonly id: string;
  readonly at: string;
  readonly politeness: string;
  readonly label: { readonly zh: string; readonly en: string };
  readonly actor: { readonly person: { readonly name: string } | null; readonly policy: string | null };
};
type DutyMessage = Message & { readonly event: Told | null };

const event = 'id at politeness label { zh en } actor { person { name } policy }';
const colours = [31, 35, 34, 36, 32, 33];

/** A live feed of one level in the terminal, and the proof that it was complete. */
export async function watchLevel(api: Api, url: string, level: string, part: Part, print: (line: string) => void) {
  const received: string[] = [];
  const colour = colours[Math.abs([...level].reduce((sum, c) => sum * 7 + c.charCodeAt(0), 0)) % colours.length] ?? 37;
  const start = await api.ask<{ dutyFeed: { pageInfo: { endCursor: string | null } } }>(
    part.token,
    '{ dutyFeed(first: 100) { pageInfo { endCursor } } }',
  );
  let live: () => void = () => undefined;
  const isLive = new Promise<void>((resolve) => {
    live = resolve;
  });
  const after = start.dutyFeed.pageInfo.endCursor ?? undefined;
  const feed = openFeed<DutyMessage>({
    url: `${url.replace('http', 'ws')}/graphql`,
    token: part.token,
    webSocketImpl: WebSocket,
    after,
    query: `subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { ${event} } } }`,
    onMessage({ event: told }) {
      if (!told) return;
      received.push(told.id);
      const sign = told.politeness === 'assertive' ? '●' : '○';
      const by = told.actor.person?.name ?? `⚙ ${told.actor.policy ?? ''}`;
      print(
        `\x1b[${colour}m${level}\x1b[0m ${part.name} ${sign} ${told.label.zh} \x1b[2m${told.label.en} · ${by}\x1b[0m`,
      );
    },
    onState: (state) => state === 'live' && live(),
    onError: ({ code, zh }) => print(`${level} ${code} ${zh}`),
  });
  await isLive;

  return {
    level,
    /** What came live, and what the feed says when it is asked: they must be the same. */
    async check(): Promise<{ received: number; complete: boolean }> {
      const due: string[] = [];
      let cursor: string | undefined = after;
      for (;;) {
        const { dutyFeed }: { dutyFeed: { nodes: Told[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
          await api.ask(
            part.token,
            'query ($after: String) { dutyFeed(after: $after, first: 100) { nodes { id } pageInfo { hasNextPage endCursor } } }',
            { after: cursor ?? null },
          );
        due.push(...dutyFeed.nodes.map(({ id }) => id));
        cursor = dutyFeed.pageInfo.endCursor;
        if (!dutyFeed.pageInfo.hasNextPage) break;
      }
      return { received: received.length, complete: JSON.stringify(received) === JSON.stringify(due) };
    },
    close: () => feed.close(),
  };
}
