import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Session } from '../session.js';
import type { Live } from './live.js';
import { holderOf } from './standing.js';
import type { Client } from './ws-client.js';
import { tokenEnded, tryLater } from './ws-client.js';

const sweepEvery = 25_000;

export type Sessions = ReturnType<typeof keepSessions>;

/** Who the clients are, and for how long: tokens, fresh ones, their end, and connections that have died in silence. */
export function keepSessions(live: Live) {
  const clients = new Set<Client>();

  /** Closes the connection when its token no longer holds. */
  function hasEnded({ session, line }: Client): boolean {
    const expired = session.expiresAt !== null && session.expiresAt <= live.now();
    if (!expired && !live.guard.isRevoked(session)) return false;
    line.close(tokenEnded, expired ? 'TOKEN_EXPIRED' : 'TOKEN_REVOKED');
    return true;
  }
  const forget = live.guard.onRevoked(() => {
    for (const client of clients) hasEnded(client);
  });

  /** `false` closes the connection: with 4403, or for the time being when this was tried too often. */
  async function signIn(client: Client, authorization: unknown): Promise<boolean> {
    const session = await live.authenticate(typeof authorization === 'string' ? authorization : undefined);
    const spent = await live.guard.take('connect', isRefusal(session) ? undefined : session, client.address);
    if (spent) client.line.close(tryLater, spent.refused);
    if (spent) return false;
    const refused = isRefusal(session) ? session.refused : await differs(client.session, session);
    if (isRefusal(session) || refused) client.line.close(tokenEnded, refused ?? '');
    else if (!seat(client, session)) return false;
    else client.session = session;
    return !refused && !hasEnded(client); // it may have been revoked while it was looked at
  }

  /** One place for each socket that its holder has open, however often it signs in. */
  function seat(client: Client, { token }: Session): boolean {
    if (!token || token.holder === client.place?.holder) return true;
    const taken = live.guard.places.take('holder', token.holder);
    if (isRefusal(taken)) {
      client.line.close(tryLater, taken.refused);
      return false;
    }
    client.place?.giveBack();
    client.place = { holder: token.holder, giveBack: taken };
    if (!clients.has(client)) taken(); // gone while it was looked at
    return true;
  }

  // One sweep for all: who has not answered the last ping is gone; whose token has run out must bring another.
  const sweep = setInterval(() => {
    for (const client of clients) {
      if (hasEnded(client)) continue;
      if (!client.heard) client.socket.terminate();
      else {
        client.heard = false;
        client.socket.ping();
      }
    }
  }, sweepEvery);

  return {
    clients,
    signIn,
    hasEnded,
    close() {
      clearInterval(sweep);
      forget();
    },
  };
}

/** A connection belongs to one capacity: what was subscribed under it must not live on by the token of another. */
async function differs(present: Session, next: Session): Promise<string | undefined> {
  const [was, is] = await Promise.all([present.viewer(), next.viewer()]);
  if (isRefusal(was) || !was.actor) return undefined;
  return isRefusal(is) || holderOf(is) !== holderOf(was) ? 'NOT_ALLOWED' : undefined;
}
