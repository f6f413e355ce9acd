import type { GraphQLSchema } from 'graphql';
import { systemWho } from '../domain/kernel/actor.js';
import { wuji } from '../domain/wuji.js';

/*
 * Everything that the commands ask a server for. A server with an allow-list runs these too: they are a part of the
 * product, and whoever sends them has no more rights for it.
 */

const event = `{
  id cursor caseId category type revision action at recordedAt label { en zh } data
  actor { policy person { name } mandate { region { code name } } post { organ { name } } }
}`;
const standing = `{
  state head lagMs error
  models { name version position events lagEvents rebuild { state ratio error } }
  policies { name state position lagEvents taken refused error }
}`;
const head = '{ log size root time key publicKey signature }';

export const documents = {
  viewer: '{ viewer { kind } }',
  feed: `subscription ($after: String) {
  feed: dutyFeed(after: $after) { cursor caughtUp event ${event} }
}`,
  caseFeed: `subscription ($caseId: ID!, $after: String) {
  feed: caseChanged(caseId: $caseId, after: $after) { cursor caughtUp event ${event} }
}`,
  history: `query ($caseId: ID!, $after: String) {
  caseHistory(caseId: $caseId, after: $after, first: 50) {
    nodes ${event}
    pageInfo { hasNextPage endCursor }
  }
}`,
  importRegister: `mutation ($kind: ImportKind!, $content: String!, $commit: Boolean!, $from: Int!, $rows: Int) {
  importRegister(kind: $kind, content: $content, commit: $commit, from: $from, rows: $rows) {
    headers total counts { new changed unchanged error }
    rows { line state result cells problem { code message { en zh } next { en zh } } }
  }
}`,
  projections: `{ projections ${standing} }`,
  rebuildProjection: `mutation ($name: String!) { rebuildProjection(name: $name) ${standing} }`,
  auditProof: `query ($caseId: ID!) {
  auditProof(caseId: $caseId) {
    format case head ${head} events { revision index hash recordedAt path event redactions } types madeAt seal
  }
}`,
  treeHead: `{ treeHead ${head} }`,
  auditKeys: '{ auditKeys { publicKey since endorsement } }',
  witnessed: `{ treeHead ${head} auditKeys { publicKey since endorsement } }`,
  treeConsistency: `query ($from: Float!, $to: Float!) {
  treeConsistency(from: $from, to: $to) { from { size root } to { size root } path }
}`,
  ballotPaper: `query ($id: ID!) {
  ballot(id: $id) { question choices most }
  myBallot(id: $id) { refusal { code message { en zh } next { en zh } } }
}`,
  castBallot: `mutation ($id: ID!, $input: CastBallotInput!) {
  castBallot(id: $id, input: $input) { receipt }
}`,
  holderOfMandate: 'query ($id: ID!) { holder: mandate(id: $id) { personId } }',
  holderOfPost: 'query ($id: ID!) { holder: post(id: $id) { personId } }',
} as const;

/** What people may do; the rest is done by the system alone. */
export const actions = [...wuji.actions].filter(([, { by }]) => by.some((who) => who !== systemWho));

/** The arguments that `wuji do` knows to fill. What is not given of them is not sent. */
const filled = ['id', 'input', 'commandId', 'expectedRevision'];

/** The one document by which an action is taken. `undefined`: the API has no such mutation. */
export function actionDocument(schema: GraphQLSchema, action: string): string | undefined {
  const field = schema.getMutationType()?.getFields()[action];
  if (!field) return undefined;
  const args = field.args.filter(({ name }) => filled.includes(name));
  const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `mutation (${declared}) {
  receipt: ${action}(${passed}) { caseId revision position repeated stale events ${event} }
}`;
}

export const ownDocuments = (schema: GraphQLSchema): readonly string[] => [
  ...Object.values(documents),
  ...actions.flatMap(([name]) => actionDocument(schema, name) ?? []),
];
