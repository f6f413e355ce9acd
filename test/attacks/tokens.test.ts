import { randomUUID } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { base64url, exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedQuery, rawSocket, stream } from '../live/support/clients.js';
import { jtiOf } from '../live/support/nodes.js';
import { honestClient } from './support/honest.js';
import type { House } from './support/house.js';
import { openHouse } from './support/house.js';

let house: House;
let mandate: string;
let person: string;
/** What the provider would say of this deputy. */
let claims: { readonly sub: string; readonly mandate: string };
let foreign: CryptoKey;
beforeAll(async () => {
  house = await openHouse();
  mandate = (await house.cast.deputy('D-043', '150802')).id;
  person = await house.personOf(mandate);
  claims = { sub: person, mandate };
  foreign = (await generateKeyPair('EdDSA')).privateKey;
});
afterAll(() => house.close());

const now = () => house.identity.seconds();
const sign = (...asked: Parameters<House['identity']['sign']>) => house.identity.sign(...asked);
const keyOf = (alg: string) => {
  const found = house.identity.keys.find((key) => key.alg === alg);
  if (!found) throw new Error(alg);
  return found;
};
const encoded = (part: unknown) => base64url.encode(typeof part === 'string' ? part : JSON.stringify(part));
const wanted = () => ({ ...claims, iss: 'wuji', aud: 'wuji', iat: now(), exp: now() + 600 });
/** The published key, in each of its spellings, as the secret of a symmetric algorithm. */
async function confused(): Promise<readonly string[]> {
  const { jwk } = keyOf('RS256');
  const publicKey = (await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey;
  const spki = await exportSPKI(publicKey);
  const secrets = [spki, spki.trim(), JSON.stringify(jwk), jwk.n ?? ''];
  return Promise.all(
    secrets.map((secret) => sign(claims, { alg: 'HS256', kid: 'RS256', by: new TextEncoder().encode(secret) })),
  );
}

const attacks: readonly (readonly [what: string, code: string, tokens: () => Promise<readonly string[]>])[] = [
  [
    'algorithm none, in any spelling',
    'UNAUTHENTICATED',
    async () => ['none', 'None', 'nOnE', ''].map((alg) => `${encoded({ alg })}.${encoded(wanted())}.`),
  ],
  ['HS256 with a public key for its secret', 'UNAUTHENTICATED', confused],
  ['the signature of a foreign key', 'UNAUTHENTICATED', async () => [await sign(claims, { by: foreign })]],
  [
    'a foreign key that the token itself brings or points to',
    'UNAUTHENTICATED',
    async () => {
      const pair = await generateKeyPair('EdDSA', { extractable: true });
      const jwk = await exportJWK(pair.publicKey);
      const by = pair.privateKey;
      return Promise.all([
        sign(claims, { jwk, by }),
        sign(claims, { jku: 'https://evil.example/jwks', kid: 'evil', by }),
        sign(claims, { x5u: 'https://evil.example/cert', by }),
      ]);
    },
  ],
  [
    'a key id that is a path, a query, nothing known, or of another key',
    'UNAUTHENTICATED',
    async () =>
      Promise.all(
        ['../../../../dev/null', "' UNION SELECT 'x", '', '\0', '__proto__', 'ES256'].map((kid) =>
          sign(claims, { kid, by: foreign }),
        ),
      ),
  ],
  [
    'the algorithm of another key',
    'UNAUTHENTICATED',
    async () => [await sign(claims, { alg: 'ES256', kid: 'EdDSA', by: keyOf('ES256').privateKey })],
  ],
  [
    'an extension that must be understood (crit)',
    'UNAUTHENTICATED',
    async () => {
      const [, payload, signature] = (await sign(claims)).split('.');
      return [
        `${encoded({ alg: 'EdDSA', kid: 'EdDSA', crit: ['exp'], exp: 1 })}.${payload}.${signature}`,
        `${encoded({ alg: 'EdDSA', kid: 'EdDSA', crit: ['b64'], b64: false })}.${payload}.${signature}`,
        `${encoded({ alg: 'EdDSA', kid: 'EdDSA', crit: [] })}.${payload}.${signature}`,
      ];
    },
  ],
  ['one that has expired', 'TOKEN_EXPIRED', async () => [await sign({ ...claims, exp: now() - 1 })]],
  ['one that holds not yet', 'UNAUTHENTICATED', async () => [await sign({ ...claims, nbf: now() + 600 })]],
  [
    'one without an end, or with an end that is no time',
    'UNAUTHENTICATED',
    async () => {
      const { exp: _, ...endless } = wanted();
      const by = keyOf('EdDSA').privateKey;
      const { SignJWT } = await import('jose');
      return [await new SignJWT(endless).setProtectedHeader({ alg: 'EdDSA', kid: 'EdDSA' }).sign(by)];
    },
  ],
  [
    'one for another audience, of another issuer',
    'UNAUTHENTICATED',
    async () => Promise.all([sign({ ...claims, aud: 'other' }), sign({ ...claims, iss: 'https://evil.example' })]),
  ],
  [
    'claims changed after signing, halves, doubles and a megabyte',
    'UNAUTHENTICATED',
    async () => {
      const token = await sign(claims);
      const [header, , signature] = token.split('.');
      return [
        `${header}.${encoded({ ...wanted(), mandate: randomUUID() })}.${signature}`,
        `${header}.`,
        `${token}.${token}`,
      ];
    },
  ],
  [
    'ids that are none, two capacities at once, none',
    'UNAUTHENTICATED',
    async () =>
      Promise.all([
        sign({ sub: "' OR 1=1", mandate }),
        sign({ sub: person, mandate: '*' }),
        sign({ sub: person, mandate, post: randomUUID() }),
        sign({ sub: person }),
        sign({ ...claims, sub: [person] as never }),
      ]),
  ],
];

describe('forged tokens (issue 5 part 6)', () => {
  it('the token that every attack starts from is accepted', async () => {
    const answer = await house.post({ query: '{ viewer { kind } }' }, { token: await sign(claims) });
    expect([answer.status, answer.text]).toEqual([200, '{"data":{"viewer":{"kind":"deputy"}}}\n']);
    for (const { alg, privateKey } of house.identity.keys) {
      const other = await sign(claims, { alg, kid: alg, by: privateKey });
      expect((await house.post({ query: '{ viewer { kind } }' }, { token: other })).status).toBe(200);
    }
  });

  it.each(attacks)('%s: %s at every door, and others are served', async (_what, code, tokens) => {
    const honest = await honestClient(house);
    const forged = await tokens();
    await honest.during(async () => {
      for (const token of forged) {
        const http = await house.post({ query: '{ viewer { kind } }' }, { token });
        const streamed = await stream(house, { token, query: feedQuery });
        const exported = await fetch(`${house.url}/export`, { headers: { authorization: `Bearer ${token}` } });
        const socket = await rawSocket(house, { init: false });
        socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
        const closed = await socket.closed.first(() => true);
        expect([http.status, http.code]).toEqual([401, code]);
        expect([streamed.response.status, await streamed.response.text()]).toEqual([
          401,
          expect.stringContaining(code),
        ]);
        expect([exported.status, await exported.text()]).toEqual([401, expect.stringContaining(code)]);
        expect(closed).toEqual({ code: 4403, reason: code });
      }
    });
  });

  it('a person in a capacity that is another’s is nobody', async () => {
    const honest = await honestClient(house);
    const token = await sign({ sub: person, mandate: honest.deputy.id });
    const answers = await honest.during(() => house.post({ query: '{ viewer { kind } }' }, { token }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
  });
});

describe('revoked tokens (issue 5 part 6)', () => {
  it('end on their open sockets and streams at once, and at every door; others are served meanwhile', async () => {
    const honest = await honestClient(house);
    await honest.during(async () => {
      const token = await sign(claims);
      const socket = await rawSocket(house, { token });
      socket.subscribe('a', feedQuery);
      await socket.messages.first(({ id }) => id === 'a');
      const streamed = await stream(house, { token, query: feedQuery });
      await streamed.inbox.until((items) => items.length > 0);
      const revoke = 'mutation ($jti: String!) { revokeToken(jti: $jti) { __typename } }';
      await house.api.ask(house.operator, revoke, { jti: jtiOf(token) });
      expect(await socket.closed.first(() => true)).toEqual({ code: 4403, reason: 'TOKEN_REVOKED' });
      await streamed.done;
      expect(JSON.stringify(streamed.inbox.items.at(-2))).toContain('TOKEN_REVOKED');
      const again = await house.post({ query: '{ viewer { kind } }' }, { token });
      expect([again.status, again.code]).toEqual([401, 'TOKEN_REVOKED']);
    });
  });
});
