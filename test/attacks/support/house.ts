import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../../../demo/api.js';
import { enterRegister, openCast } from '../../../demo/cast.js';
import { operatorIds } from '../../../src/domain/organization/bootstrap.js';
import { nameId } from '../../../src/infra/ids.js';
import { productionSecrets } from '../../support/production.js';
import type { ServerProcess } from '../../support/server-process.js';
import { serveProcess } from '../../support/server-process.js';
import { openIdentity } from './identity.js';

export type House = Awaited<ReturnType<typeof openHouse>>;

/** What the attacks are not about is out of their way. */
const roomy = Object.fromEntries(
  ['QUERIES', 'MUTATIONS', 'SUBSCRIPTIONS', 'CONNECTIONS'].map((budget) => [`WUJI_RATE_${budget}`, '1000000']),
);

/**
 * `wuji serve` in production, a process of its own, with the register of the demo: the keys come over https from an
 * identity provider, which makes the tokens. Everything is reached over loopback alone.
 */
export async function openHouse(env: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-attacks-'));
  const identity = await openIdentity();
  await writeFile(join(folder, 'authority.pem'), identity.cert);
  let server: ServerProcess | undefined;
  async function close(): Promise<void> {
    await server?.stop();
    await identity.close();
    await rm(folder, { recursive: true });
  }
  try {
    server = await serveProcess({
      ...{ PORT: '0', WUJI_DATA: join(folder, 'data'), WUJI_MODE: 'production', WUJI_JWKS_URL: identity.url },
      ...(await productionSecrets(join(folder, 'data'))),
      NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
      ...roomy,
      ...env,
    });
    return { ...(await furnish(server, identity)), folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function furnish(server: ServerProcess, identity: Awaited<ReturnType<typeof openIdentity>>) {
  const { url } = server;
  const ids = operatorIds(nameId);
  const issueToken = ({ person, ttlSeconds: _, ...capacity }: { person: string; ttlSeconds: number }) =>
    identity.sign({ sub: person, ...capacity });
  const auth = { issueToken, verify: () => Promise.reject(new Error('the server does that')) };
  const gauge = async (name: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const wuji = {
    ...{ url, auth, operator: ids },
    /** The read models hold all that the log does. */
    async settle() {
      while ((await gauge('wuji_projector_lag_events')) !== 0);
    },
    close: async () => {},
  };
  const operator = await issueToken({ person: ids.person, ttlSeconds: 0, ...{ post: ids.post } });
  const api = createApi(url);
  await enterRegister(wuji, api, operator);
  const cast = await openCast(wuji, api, operator);
  return {
    url,
    socketUrl: `${url.replace('http', 'ws')}/graphql`,
    port: Number(new URL(url).port),
    identity,
    operator,
    api,
    cast,
    gauge,
    output: server.output,
    settle: wuji.settle,
    /** Who may be named in a token of this capacity. */
    async personOf(mandate: string): Promise<string> {
      const query = 'query ($id: ID!) { mandate(id: $id) { personId } }';
      const found = await api.ask<{ mandate: { personId: string } }>(operator, query, { id: mandate });
      return found.mandate.personId;
    },
    /** One request; the status, and the code and text of what came back. */
    async post(
      body: unknown,
      {
        token,
        path = '/graphql',
        headers = {},
      }: { token?: string; path?: string; headers?: Record<string, string> } = {},
    ) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, code: codeIn(text) };
    },
  };
}

/** The code of the first error in an answer. */
export const codeIn = (text: string): string | undefined => /"code":"([A-Z_]+)"/.exec(text)?.[1];
