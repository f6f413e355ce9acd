import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { ActorRef } from '../domain/kernel/event.js';
import { forgetOldest } from '../domain/kernel/forget-oldest.js';
import type { Clock } from '../domain/kernel/ports.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals, isRefusal } from '../domain/kernel/refusal.js';
import type { Settings } from './config.js';
import type { DevelopmentKey } from './development-key.js';
import { developmentKey } from './development-key.js';
import { randomId } from './ids.js';

export const authRefusals = defineRefusals({
  UNAUTHENTICATED: {
    message: ['The token is not accepted ({reason}).', '令牌未被接受（{reason}）。'],
    next: [
      'Sign in again and send the new token as “Authorization: Bearer …”.',
      '请重新登录，并以“Authorization: Bearer …”发送新令牌。',
    ],
  },
  TOKEN_EXPIRED: {
    message: ['The token has expired.', '令牌已过期。'],
    next: ['Sign in again; a live connection can go on with the new token.', '请重新登录；实时连接可使用新令牌继续。'],
  },
  AUTH_KEYS_UNAVAILABLE: {
    message: [
      'The keys of the identity provider cannot be read ({reason}).',
      '无法读取身份认证服务的公钥（{reason}）。',
    ],
    next: ['Try again shortly; the operator should check WUJI_JWKS_URL.', '请稍后重试；运维人员请检查WUJI_JWKS_URL。'],
  },
  DEVELOPMENT_KEYS_IN_PRODUCTION: {
    message: ['In production mode no development keys are used.', '生产模式不使用开发密钥。'],
    next: [
      'Set WUJI_JWKS_URL to the identity provider’s keys, or WUJI_MODE=development.',
      '请将WUJI_JWKS_URL设为身份认证服务的公钥地址，或设置WUJI_MODE=development。',
    ],
  },
  TOKENS_ISSUED_ELSEWHERE: {
    message: [
      'Tokens come from the identity provider named by WUJI_JWKS_URL.',
      '令牌由WUJI_JWKS_URL所指的身份认证服务签发。',
    ],
    next: [
      'Get a token there, or start without WUJI_JWKS_URL in development.',
      '请向该服务获取令牌，或在开发模式下不设置WUJI_JWKS_URL。',
    ],
  },
  INVALID_TOKEN_REQUEST: {
    message: ['No token can be made of this: {problem}', '无法据此签发令牌：{problem}'],
    next: [
      'Give the id of a person and the id of one mandate or one post.',
      '请提供人员编号，以及一个代表职务或一个岗位的编号。',
    ],
  },
});

/** A person acting under one mandate or one post. */
export type PersonActor = Extract<ActorRef, { readonly person: string }>;
/** `exp`, `iat`: seconds since 1970, when the token ends, and when it was issued. `jti`: its own id, to revoke it by. */
export type Claims = {
  readonly actor: PersonActor;
  readonly exp: number;
  readonly iat?: number;
  readonly jti?: string;
};
export type TokenRequest = PersonActor & { readonly ttlSeconds: number };

export interface Auth {
  /** Development only. */
  issueToken(request: TokenRequest): Promise<string | Refusal>;
  /** Rejects only when something broke on our side. */
  verify(token: string): Promise<Claims | Refusal>;
}

// No symmetric algorithm may ever stand here: a public key would then be a secret that everyone has.
const providerAlgorithms = ['EdDSA', 'ES256', 'RS256'];
const ownAlgorithm = 'EdDSA';
const maxTokenLength = 8192;
const maxTtlSeconds = 366 * 24 * 3600;

const claimsOf = z
  .object({
    sub: z.uuid(),
    exp: z.number(),
    iat: z.number().optional(),
    jti: z.string().min(1).optional(),
    mandate: z.uuid().optional(),
    post: z.uuid().optional(),
  })
  .transform(({ sub, exp, iat, jti, mandate, post }, context): Claims => {
    const rest = { exp, ...(iat !== undefined && { iat }), ...(jti !== undefined && { jti }) };
    if (mandate !== undefined && post === undefined) return { actor: { person: sub, mandate }, ...rest };
    if (post !== undefined && mandate === undefined) return { actor: { person: sub, post }, ...rest };
    context.addIssue('exactly one of mandate and post');
    return z.NEVER;
  });

/** Why a token is bad, in one word; `undefined` when the error is not the token's fault. */
function faultOf(error: unknown): string | undefined {
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'alg';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'key';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'format';
  if (error instanceof errors.JOSENotSupported) return 'format';
  return undefined;
}

const codeOf = (error: unknown): string => {
  const { code, name } = z.object({ code: z.string().optional(), name: z.string() }).parse(error);
  return code ?? name;
};

/** A refusal here ends the start of the process. */
export async function openAuth(
  settings: Pick<Settings, 'mode' | 'dataDir' | 'jwksUrl' | 'issuer' | 'audience'>,
  clock: Clock,
): Promise<Auth | Refusal> {
  const { mode, dataDir, jwksUrl } = settings;
  if (jwksUrl !== undefined) {
    return {
      verify: remembering(
        verifier(settings, clock, createRemoteJWKSet(new URL(jwksUrl)), providerAlgorithms, (error) =>
          authRefusals.AUTH_KEYS_UNAVAILABLE({ reason: codeOf(error) }),
        ),
        clock,
      ),
      issueToken: async () => authRefusals.TOKENS_ISSUED_ELSEWHERE(),
    };
  }
  if (mode === 'production') return authRefusals.DEVELOPMENT_KEYS_IN_PRODUCTION();
  const key = await developmentKey(dataDir);
  if (isRefusal(key)) return key;
  return {
    verify: remembering(
      verifier(
        settings,
        clock,
        () => key.publicKey,
        [ownAlgorithm],
        (error) => {
          throw error;
        },
      ),
      clock,
    ),
    issueToken: issuer(settings, clock, key),
  };
}

type Names = Pick<Settings, 'issuer' | 'audience'>;

const tokensKept = 5_000;
const longestKept = 2_048;
/** A key that the identity provider withdraws must not live on in what was verified with it. */
const keptMs = 60_000;

/**
 * What a token says, remembered for a minute and never beyond its end. Only that: whether it has been revoked and what
 * its bearer may do is asked each time, elsewhere. Tokens that are not accepted are not remembered.
 */
export function remembering(verify: Auth['verify'], clock: Clock): Auth['verify'] {
  const known = new Map<string, { readonly claims: Claims; readonly from: number; readonly until: number }>();
  return async (token) => {
    const now = clock.now().getTime();
    const present = known.get(token);
    if (present && present.from <= now && now < present.until) return present.claims;
    known.delete(token);
    const claims = await verify(token);
    if (isRefusal(claims) || token.length > longestKept) return claims;
    known.set(token, { claims, from: now, until: Math.min(now + keptMs, claims.exp * 1_000) });
    forgetOldest(known, tokensKept);
    return claims;
  };
}

const verifier =
  (
    { issuer, audience }: Names,
    clock: Clock,
    keyOf: JWTVerifyGetKey,
    algorithms: string[],
    keysFailed: (error: unknown) => Refusal,
  ): Auth['verify'] =>
  async (token) => {
    if (token.length > maxTokenLength) return authRefusals.UNAUTHENTICATED({ reason: 'length' });
    let verified: JWTPayload;
    try {
      const options = { algorithms, issuer, audience, currentDate: clock.now() };
      verified = (await jwtVerify(token, keyOf, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) return authRefusals.TOKEN_EXPIRED();
      const reason = faultOf(error);
      return reason === undefined ? keysFailed(error) : authRefusals.UNAUTHENTICATED({ reason });
    }
    const claims = claimsOf.safeParse(verified);
    return claims.success ? claims.data : authRefusals.UNAUTHENTICATED({ reason: 'claims' });
  };

const ttl = z.int().min(1).max(maxTtlSeconds);

const issuer =
  ({ issuer, audience }: Names, clock: Clock, { id, privateKey }: DevelopmentKey): Auth['issueToken'] =>
  async ({ person, ttlSeconds, ...capacity }) => {
    if (!ttl.safeParse(ttlSeconds).success)
      return authRefusals.INVALID_TOKEN_REQUEST({ problem: `ttlSeconds 1…${maxTtlSeconds}` });
    const iat = Math.floor(clock.now().getTime() / 1000);
    const claims = { ...capacity, sub: person, iat, exp: iat + ttlSeconds, jti: randomId() };
    const checked = claimsOf.safeParse(claims);
    if (!checked.success)
      return authRefusals.INVALID_TOKEN_REQUEST({ problem: checked.error.issues.map(problemOf).join(', ') });
    return new SignJWT({ ...claims, iss: issuer, aud: audience })
      .setProtectedHeader({ alg: ownAlgorithm, kid: id })
      .sign(privateKey);
  };

const problemOf = ({ path, message }: z.core.$ZodIssue): string => [...path, message].join(': ');
