import type { Refusal } from '../domain/kernel/refusal.js';
import type { Viewer } from './context.js';

/** A verified token, or none. Whom it makes of its bearer is asked anew for each operation: mandates end, posts move. */
export type Session = {
  viewer(): Promise<Viewer | Refusal>;
  /** Milliseconds since 1970; `null`: never. */
  readonly expiresAt: number | null;
};

/** `authorization`: `Bearer …`, or absent for anybody. */
export type Authenticate = (authorization: string | undefined) => Promise<Session | Refusal>;

/** The token of an `Authorization` header; schemes are case-insensitive (RFC 9110 §11.1). `undefined`: another scheme. */
export const bearerOf = (authorization: string): string | undefined => /^Bearer +(.+)$/i.exec(authorization)?.[1];
