import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { operatorIds } from '../../src/domain/organization/bootstrap.js';
import { openAuth } from '../../src/infra/auth.js';
import { readSettings } from '../../src/infra/config.js';
import { nameId } from '../../src/infra/ids.js';

/** Tokens as a server on this folder signs them, of a time. */
export async function signingIn(folder: string, now = new Date()) {
  const read = readSettings({ WUJI_DATA: folder });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const auth = await openAuth(read.settings, { now: () => now });
  if (isRefusal(auth)) throw new Error(auth.refused);
  const issue = async (person: string, post: string): Promise<string> => {
    const token = await auth.issueToken({ person, post, ttlSeconds: 3_600 });
    if (isRefusal(token)) throw new Error(token.refused);
    return token;
  };
  const { person, post } = operatorIds(nameId);
  return { issue, operator: await issue(person, post) };
}
