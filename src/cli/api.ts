import { z } from 'zod';
import type { Detail, Told } from './failure.js';
import { cliRefusals, exitCodes, Failure, failure, reasonOf } from './failure.js';
import { timeOf } from './time.js';

/** `url`: of the server, without a path. */
export type Connection = { readonly url: string; readonly token: string | undefined };

const bilingual = z.object({ en: z.string(), zh: z.string() });
/** With REVISION_CONFLICT: an event since. */
const change = z.object({ revision: z.number(), at: z.string(), label: bilingual });
const graphqlError = z.object({
  message: z.string(),
  extensions: z
    .object({ code: z.string(), en: z.string(), zh: z.string(), next: bilingual, changes: z.array(change) })
    .partial()
    .optional(),
});
const answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(graphqlError).min(1).optional(),
});

const toldOf = ({ message, extensions = {} }: z.infer<typeof graphqlError>): Told => {
  const { code = 'UNKNOWN', en = message, zh = message, next = { en: '', zh: '' }, changes = [] } = extensions;
  const details = changes.map(({ revision, at, label }): Detail => {
    return { at: `${revision}  ${timeOf(at)}`, text: [[label.en, label.zh]] };
  });
  return { code, en, zh, next, details };
};

export const headersOf = ({ token }: Connection): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** Asks the server; whatever it is, a server that cannot be reached is told with how to start it. */
export async function reach(connection: Connection, path: string, init: RequestInit = {}): Promise<Response> {
  const url = new URL(path, connection.url);
  try {
    return await fetch(url, { ...init, headers: { ...headersOf(connection), ...init.headers } });
  } catch (error) {
    const reason = reasonOf(error);
    throw failure(cliRefusals.SERVER_UNREACHABLE({ url: connection.url, reason }), exitCodes.unreachable);
  }
}

/** The errors of an answer that is not what was asked for. */
export async function failureOf(connection: Connection, response: Response): Promise<Failure> {
  const parsed = answer.safeParse(jsonOf(await response.text()));
  return parsed.success && parsed.data.errors
    ? new Failure(parsed.data.errors.map(toldOf))
    : failure(cliRefusals.NOT_A_WUJI_SERVER({ url: connection.url, status: response.status }), exitCodes.unreachable);
}

/** One GraphQL operation. `data` is what is needed of the answer; anything refused ends the command. */
export async function ask<T>(
  connection: Connection,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  data: z.ZodType<T>,
): Promise<T> {
  const response = await reach(connection, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const foreign = () =>
    failure(cliRefusals.NOT_A_WUJI_SERVER({ url: connection.url, status: response.status }), exitCodes.unreachable);
  const parsed = answer.safeParse(jsonOf(await response.text()));
  if (!parsed.success) throw foreign();
  if (parsed.data.errors) throw new Failure(parsed.data.errors.map(toldOf));
  const fitting = data.safeParse(parsed.data.data);
  if (!fitting.success) throw foreign();
  return fitting.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told by whoever finds no answer in it
  }
}
