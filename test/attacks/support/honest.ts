import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Part } from '../../../demo/cast.js';
import { Inbox } from '../../live/support/inbox.js';
import { draft } from '../../live/support/world.js';
import type { House } from './house.js';

/** Somebody who means no harm: works over HTTP, and hears of it over a WebSocket that must stay open. */
export async function honestClient(house: House) {
  const deputy: Part = await house.cast.deputy('D-041', '150802');
  const heard = new Inbox<string>();
  const closed: unknown[] = [];
  const client = createClient({
    url: house.socketUrl,
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${deputy.token}` },
    on: { closed: (event) => void closed.push(event) },
  });
  onTestFinished(() => void client.dispose());
  client.subscribe<{ dutyFeed: { caughtUp: boolean; event: { caseId: string } | null } }>(
    { query: 'subscription { dutyFeed { caughtUp event { caseId } } }' },
    {
      next({ data }) {
        if (data?.dutyFeed.caughtUp) heard.push('live');
        if (data?.dutyFeed.event) heard.push(data.dutyFeed.event.caseId);
      },
      error: (error) => heard.push(`failed: ${JSON.stringify(error)}`),
      complete: () => heard.push('failed: completed'),
    },
  );
  const hears = async (what: string) => {
    const found = await heard.first((item) => item === what || item.startsWith('failed'));
    expect(found).toBe(what);
  };
  await hears('live');

  /** Acts, hears of it, reads it. */
  async function round(): Promise<void> {
    const { caseId } = await house.api.act(deputy.token, 'draftSuggestion', null, draft, randomUUID());
    await hears(caseId);
    const query = 'query ($id: ID!) { suggestion(id: $id) { id } }';
    expect(await house.api.ask(deputy.token, query, { id: caseId })).toEqual({ suggestion: { id: caseId } });
    expect(closed).toEqual([]);
  }

  async function rounds(count: number): Promise<void> {
    for (let n = 0; n < count; n++) await round();
  }

  return {
    deputy,
    /** While what has been begun goes on, this one is served. */
    isServed: () => rounds(3),
    /** The attack, again and again, until this one has been served three times meanwhile. What each of them gave. */
    async during<T>(attack: () => Promise<T>): Promise<readonly T[]> {
      let done = false;
      const serving = rounds(3).finally(() => {
        done = true;
      });
      serving.catch(() => undefined); // told below
      const given: T[] = [];
      do given.push(await attack());
      while (!done);
      await serving;
      return given;
    },
  };
}
