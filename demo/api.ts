/** A small GraphQL client over HTTP: all that the demo does goes through it. */
export type Receipt = {
  readonly caseId: string;
  readonly revision: number;
  readonly position: string;
  readonly events: readonly { readonly type: string }[];
};

type Failure = { readonly message: string; readonly extensions?: { readonly code?: string; readonly zh?: string } };

export class Refused extends Error {
  constructor(
    readonly code: string,
    what: string,
    /** In Chinese and English. */
    readonly reason: string,
  ) {
    super(`${what}: ${code} ${reason}`);
    this.name = 'Refused';
  }
}

export function createApi(url: string) {
  async function ask<T>(token: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: readonly Failure[] };
    const [failure] = errors ?? [];
    if (failure || !data)
      throw new Refused(
        failure?.extensions?.code ?? 'NO_DATA',
        query.slice(0, 60),
        [failure?.extensions?.zh, failure?.message].filter(Boolean).join(' '),
      );
    return data;
  }

  /** One action. `id`: the case, for all but those that begin one. */
  async function act(
    token: string,
    action: string,
    id: string | null,
    input?: Record<string, unknown>,
    /** The same one for every try: it is done once. */
    commandId?: string,
  ): Promise<Receipt> {
    const type = `${action.charAt(0).toUpperCase()}${action.slice(1)}Input!`;
    const args = [
      ['id', 'ID!', id !== null],
      ['input', type, input !== undefined],
      ['commandId', 'ID', commandId !== undefined],
    ].filter(([, , isGiven]) => isGiven);
    const declared = args.map(([name, of]) => `$${name}: ${of}`).join(', ');
    const given = args.map(([name]) => `${name}: $${name}`).join(', ');
    const query = `mutation ${action}${declared && `(${declared})`} {
      ${action}${given && `(${given})`} { caseId revision position events { type } }
    }`;
    const data = await ask<Record<string, Receipt>>(token, query, { id, input, commandId });
    const receipt = data[action];
    if (!receipt) throw new Error(`${action}: no receipt`);
    return receipt;
  }

  return { ask, act };
}
export type Api = ReturnType<typeof createApi>;
