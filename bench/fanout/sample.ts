/** What every contender sends: eight fields of an event, in the same schema and document. */
export const schemaText = `
  type Event { id: ID! type: String! revision: Int! caseId: ID! at: String! title: String! advice: String note: String }
  type Message { cursor: String! caughtUp: Boolean! event: Event }
  type Query { events(after: Int!, first: Int!): [Event!]! }
  type Subscription { dutyFeed(after: String): Message! }
`;
export const eventFields = 'id type revision caseId at title advice note';
export const document = `subscription ($after: String) { dutyFeed(after: $after) { cursor caughtUp event { ${eventFields} } } }`;

export type Sample = {
  readonly id: string;
  readonly type: string;
  readonly revision: number;
  readonly caseId: string;
  readonly at: string;
  readonly title: string;
  /** For participants. */
  readonly advice: string;
  /** For the office. */
  readonly note: string;
};

const uuid = (n: number) => `0192f3a0-5c1e-7000-8000-${String(n).padStart(12, '0')}`;

export const sampleOf = (n: number): Sample => ({
  id: uuid(n),
  type: 'SuggestionEdited',
  revision: n,
  caseId: uuid(n % 500),
  at: '2026-02-03T01:00:00.000Z',
  title: '关于加快推进临河区老旧小区供热管网改造的建议',
  advice: '明确责任单位，分三年完成，逐年向代表报告。',
  note: '办理协商记录',
});

export const positionOf = (n: number): string => String(n).padStart(16, '0');
/** As Wuji writes it. */
export const cursorOf = (n: number): string => `bench.${positionOf(n)}`;
export const messageOf = (n: number) => ({ cursor: cursorOf(n), caughtUp: false, event: sampleOf(n) });

/** The operation ids are each client's own. */
export const operationIdOf = (client: number): string => `7f3c9a52-41d8-4b6e-9c07-${String(client).padStart(12, '0')}`;
