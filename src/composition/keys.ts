import { isRefusal } from '../domain/kernel/refusal.js';
import { openAuditKey } from '../infra/audit-keys.js';
import { openAuth } from '../infra/auth.js';
import { refusalOfBallotKey } from '../infra/ballot-box/ballot-key.js';
import { openKeys } from '../infra/seals/open.js';
import type { Node } from './node.js';

/** Tokens, the signature under the log, the seals of ballots and of personal data: nothing is opened while one of them is wanting. */
export async function openOwnKeys({ settings, clock, log, closing, onProblem }: Node) {
  const unsealed = refusalOfBallotKey(settings);
  if (unsealed) return unsealed;
  const auth = await openAuth(settings, clock);
  if (isRefusal(auth)) return auth;
  const auditKey = await openAuditKey(settings, clock);
  if (isRefusal(auditKey)) return auditKey;
  const keys = await openKeys(settings, {
    ...{ closing, onProblem },
    onDevelopmentKey: (path) => log.info({ path }, 'personal data is sealed under a master key made for development'),
  });
  if (isRefusal(keys)) return keys;
  return { auth, auditKey, seals: keys.seals };
}
