import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { buildSchema } from 'graphql';
import { serving } from './process.js';

/** The same integration, input and selection; the mutation answers at once, and nothing is checked, kept or told. */
const schema = buildSchema(`
  scalar Instant
  enum SuggestionStatus { DRAFT SUBMITTED }
  input DraftSuggestionInput { title: String! situation: String! analysis: String! advice: String! topic: ID issue: ID }
  type Suggestion { id: ID! revision: Int! status: SuggestionStatus! title: String! openedAt: Instant! }
  type SuggestionReceipt { caseId: ID! revision: Int! position: String! repeated: Boolean! stale: Boolean! case: Suggestion }
  type Query { version: String }
  type Mutation { draftSuggestion(input: DraftSuggestionInput!): SuggestionReceipt! }
`);
type Input = { readonly title: string };
const id = '6f1d3c1e-2a55-5f0e-9c39-0d6a0f4b1508';
const mutation = schema.getMutationType()?.getFields().draftSuggestion;
if (!mutation) throw new Error('no mutation');
mutation.resolve = (_, { input }: { input: Input }) => ({
  ...{ caseId: id, revision: 0, position: '0000000000000001', repeated: false, stale: false },
  case: { id, revision: 0, status: 'DRAFT', title: input.title, openedAt: '2026-03-02T02:00:00.000Z' },
});

const apollo = new ApolloServer({ schema, stopOnTerminationSignals: false });
await apollo.start();
const app = Fastify();
app.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(apollo) });
const url = await app.listen({ host: '127.0.0.1', port: 0 });
await serving({ url, tokens: ['nobody'] });
await apollo.stop();
await app.close();
