import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import {
  base64url,
  createLocalJWKSet,
  errors,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { Auth, TokenRequest } from '../../src/infra/auth.js';
import { authRefusals, openAuth, remembering } from '../../src/infra/auth.js';

const person = '5f0c1a52-6a2e-4c39-9d4e-0d6f4c1b2a01';
const mandate = '5f0c1a52-6a2e-4c39-9d4e-0d6f4c1b2a02';
const post = '5f0c1a52-6a2e-4c39-9d4e-0d6f4c1b2a03';
const now = '2026-03-02T01:00:00.000Z';
const seconds = Date.parse(now) / 1000;
const at = (instant: string) => ({ now: () => new Date(instant) });
const settings = { mode: 'development', issuer: 'wuji', audience: 'wuji' } as const;

const opened = (auth: Auth | object): Auth => {
  if (!('verify' in auth)) throw new Error(JSON.stringify(auth));
  return auth;
};
const issued = async (auth: Auth, request: TokenRequest): Promise<string> => {
  const token = await auth.issueToken(request);
  if (isRefusal(token)) throw new Error(token.message[0]);
  return token;
};

let dataDir: string;
let auth: Auth;
let jwk: JWK;
let privateKey: CryptoKey;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wuji-auth-'));
  auth = opened(await openAuth({ ...settings, dataDir }, at(now)));
  const stored = z.object({ kty: z.literal('OKP'), crv: z.string(), x: z.string(), d: z.string() });
  const pair = stored.parse(JSON.parse(await readFile(join(dataDir, 'keys', 'development.json'), 'utf8')));
  privateKey = await importJWK(pair, 'EdDSA');
  jwk = { kty: pair.kty, crv: pair.crv, x: pair.x };
});
afterAll(() => rm(dataDir, { recursive: true }));

const good: JWTPayload = { sub: person, mandate, iss: 'wuji', aud: 'wuji', exp: seconds + 60 };
const signed = (claims: JWTPayload, key: CryptoKey | Uint8Array = privateKey, alg = 'EdDSA', kid?: string) =>
  new SignJWT(claims).setProtectedHeader({ alg, ...(kid && { kid }) }).sign(key);
/** By what it can be revoked. */
const own = { iat: seconds, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) };
const refusedFor = (reason: string) => ({ refused: 'UNAUTHENTICATED', params: { reason } });

describe('tokens of the development key', () => {
  test('a token names a person under one mandate or one post, and when it ends', async () => {
    expect(await auth.verify(await issued(auth, { person, mandate, ttlSeconds: 3600 }))).toEqual({
      actor: { person, mandate },
      exp: seconds + 3600,
      ...own,
    });
    expect(await auth.verify(await issued(auth, { person, post, ttlSeconds: 1 }))).toEqual({
      actor: { person, post },
      exp: seconds + 1,
      ...own,
    });
  });

  test('the key is made once, and only its owner can read it', async () => {
    const file = await stat(join(dataDir, 'keys', 'development.json'));
    const folder = await stat(join(dataDir, 'keys'));
    expect([file.mode & 0o777, folder.mode & 0o777]).toEqual([0o600, 0o700]);
    const again = opened(await openAuth({ ...settings, dataDir }, at(now)));
    expect(await again.verify(await issued(auth, { person, mandate, ttlSeconds: 60 }))).toMatchObject({
      actor: { person },
    });
  });

  test('processes that start at once share one key', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'wuji-auth-'));
    const all = await Promise.all(Array.from({ length: 8 }, () => openAuth({ ...settings, dataDir: fresh }, at(now))));
    const [first, ...others] = all.map(opened);
    if (!first) throw new Error('none opened');
    const token = await issued(first, { person, mandate, ttlSeconds: 60 });
    for (const other of others) expect(await other.verify(token)).toMatchObject({ actor: { person, mandate } });
    await rm(fresh, { recursive: true });
  });

  test.each(['', '{}', 'not json', '{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}'])(
    'a damaged key file (%j) is told, not replaced',
    async (text) => {
      const damaged = await mkdtemp(join(tmpdir(), 'wuji-auth-'));
      await openAuth({ ...settings, dataDir: damaged }, at(now));
      const path = join(damaged, 'keys', 'development.json');
      await writeFile(path, text);
      expect(await openAuth({ ...settings, dataDir: damaged }, at(now))).toMatchObject({
        refused: 'DEVELOPMENT_KEY_UNREADABLE',
        params: { path },
      });
      expect(await readFile(path, 'utf8')).toBe(text);
      await rm(damaged, { recursive: true });
    },
  );

  test('production refuses to start on development keys, and says in both languages what to do', async () => {
    const refusal = await openAuth({ ...settings, mode: 'production', dataDir }, at(now));
    expect(refusal).toMatchObject({ refused: 'DEVELOPMENT_KEYS_IN_PRODUCTION' });
    if (!isRefusal(refusal)) throw new Error('started');
    expect(refusal.next[0]).toContain('WUJI_JWKS_URL');
    expect(refusal.next[1]).toMatch(/WUJI_JWKS_URL.*\p{Script=Han}/u);
  });

  test('no token is made for a bad id or a bad time', async () => {
    const bad: TokenRequest[] = [
      { person: 'zhang', mandate, ttlSeconds: 60 },
      { person, mandate: '', ttlSeconds: 60 },
      { person, mandate, ttlSeconds: 0 },
      { person, mandate, ttlSeconds: 1.5 },
      { person, mandate, ttlSeconds: 1e9 },
      Object.assign({ person, mandate, ttlSeconds: 60 }, { post }),
    ];
    for (const request of bad)
      expect(await auth.issueToken(request), JSON.stringify(request)).toMatchObject({
        refused: 'INVALID_TOKEN_REQUEST',
      });
  });
});

describe('attacks on a token (default deny)', () => {
  test('the token that every attack starts from is accepted', async () => {
    expect(await auth.verify(await signed(good))).toEqual({ actor: { person, mandate }, exp: seconds + 60 });
  });

  const unsigned = (header: object) =>
    `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(good))}.`;
  test.each(['none', 'None', 'NONE', ''])('algorithm %j', async (alg) => {
    expect(await auth.verify(unsigned({ alg }))).toMatchObject({ refused: 'UNAUTHENTICATED' });
  });

  test('HS256 with the public key as the secret, in each of its spellings', async () => {
    const publicKey = await importJWK(jwk, 'EdDSA', { extractable: true });
    if (publicKey instanceof Uint8Array) throw new Error('not a public key');
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), jwk.x ?? '']) {
      const key = new TextEncoder().encode(secret.padEnd(32, '\n'));
      expect(await auth.verify(await signed(good, key, 'HS256'))).toMatchObject(refusedFor('alg'));
    }
  });

  test('a foreign key, also when the token itself offers that key', async () => {
    const foreign = await generateKeyPair('EdDSA', { extractable: true });
    expect(await auth.verify(await signed(good, foreign.privateKey))).toMatchObject(refusedFor('signature'));
    const offered = await new SignJWT(good)
      .setProtectedHeader({ alg: 'EdDSA', jwk: await exportJWK(foreign.publicKey) })
      .sign(foreign.privateKey);
    expect(await auth.verify(offered)).toMatchObject(refusedFor('signature'));
  });

  test('a foreign key of another allowed algorithm', async () => {
    for (const alg of ['ES256', 'RS256'])
      expect(await auth.verify(await signed(good, (await generateKeyPair(alg)).privateKey, alg))).toMatchObject(
        refusedFor('alg'),
      );
  });

  test('claims changed after signing', async () => {
    const [header, , signature] = (await signed(good)).split('.');
    const claims = base64url.encode(JSON.stringify({ ...good, mandate: post }));
    expect(await auth.verify(`${header}.${claims}.${signature}`)).toMatchObject(refusedFor('signature'));
  });

  test('an expired token has its own code, from the very second it ends', async () => {
    expect(await auth.verify(await signed({ ...good, exp: seconds }))).toMatchObject({ refused: 'TOKEN_EXPIRED' });
    const later = opened(await openAuth({ ...settings, dataDir }, at('2026-03-02T02:00:00.000Z')));
    const token = await issued(auth, { person, mandate, ttlSeconds: 3600 });
    expect(await later.verify(token)).toMatchObject({ refused: 'TOKEN_EXPIRED' });
  });

  const { exp: _exp, ...endless } = good;
  const { sub: _sub, ...nobody } = good;
  const { mandate: _mandate, ...idle } = good;
  test.each<[string, JWTPayload, string]>([
    ['another audience', { ...good, aud: 'other' }, 'aud'],
    ['another issuer', { ...good, iss: 'other' }, 'iss'],
    ['not valid yet', { ...good, nbf: seconds + 10 }, 'nbf'],
    ['no end', endless, 'claims'],
    ['no person', nobody, 'claims'],
    ['a person that is no id', { ...good, sub: 'admin' }, 'claims'],
    ['both a mandate and a post', { ...good, post }, 'claims'],
    ['neither a mandate nor a post', idle, 'claims'],
    ['a mandate that is a list', { ...good, mandate: [mandate] }, 'claims'],
    ['a post that is null', { ...good, post: null }, 'claims'],
  ])('%s', async (_, claims, reason) => {
    expect(await auth.verify(await signed(claims))).toMatchObject(refusedFor(reason));
  });

  test.each(['', '.', '..', 'a.b.c', 'Bearer x', '无级', '\0', 'eyJhbGciOiJFZERTQSJ9.e30.', '{"alg":"EdDSA"}'])(
    'garbage %j',
    async (token) => {
      expect(await auth.verify(token)).toMatchObject({ refused: 'UNAUTHENTICATED' });
    },
  );

  test('a token of more than 8192 characters is not even read', async () => {
    expect(await auth.verify(await signed({ ...good, more: 'x'.repeat(9000) }))).toMatchObject(refusedFor('length'));
  });
});

describe('keys of an identity provider (WUJI_JWKS_URL)', () => {
  const keys = new Map<string, CryptoKey>();
  let answer: { status: number; body: string };
  let server: Server;
  let jwksUrl: string;
  beforeAll(async () => {
    const jwks: JWK[] = [];
    for (const alg of ['EdDSA', 'ES256', 'RS256']) {
      const pair = await generateKeyPair(alg, { extractable: true });
      keys.set(alg, pair.privateKey);
      jwks.push({ ...(await exportJWK(pair.publicKey)), alg, kid: alg });
    }
    answer = { status: 200, body: JSON.stringify({ keys: jwks }) };
    server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = z.object({ port: z.number() }).parse(server.address());
    jwksUrl = `http://127.0.0.1:${address.port}/jwks.json`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const provider = async () => opened(await openAuth({ ...settings, mode: 'production', dataDir, jwksUrl }, at(now)));

  test.each(['EdDSA', 'ES256', 'RS256'])('%s tokens of the provider are accepted, also in production', async (alg) => {
    const token = await signed(good, keys.get(alg), alg, alg);
    expect(await (await provider()).verify(token)).toMatchObject({ actor: { person, mandate } });
  });

  test('the development key is not accepted beside the provider, and makes no tokens', async () => {
    const remote = await provider();
    expect(await remote.verify(await signed(good))).toMatchObject(refusedFor('signature'));
    expect(await remote.verify(await signed(good, privateKey, 'EdDSA', 'development'))).toMatchObject(
      refusedFor('key'),
    );
    expect(await remote.issueToken({ person, mandate, ttlSeconds: 60 })).toMatchObject({
      refused: 'TOKENS_ISSUED_ELSEWHERE',
    });
  });

  test('a key is not used under the algorithm of another', async () => {
    const token = await signed(good, keys.get('EdDSA'), 'EdDSA', 'RS256');
    expect(await (await provider()).verify(token)).toMatchObject(refusedFor('key'));
  });

  test('HS256 is not accepted beside the provider either', async () => {
    const token = await signed(good, new TextEncoder().encode(answer.body), 'HS256', 'RS256');
    expect(await (await provider()).verify(token)).toMatchObject(refusedFor('alg'));
  });

  test('were HS256 on the list, a second guard would stand: no set of keys, and no public key, serves it', async () => {
    const k = base64url.encode(answer.body.slice(0, 64));
    const token = await signed(good, base64url.decode(k), 'HS256', 'shared');
    const published = createLocalJWKSet({ keys: [...JSON.parse(answer.body).keys, { kty: 'oct', k, kid: 'shared' }] });
    const listed = { algorithms: ['HS256'] };
    await expect(jwtVerify(token, published, listed)).rejects.toThrow(errors.JOSENotSupported);
    const { publicKey } = await generateKeyPair('EdDSA');
    await expect(jwtVerify(token, publicKey, listed)).rejects.toThrow(TypeError);
  });

  test('a provider that fails denies with a code of its own, and its tokens are accepted when it is back', async () => {
    const remote = await provider();
    const token = await signed(good, keys.get('ES256'), 'ES256', 'ES256');
    const whole = answer;
    for (const broken of [
      { status: 500, body: '' },
      { status: 200, body: 'not json' },
      { status: 200, body: '{}' },
    ]) {
      answer = broken;
      expect(await remote.verify(token)).toMatchObject({ refused: 'AUTH_KEYS_UNAVAILABLE' });
    }
    answer = whole;
    expect(await remote.verify(token)).toMatchObject({ actor: { person, mandate } });
  });

  test('a provider that cannot be reached denies with the code AUTH_KEYS_UNAVAILABLE', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(closed.address());
    await new Promise((resolve) => closed.close(resolve));
    const url = `http://127.0.0.1:${port}/jwks.json`;
    const remote = opened(await openAuth({ ...settings, dataDir, jwksUrl: url }, at(now)));
    expect(await remote.verify(await signed(good))).toMatchObject({ refused: 'AUTH_KEYS_UNAVAILABLE' });
  });
});

describe('what a token says is remembered', () => {
  /** Counts how often a token is looked at. */
  function setUp(exp = seconds + 3600) {
    let time = Date.parse(now);
    let looked = 0;
    const verify = remembering(
      async (token) => {
        looked++;
        if (token === 'bad' || time >= exp * 1000) return authRefusals.TOKEN_EXPIRED();
        return { actor: { person: token, mandate }, exp };
      },
      { now: () => new Date(time) },
    );
    const later = (ms: number) => {
      time += ms;
    };
    return { verify, looked: () => looked, later };
  }

  test('for a minute, each token by itself, and not that it was refused', async () => {
    const { verify, looked, later } = setUp();
    for (const token of ['a', 'b', 'a', 'b', 'a'])
      expect(await verify(token)).toMatchObject({ actor: { person: token } });
    expect(looked()).toBe(2);
    for (let n = 0; n < 2; n++) expect(await verify('bad')).toMatchObject({ refused: 'TOKEN_EXPIRED' });
    expect(looked()).toBe(4);
    later(60_000);
    await verify('a');
    expect(looked()).toBe(5);
    later(-1); // a clock that is set back tells nothing of what was found later
    await verify('a');
    expect(looked()).toBe(6);
  });

  test('never beyond its end', async () => {
    const { verify, later } = setUp(seconds + 2);
    expect(await verify('a')).toMatchObject({ actor: { person: 'a' } });
    later(1_999);
    expect(await verify('a')).toMatchObject({ actor: { person: 'a' } });
    later(1);
    expect(await verify('a')).toMatchObject({ refused: 'TOKEN_EXPIRED' });
  });

  test('of some thousands, and of none that is very long', async () => {
    const { verify, looked } = setUp();
    const long = 'x'.repeat(3_000);
    await verify(long);
    await verify(long);
    expect(looked()).toBe(2);
    await verify('first');
    for (let n = 0; n < 5_000; n++) await verify(`token ${n}`);
    const before = looked();
    await verify('first');
    expect(looked()).toBe(before + 1);
  });
});
