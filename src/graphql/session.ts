import type { Loader } from '../domain/kernel/load.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import { isRefusal } from '../domain/kernel/refusal.js';
import { resolveActor } from '../domain/organization/authority.js';
import type { Viewer } from './context.js';
import { anybody, viewerOf } from './context.js';
import type { Token } from './guard/ports.js';

/** A verified token, or none. Whom it makes of its bearer is asked anew for each operation: mandates end, posts move. */
export type Session = {
  viewer(): Promise<Viewer | Refusal>;
  /** Milliseconds since 1970; `null`: never. */
  readonly expiresAt: number | null;
  /** Absent: anybody. */
  readonly token?: Token;
};

/** What a verified token says; times in seconds since 1970. */
export type Claims = {
  readonly actor: Parameters<typeof resolveActor>[1];
  readonly exp: number;
  readonly jti?: string;
  readonly iat?: number;
};

/** As its session keeps it. */
const tokenOf = (claims: Claims): Token => ({
  holder: 'mandate' in claims.actor ? `mandate:${claims.actor.mandate}` : `post:${claims.actor.post}`,
  id: claims.jti,
  issuedAt: claims.iat === undefined ? undefined : claims.iat * 1000,
});

/** `authorization`: `Bearer …`, or absent for anybody. */
export type Authenticate = (authorization: string | undefined) => Promise<Session | Refusal>;

/** The token says who and in which capacity; the log says what that capacity is worth now. */
export const authenticateWith =
  (verify: (token: string) => Promise<Claims | Refusal>, loader: Loader): Authenticate =>
  async (authorization) => {
    if (authorization === undefined) return { expiresAt: null, viewer: async () => anybody };
    const claims = await verify(bearerOf(authorization) ?? '');
    if (isRefusal(claims)) return claims;
    return {
      expiresAt: claims.exp * 1000,
      token: tokenOf(claims),
      async viewer() {
        const actor = await resolveActor(loader, claims.actor);
        return isRefusal(actor) ? actor : viewerOf(actor);
      },
    };
  };

/** The token of an `Authorization` header; schemes are case-insensitive (RFC 9110 §11.1). `undefined`: another scheme. */
export const bearerOf = (authorization: string): string | undefined => /^Bearer +(.+)$/i.exec(authorization)?.[1];
