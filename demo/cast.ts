import { isRefusal } from '../src/domain/kernel/refusal.js';
import type { Wuji } from '../src/main.js';
import type { Api } from './api.js';
import { registerFiles, terms } from './register.js';

/** Somebody in one capacity: what a token is for. */
export type Part = { readonly name: string; readonly id: string; readonly token: string };

type Listed<Row> = {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
};

/** Longer than the demo's year. */
const ttlSeconds = 365 * 24 * 3600;

/** Fills the register through the API, as the operator, and gives everybody a token. */
export async function enterRegister(wuji: Wuji, api: Api, operator: string) {
  for (const [region, term] of Object.entries(terms))
    await api.act(operator, 'registerCongress', null, { region, term, on: '2022-01-10' });
  for (const kind of ['organs', 'posts', 'deputies'] as const) {
    const content = Buffer.from(registerFiles[kind]).toString('base64');
    const query =
      'mutation ($kind: ImportKind!, $content: String!) { importRegister(kind: $kind, content: $content, commit: true) { rows { line state } } }';
    await api.ask(operator, query, { kind, content });
    await wuji.settle();
  }
}

export async function openCast(wuji: Wuji, api: Api, operator: string) {
  async function all<Row>(list: string, fields: string): Promise<Row[]> {
    const rows: Row[] = [];
    let after: string | null = null;
    for (;;) {
      const query = `query ($after: String) { ${list}(first: 100, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
      const page: Record<string, Listed<Row>> = await api.ask(operator, query, { after });
      const found = page[list];
      if (!found) throw new Error(`no list ${list}`);
      rows.push(...found.nodes);
      if (!found.pageInfo.hasNextPage) return rows;
      after = found.pageInfo.endCursor;
    }
  }
  const persons = await all<{ id: string; code: string; name: string }>('people', 'id code name');
  const organs = await all<{ id: string; code: string; name: string }>('organs', 'id code name');
  const mandates = await all<{ id: string; personId: string; region: { code: string } }>(
    'mandates',
    'id personId region { code }',
  );
  const posts = await all<{ id: string; personId: string; organId: string }>('posts', 'id personId organId');
  const found = <T>(what: string, one: T | undefined): T => {
    if (one === undefined) throw new Error(`the register has no ${what}`);
    return one;
  };
  const personOf = (code: string) =>
    found(
      code,
      persons.find((person) => person.code === code),
    );
  async function token(person: string, capacity: { mandate: string } | { post: string }): Promise<string> {
    const issued = await wuji.auth.issueToken({ person, ...capacity, ttlSeconds });
    if (isRefusal(issued)) throw new Error(issued.message[0]);
    return issued;
  }
  return {
    organ: (code: string) =>
      found(
        code,
        organs.find((organ) => organ.code === code),
      ).id,
    /** A deputy under the mandate of this congress. */
    async deputy(code: string, region: string): Promise<Part> {
      const { id: person, name } = personOf(code);
      const { id } = found(
        `${code} ${region}`,
        mandates.find((m) => m.personId === person && m.region.code === region),
      );
      return { name, id, token: await token(person, { mandate: id }) };
    },
    async official(code: string): Promise<Part> {
      const { id: person, name } = personOf(code);
      const { id } = found(
        code,
        posts.find((post) => post.personId === person),
      );
      return { name, id, token: await token(person, { post: id }) };
    },
  };
}
export type Cast = Awaited<ReturnType<typeof openCast>>;
