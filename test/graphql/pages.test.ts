import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { official } from '../support/spec.js';
import type { Api } from './support/api.js';
import { openApi, regions, registrar } from './support/api.js';
import { newMandate, newPerson } from './support/people.js';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(async () => api.close());

describe('pages', () => {
  test('a list goes on where it stopped, newest first, each once; history in its order', async () => {
    const person = await newPerson(api, '辛');
    const id = await newMandate(api, person);
    const organs = await Promise.all(
      ['一', '二', '三', '四', '五'].map((name) =>
        api.data(
          `mutation($input: RegisterOrganInput!) { registerOrgan(input: $input) { caseId } }`,
          { input: { code: `O-${name}`, name, kind: 'ORG', region: regions.wuyuan } },
          registrar,
        ),
      ),
    );
    const query = `query($after: String) { organs(filter: {region: ["${regions.wuyuan}"], kind: [ORG, GOVO]}, first: 2, after: $after) { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } }`;
    const found: string[] = [];
    const began: unknown[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page: {
        nodes: { id: string }[];
        edges: { cursor: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string; hasPreviousPage: boolean; startCursor: string };
      } = (await api.data(query, { after }, registrar)).organs;
      expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor);
      began.push(page.pageInfo.hasPreviousPage);
      found.push(...page.nodes.map((node) => node.id));
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    const expected = organs.map((one) => one.registerOrgan.caseId).sort();
    expect([...found].sort()).toEqual(expected);
    expect(began).toEqual([false, true, true]); // Relay's connections: five rows in three pages
    expect(found).toEqual([...found].sort().reverse()); // opened at one instant: the id decides

    const history = `query($id: ID!, $after: String) { caseHistory(caseId: $id, first: 1, after: $after) { nodes { type } pageInfo { hasNextPage endCursor } } }`;
    const first = (await api.data(history, { id })).caseHistory;
    expect(first).toMatchObject({ nodes: [{ type: 'MandateRegistered' }], pageInfo: { hasNextPage: true } });
    const second = (await api.data(history, { id, after: first.pageInfo.endCursor })).caseHistory;
    expect(second).toMatchObject({
      nodes: [{ type: 'MandateQualificationConfirmed' }],
      pageInfo: { hasNextPage: false },
    });
  });

  test('a case that two of the viewer’s tags show is listed once', async () => {
    const person = await newPerson(api, '壬');
    const id = await newMandate(api, person); // to the public, and as office to the region's offices
    const query = `query($p: [ID!]) { mandates(filter: {personId: $p}) { nodes { id viewerClass } } }`;
    const { mandates } = await api.data(query, { p: [person] }, official('DWC', regions.linhe));
    expect(mandates.nodes).toEqual([{ id, viewerClass: 'office' }]);
  });

  test.each(['', 'abc', 'WyJ4IiwieSJd', '\u0000', 'a'.repeat(300)])('malformed cursor %j is refused', async (after) => {
    const answer = await api.ask(`query($after: String) { organs(after: $after) { nodes { id } } }`, { after });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_CURSOR');
  });

  test.each([0, -1, 101])('a page of %d rows is refused', async (first) => {
    const answer = await api.ask(`query($first: Int!) { organs(first: $first) { nodes { id } } }`, { first });
    expect(answer.errors?.[0]?.extensions.code).toBe('PAGE_TOO_LARGE');
  });

  test('a cursor of another log, or of none, is refused in a history', async () => {
    const id = await newPerson(api, '癸');
    const at = async (after: string) =>
      (
        await api.ask(`query($id: ID!, $a: String) { caseHistory(caseId: $id, after: $a) { nodes { id } } }`, {
          id,
          a: after,
        })
      ).errors?.[0]?.extensions.code;
    expect(await at('???')).toBe('BAD_CURSOR');
    expect(await at('otherlog.0000000001')).toBe('CURSOR_EXPIRED');
  });

  test('a cursor beyond the end of the log is refused: it was never given out', async () => {
    const id = await newPerson(api, '未');
    const head = (await api.store.head()) ?? '';
    const at = async (position: string) => {
      const after = `${api.store.epoch}.${position}`;
      const query = 'query($id: ID!, $after: String) { caseHistory(caseId: $id, after: $after) { nodes { id } } }';
      return (await api.ask(query, { id, after })).errors?.[0]?.extensions.code;
    };
    expect(await at(`${head}z`)).toBe('BAD_CURSOR');
    expect(await at(head)).toBeUndefined();
  });
});
