import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadPeer } from '../harness/peers.js';
import { serving } from './process.js';

type Drafted = { readonly type: 'SuggestionDrafted'; readonly data: Readonly<Record<string, unknown>> };
type State = { readonly status: string; readonly title: string };
/** What is used of the packages. */
type Emmett = {
  readonly getInMemoryEventStore: () => object;
  readonly CommandHandler: (options: {
    evolve: (state: State, event: Drafted) => State;
    initialState: () => State;
  }) => (
    store: object,
    id: string,
    decide: (state: State) => Drafted,
  ) => Promise<{ readonly newState: State; readonly nextExpectedStreamVersion: bigint }>;
};
type Reply = { status(code: number): Reply; json(body: unknown): void };
type Handler = (request: { readonly body: Readonly<Record<string, unknown>> }, reply: Reply) => Promise<void>;
type Express = { (): App; json(): unknown };
type App = { use(middleware: unknown): void; post(path: string, handler: Handler): void };

/** emmett over express with its store in memory: nothing is authorized, durable, projected or fed. */
const { CommandHandler, getInMemoryEventStore } = await loadPeer<Emmett>('@event-driven-io/emmett');
const { default: express } = await loadPeer<{ readonly default: Express }>('express');
const store = getInMemoryEventStore();
const handle = CommandHandler({
  evolve: (_, { data }) => ({ status: 'DRAFT', title: String(data.title) }),
  initialState: () => ({ status: 'NONE', title: '' }),
});
const app = express();
app.use(express.json());
app.post('/suggestions', async ({ body }, reply) => {
  for (const field of ['title', 'situation', 'analysis', 'advice'])
    if (typeof body[field] !== 'string') return reply.status(400).json({ problem: field });
  const id = crypto.randomUUID();
  const { newState, nextExpectedStreamVersion } = await handle(store, `suggestion-${id}`, () => ({
    type: 'SuggestionDrafted',
    data: body,
  }));
  reply.status(201).json({ id, revision: Number(nextExpectedStreamVersion), ...newState });
});
const server: Server = createServer(app as never);
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo;
  await serving({ url: `http://127.0.0.1:${port}`, tokens: ['nobody'] });
  server.closeAllConnections();
  server.close();
});
