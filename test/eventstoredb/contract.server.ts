import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, test } from 'vitest';
import { openEventStoreDB } from '../../src/infra/event-store/eventstoredb/index.js';
import { all, eventStoreContract, sample } from '../contract/event-store.contract.js';

/** It never passes for want of a server: without one there is nothing to say. */
const url = process.env.EVENTSTORE_URL;
if (!url) throw new Error('EVENTSTORE_URL is not set: esdb://localhost:2113?tls=false, for instance');

eventStoreContract(
  `the server at ${url.replace(/\/\/[^@/]*@/, '//')}`,
  async () => {
    let store = await openEventStoreDB({ url });
    return {
      store,
      close: () => store.close(),
      async reopen() {
        await store.close();
        store = await openEventStoreDB({ url });
        return store;
      },
    };
  },
  { reopens: true },
);

test('events look natural in its own user interface: JSON, category from the stream’s name, correlation and causation', async () => {
  const store = await openEventStoreDB({ url });
  const stream = `suggestion-${randomUUID()}`;
  await store.append(stream, [sample('a')], 'no_stream');
  await store.close();
  const client = EventStoreDBClient.connectionString(url);
  const [found] = await all(client.readStream(stream));
  expect(found?.event).toMatchObject({
    isJson: true,
    type: 'SuggestionSubmitted',
    metadata: { $correlationId: 'case-1', $causationId: 'case-1' },
  });
  await client.dispose();
});
