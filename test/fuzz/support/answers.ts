import { expect } from 'vitest';
import { wuji } from '../../../src/domain/wuji.js';
import { apiRefusalTables } from '../../../src/graphql/api.js';
import { authRefusals } from '../../../src/infra/auth.js';
import { csvRefusals } from '../../../src/infra/csv.js';
import { trustedRefusals } from '../../../src/infra/trusted-documents.js';

/** Codes that tell of a fault of the server, which none of these tests makes. */
const faults = ['INTERNAL', 'NOT_RECORDED', 'OUTCOME_UNKNOWN', 'READS_UNAVAILABLE'];
const tables = [wuji.refusals, ...apiRefusalTables, authRefusals.table, csvRefusals.table, trustedRefusals.table];
const codes = new Set(tables.flatMap((table) => Object.keys(table)).filter((code) => !faults.includes(code)));

// biome-ignore lint/suspicious/noExplicitAny: an answer from the wire
type Wire = any;

/** Each error has a code that stands in a table, both texts and a next step, and is no fault of ours. Gives the codes. */
export function codesOf(errors: Wire, about: string): string[] {
  return (errors ?? []).map(({ extensions }: Wire) => {
    expect([...codes], about).toContain(extensions?.code);
    expect(extensions, about).toMatchObject({
      en: expect.stringMatching(/\S/),
      zh: expect.stringMatching(/\S/),
      next: { en: expect.stringMatching(/\S/), zh: expect.stringMatching(/\S/) },
    });
    return extensions.code;
  });
}

/** One request to GraphQL. `codes` is empty when it was answered. */
export async function ask(
  url: string,
  token: string,
  body: Wire,
  about = '',
): Promise<{ readonly codes: readonly string[]; readonly data: Wire }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const told = `${about}\n${text.slice(0, 2_000)}`;
  expect(response.status, told).toBeLessThan(500);
  const { data, errors } = JSON.parse(text);
  const found = codesOf(errors, told);
  if (response.status !== 200) expect(found.length, told).toBeGreaterThan(0);
  return { codes: found, data };
}

/** Nothing that was told to the server has stopped a part of it. */
export async function assertFit(url: string): Promise<void> {
  const ready: Wire = await (await fetch(`${url}/health/ready`)).json();
  expect(ready).toMatchObject({ ok: true, projector: { state: 'live' }, reactors: { retrying: [] } });
  expect(ready.scheduler.state).not.toBe('failed');
}
