import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const document = 'subscription { dutyFeed { event { id caseId } } }';

/** One deputy looks on while the others send; the answer tells how many messages have come, and ends it. */
export function lookOn(url: string, token: string) {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  let count = 0;
  let problem: unknown;
  let wake = () => {};
  client.subscribe<{ readonly dutyFeed: { readonly event: object | null } }>(
    { query: document },
    {
      next({ data, errors }) {
        if (data?.dutyFeed)
          count += data.dutyFeed.event ? 1 : 0; // one without an event only says that it has caught up
        else problem = errors;
        wake();
      },
      error(cause) {
        problem = cause;
        wake();
      },
      complete() {},
    },
  );
  return {
    async atLeast(messages: number): Promise<void> {
      while (count < messages) {
        if (problem) throw new Error(`the feed failed: ${JSON.stringify(problem)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    count: () => count,
    close: () => client.dispose(),
  };
}
